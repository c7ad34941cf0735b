import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { AuditReport } from '../../../store/verify-audit.ts';
import { inheritedEnvironment } from '../../../workers/config.ts';
import { sealAll, tamper, writeHistory, type AuditHistory } from '../../support/audit-history.ts';
import { createDecisionStage, emptyStore, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { runCommand, type CommandRun } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

let postgres: TestPostgres;
let stage: DecisionStage;
let history: AuditHistory;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const { db, url } = await postgres.openEmpty();
  stage = createDecisionStage(db);
  environment = { DATABASE_URL: url };
});
beforeEach(async () => {
  await emptyStore(stage.db);
  history = await writeHistory(stage);
});
afterAll(() => postgres.stop());

const run = (...args: readonly string[]): Promise<CommandRun> => runCommand(['audit', ...args], environment);
const reportOf = ({ stdout }: CommandRun): AuditReport => JSON.parse(stdout) as AuditReport;

describe('audit verify', () => {
  it('says what it read, the head to note, and that all is well; the exit code is 0', async () => {
    const { exitCode, stdout, stderr } = await run('verify');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^read: {2}15 entries of 4 subjects, from 2026-11-16T15:00:00\.000000Z to/m);
    expect(stdout).toContain('sealed:  13; 2 not yet');
    expect(stdout).toContain('comments:  3 commands compared');
    expect(stdout).toMatch(/^head: {2}[0-9a-f]{64} \(number 13\)$/m);
    expect(stdout).toContain('Every entry is as it was recorded.');
    const report = reportOf(await run('verify', '--json'));
    expect(report).toMatchObject({
      entries: 15,
      subjects: 4,
      sealed: 13,
      unsealed: 2,
      comments: 3,
      noted: null,
      faults: [],
      areMoreFaults: false,
    });
  });

  it('finds a head that was noted, however much came after it', async () => {
    const noted = reportOf(await run('verify', '--json')).head?.hash ?? '';
    await sealAll(stage.db);
    const later = await run('verify', '--head', noted.toUpperCase());
    expect([later.exitCode, later.stderr]).toEqual([0, '']);
    expect(later.stdout).toContain('noted:  the head that was noted is number 13; 2 came after it');
  });

  it.each([[[]], [['--json']]])('names each fault and fails: %j', async (options) => {
    await tamper(
      stage.db,
      sql`update audit_entry set actor = 'vp' where subject = ${history.decided} and position = 4`,
      sql`delete from audit_entry where subject = ${history.amended} and position between 2 and 3`,
    );
    const { exitCode, stdout, stderr } = await run('verify', ...options, '--head', 'ab'.repeat(32));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^3 faults were found in the record\.\nRemedy: keep the database as it is/);
    if (options.length === 0) {
      expect(stdout).toMatch(new RegExp(`changed +${history.decided} +4 `));
      expect(stdout).toMatch(new RegExp(`missing +${history.amended} +2–3 `));
      expect(stdout).toMatch(/noted_head +the seals/);
      expect(stdout).not.toContain('Every entry is as it was recorded.');
    } else {
      expect(JSON.parse(stdout)).toMatchObject({
        faults: expect.arrayContaining([
          expect.objectContaining({ kind: 'changed', subject: history.decided, position: 4 }),
          expect.objectContaining({ kind: 'missing', subject: history.amended, position: 2, until: 3 }),
          expect.objectContaining({ kind: 'noted_head', subject: null, position: null }),
        ]) as unknown,
      });
    }
  });

  it('of a store in which nothing happened is well', async () => {
    await emptyStore(stage.db);
    const { exitCode, stdout } = await run('verify');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^read: {2}0 entries of 0 subjects$/m);
    expect(stdout).toContain('head:  nothing is sealed yet');
  });
});

describe('audit export', () => {
  const kindsOf = ({ stdout }: CommandRun): readonly string[] =>
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { entry: { kind: string } }).entry.kind);

  it('prints every entry as a line, or those of a subject or a time', async () => {
    const all = await run('export');
    expect([all.exitCode, all.stderr, kindsOf(all).length]).toEqual([0, '', 15]);
    expect(kindsOf(await run('export', '--subject', history.amended))).toEqual(['received', 'judged', 'asked', 'amended', 'judged']);
    expect(kindsOf(await run('export', '--since', '2026-11-16', '--until', '2026-11-16T15:00:00.001Z'))).toHaveLength(15);
    expect((await run('export', '--until', '2026-11-16')).stdout).toBe('');
    expect((await run('export', '--subject', 'registration/nobody')).stdout).toBe('');
  });

  it('ends quietly when its reader has enough', async () => {
    await sql`insert into audit_entry (subject, at, kind, actor, details)
      select 'partner/1', now(), 'changed', 'api', '{"fields":["name"]}' from generate_series(1, 20000)`.execute(stage.db);
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join('workers', 'cli', 'main.ts'), 'audit', 'export'], {
      env: { ...inheritedEnvironment(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [exitCode] = (await once(child, 'close')) as [number | null];
    expect([exitCode, complaints]).toEqual([0, '']);
  });
});
