import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runCommand, widthOf } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

describe('program diff', () => {
  const folder = makeTemporaryFolder('diff');
  const changed = join(folder.path, 'changed.yaml');
  beforeAll(() => {
    const acme = readFileSync('programs/acme.yaml', 'utf8');
    writeFileSync(changed, acme.replace("version: '2026.1'", "version: '2026.2'").replace('window: 90 days', 'window: 60 days'));
  });
  afterAll(() => folder.remove());

  it('says in words what changed between a version and a file', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['program', 'diff', 'acme@2026.1', changed]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'From acme 2026.1 to acme 2026.2: 2 changes.',
        '',
        'SECTION     WHAT CHANGES',
        'version     Version 2026.2 instead of 2026.1.',
        'protection  Protection lasts 60 days instead of 90 days.',
        '',
      ].join('\n'),
    );
  });

  it('gives the same to programs, with the values', async () => {
    const { stdout } = await runCommand(['program', 'diff', 'programs/acme.yaml', changed, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      before: { id: 'acme', version: '2026.1' },
      after: { id: 'acme', version: '2026.2' },
      changes: [
        { path: 'version', kind: 'changed', before: '2026.1', after: '2026.2' },
        { path: 'protection.window', before: { amount: 90, unit: 'days' }, after: { amount: 60, unit: 'days' } },
      ],
    });
  });

  it('compares the two published versions in lines that fit', async () => {
    const { exitCode, stdout } = await runCommand(['program', 'diff', 'gitlab@2025', 'gitlab@2026']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^From gitlab 2025 to gitlab 2026: \d+ changes\.$/m);
    expect(widthOf(stdout)).toBeLessThanOrEqual(100);
  });

  it('says that two are the same', async () => {
    const { stdout } = await runCommand(['program', 'diff', 'programs/acme.yaml', 'acme@2026.1']);
    expect(stdout).toBe('acme 2026.1 and acme 2026.1 say the same.\n');
  });

  it('names what there is where a version is unknown', async () => {
    const { exitCode, stderr } = await runCommand(['program', 'diff', 'acme@1999', 'acme@2026.1'], { DATA_DIR: folder.path });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^acme@1999 names no program\.\nRemedy: name a file such as programs\/acme\.yaml, or one of acme@2026\.1, /);
  });
});

describe('program schema', () => {
  it('prints the file that editors read', async () => {
    const { exitCode, stdout } = await runCommand(['program', 'schema']);
    expect([exitCode, stdout]).toEqual([0, readFileSync('programs/program.schema.json', 'utf8')]);
  });
});
