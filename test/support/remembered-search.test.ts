import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FoundServers } from './find-servers.ts';
import { recallSearch, rememberSearch } from './remembered-search.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

const FOUND: FoundServers = { temporal: { kind: 'found', path: '/bin/temporal' }, timeSkipping: { kind: 'found', path: '/bin/server' } };
const MISSED: FoundServers = { ...FOUND, timeSkipping: { kind: 'missing', reason: 'there is no Maven' } };
const MINUTE_MS = 60_000;
const NOW = Date.parse('2026-11-23T10:00:00Z');

describe('a search for the servers of the tests', () => {
  let folder = '';
  let remove: () => void;
  beforeEach(() => {
    ({ path: folder, remove } = makeTemporaryFolder('search'));
  });
  afterEach(() => remove());

  it.each([
    ['one ms before the half hour is over', 30 * MINUTE_MS - 1, MISSED],
    ['when it is over', 30 * MINUTE_MS, null],
    ['when the clock was set back', -1, null],
  ] as const)('that missed one is believed for half an hour: %s', (_when, passedMs, expected) => {
    rememberSearch(folder, MISSED, NOW);
    expect(recallSearch(folder, NOW + passedMs)).toEqual(expected);
  });

  it('that found both leaves nothing, and takes away what one before it missed', () => {
    rememberSearch(folder, MISSED, NOW);
    rememberSearch(folder, FOUND, NOW);
    expect(recallSearch(folder, NOW)).toBeNull();
  });

  it('is made where what was kept cannot be read', () => {
    writeFileSync(join(folder, 'test-servers-missed.json'), '{"atMs":');
    expect(recallSearch(folder, NOW)).toBeNull();
  });

  it('is not made again by a test file', () => {
    const cache = join(folder, 'dealkeeper');
    const prepare = (...args: readonly string[]): string =>
      spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(process.cwd(), 'test/support/prepare.ts'), ...args], {
        encoding: 'utf8',
        env: { XDG_CACHE_HOME: folder, PATH: '', HOME: folder },
      }).stdout;
    rememberSearch(cache, { temporal: { kind: 'missing', reason: 'remembered' }, timeSkipping: MISSED.timeSkipping }, Date.now());
    expect(JSON.parse(prepare('--json'))).toMatchObject({ temporal: { reason: 'remembered' } });
  });
});
