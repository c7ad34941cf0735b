import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../../store/database.ts';
import { readKeptVersions } from '../../../store/program-version.ts';
import { openProgramShelf, ProgramsRefused, type OpenShelf } from '../../../workers/compose/program-shelf.ts';
import { ACME_YAML } from '../../program/example.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const NOVEMBER = '2026-11-23T15:00:00.000Z';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(async () => postgres.stop(), 60_000);

/** Acme's definition as another version, with other passages replaced. */
function acme(version: string, effectiveFrom: string, ...changes: readonly (readonly [string, string])[]): string {
  return [
    ["version: '2026.1'", `version: '${version}'`],
    ['effectiveFrom: 2026-01-01', `effectiveFrom: ${effectiveFrom}`],
    ...changes,
  ].reduce((text, [passage = '', replacement = '']) => {
    if (!text.includes(passage)) throw new Error(`not in the text: ${passage}`);
    return text.replace(passage, replacement);
  }, ACME_YAML);
}

/** A shelf over a folder of its own, whose clock and files the test moves. */
async function stage(files: Readonly<Record<string, string>>, reused?: { readonly db: Database }) {
  const db = reused?.db ?? (await postgres.openEmpty()).db;
  const folder = makeTemporaryFolder('shelf');
  const clock = { now: NOVEMBER };
  const logged: string[] = [];
  const log = {
    error: (fields: object) => void logged.push(...(fields as { readonly problems: readonly string[] }).problems),
    info: () => undefined,
  };
  const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text);
  for (const [name, text] of Object.entries(files)) write(name, text);
  const open = (programId = 'acme'): Promise<OpenShelf> =>
    openProgramShelf({ folder: folder.path, programId, db, now: () => clock.now, log });
  const remove = (name: string) => rmSync(join(folder.path, name));
  return { db, clock, logged, write, remove, open };
}

async function refusalOf(opening: Promise<unknown>): Promise<string> {
  const error: unknown = await opening.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProgramsRefused);
  return (error as Error).message;
}

describe('openProgramShelf', () => {
  it('takes the version in force of the program that runs, and keeps it', async () => {
    const { open, db } = await stage({ 'a.yaml': ACME_YAML, 'b.yaml': ACME_YAML.replace('id: acme', 'id: other') });
    const shelf = await open();
    expect([shelf.current().id, shelf.current().version]).toEqual(['acme', '2026.1']);
    expect(shelf.byVersion('2026.1')?.id).toBe('acme');
    expect((await readKeptVersions(db)).map(({ programId, version }) => [programId, version])).toEqual([['acme', '2026.1']]);
  });

  it('refuses the start with the problems of all files at once', async () => {
    const { open } = await stage({
      'a.yaml': ACME_YAML.replace('anchor: approval', 'anchor: sunrise').replace('hitPolicy: first', 'hitPolicy: last'),
      'b.yaml': 'a: [',
      'c.yaml': acme('2026.1', '2026-07-01'),
      'd.yaml': acme('2026.1', '2026-07-01'),
    });
    const message = await refusalOf(open());
    expect(message).toMatch(/programs\/a\.yaml:\d+ P00\d protection\.anchor: "sunrise"/);
    expect(message).toMatch(/programs\/a\.yaml:\d+ P00\d routing\.hitPolicy: "last"/);
    expect(message).toMatch(/programs\/b\.yaml:1 P001 /);
    expect(message).toContain('programs/d.yaml version: 2026.1 of acme is the version of programs/c.yaml too');
  });

  it('refuses a definition that reads well and makes no sense', async () => {
    const gap = ACME_YAML.replace('{ when: {}, steps: [{ role: vp }] }', "{ when: { value: { above: '300000' } }, steps: [{ role: vp }] }");
    const { open } = await stage({ 'a.yaml': gap });
    expect(await refusalOf(open())).toMatch(/programs\/a\.yaml:\d+ L\d+ routing/);
  });

  it('says which programs there are where the one that is asked for is not among them', async () => {
    const { open } = await stage({ 'a.yaml': ACME_YAML });
    expect(await refusalOf(open('acne'))).toMatch(/PROGRAM is acne, and no definition in .* has this id; expected one of acme/);
  });

  it('does not start before any version is in force', async () => {
    const { open } = await stage({ 'a.yaml': acme('2027.1', '2027-01-01') });
    expect(await refusalOf(open())).toContain('no version of acme is in force yet');
  });
});

describe('a running shelf', () => {
  it('takes a new version, and uses it from its first instant in its own time zone', async () => {
    const { open, clock, write, db } = await stage({ 'a.yaml': ACME_YAML });
    const shelf = await open();
    write('b.yaml', acme('2027.1', '2027-01-01'));
    await shelf.refresh();
    expect(shelf.current().version).toBe('2026.1');
    expect(await readKeptVersions(db)).toHaveLength(1);
    clock.now = '2027-01-01T04:59:59.999Z';
    await shelf.refresh();
    expect(shelf.current().version).toBe('2026.1');
    // Kept before it is used for the first time.
    expect((await readKeptVersions(db)).map(({ version }) => version)).toEqual(['2026.1', '2027.1']);
    clock.now = '2027-01-01T05:00:00.000Z';
    expect(shelf.current().version).toBe('2027.1');
    expect(shelf.byVersion('2026.1')?.version).toBe('2026.1');
  });

  it('refuses a definition with any error whole, logs all its errors once, and goes on', async () => {
    const { open, write, logged } = await stage({ 'a.yaml': ACME_YAML });
    const shelf = await open();
    write('a.yaml', ACME_YAML.replace('anchor: approval', 'anchor: sunrise').replace('owner: partner_marketing', 'owner: nobody'));
    await shelf.refresh();
    await shelf.refresh();
    expect(logged).toEqual([
      expect.stringMatching(/programs\/a\.yaml:\d+ P00\d documents\[2\]\.owner: nobody/),
      expect.stringMatching(/programs\/a\.yaml:\d+ P00\d protection\.anchor: "sunrise"/),
    ]);
    expect(shelf.current().protection.anchor).toBe('approval');
  });

  it('takes the good file of two that changed, and the other one when it is mended', async () => {
    const { open, write, logged } = await stage({ 'a.yaml': ACME_YAML });
    const shelf = await open();
    write('b.yaml', acme('2026.2', '2026-06-01'));
    write('c.yaml', acme('2026.3', '2026-09-01').replace('anchor: approval', 'anchor: sunrise'));
    await shelf.refresh();
    expect(shelf.current().version).toBe('2026.2');
    expect(logged).toHaveLength(1);
    write('c.yaml', acme('2026.3', '2026-09-01'));
    await shelf.refresh();
    expect(shelf.current().version).toBe('2026.3');
    expect(logged).toHaveLength(1);
  });

  it('changes nothing while files do not go together', async () => {
    const { open, write, logged } = await stage({ 'a.yaml': ACME_YAML });
    const shelf = await open();
    write('b.yaml', acme('2026.2', '2026-01-01'));
    await shelf.refresh();
    expect(shelf.current().version).toBe('2026.1');
    expect(logged).toEqual([expect.stringContaining('programs/b.yaml effectiveFrom: 2026-01-01 is the date of version 2026.1')]);
    write('b.yaml', acme('2026.2', '2026-02-01'));
    await shelf.refresh();
    expect(shelf.current().version).toBe('2026.2');
  });

  it('keeps the version in force when its file is taken away', async () => {
    const { open, remove, logged } = await stage({ 'a.yaml': ACME_YAML });
    const shelf = await open();
    remove('a.yaml');
    await shelf.refresh();
    expect(shelf.current().version).toBe('2026.1');
    expect(logged).toEqual([expect.stringContaining('no definition in')]);
  });
});

describe('a version that was in force', () => {
  it('is refused when its file says something else, with what to do, at the start and later', async () => {
    const first = await stage({ 'a.yaml': ACME_YAML });
    const shelf = await first.open();
    const changed = ACME_YAML.replace('window: 90 days', 'window: 60 days');
    first.write('a.yaml', changed);
    await shelf.refresh();
    const refusal =
      'programs/a.yaml version: 2026.1 has been in force since 2026-11-23T15:00:00.000Z and says something else now; registrations are pinned to what it said: ' +
      'restore it, and give the change a version and an effectiveFrom of its own';
    expect(first.logged).toEqual([refusal]);
    expect(shelf.current().protection.window).toMatchObject({ amount: 90 });
    expect(await refusalOf(first.open())).toContain(refusal);
  });

  it('may be written in other words: comments, order of keys, a default that is spelled out', async () => {
    const { open, write, logged } = await stage({ 'a.yaml': ACME_YAML });
    const shelf = await open();
    const moved = ACME_YAML.replace('  anchor: approval\n', '').replace('  reminders:', '  anchor: approval # as ever\n  reminders:');
    write('a.yaml', `${moved}\nrequiredFacts: []\n`);
    await shelf.refresh();
    expect(logged).toEqual([]);
    expect((await open()).current().version).toBe('2026.1');
  });

  it('is read from the table when its file is gone', async () => {
    const first = await stage({ 'a.yaml': ACME_YAML });
    const before = (await first.open()).current();
    const second = await stage({ 'b.yaml': acme('2026.2', '2026-06-01') }, first);
    const shelf = await second.open();
    expect(shelf.current().version).toBe('2026.2');
    expect(shelf.byVersion('2026.1')).toEqual(before);
    expect(shelf.byVersion('2025.1')).toBeNull();
  });

  it('is found by a process that has no file of it as soon as another one keeps it', async () => {
    const first = await stage({ 'a.yaml': ACME_YAML });
    const shelf = await first.open();
    const second = await stage({ 'a.yaml': ACME_YAML, 'b.yaml': acme('2026.2', '2026-06-01') }, first);
    await second.open();
    expect(shelf.byVersion('2026.2')).toBeNull();
    await shelf.refresh();
    expect(shelf.byVersion('2026.2')?.version).toBe('2026.2');
  });
});
