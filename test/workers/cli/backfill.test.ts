import { createBackfillProgress } from '../../../workers/cli/backfill-progress.ts';
import type { BackfillAnswer } from '../../../api/schemas/backfill.ts';
import { changeBackfill, readBackfills } from '../../../store/backfill.ts';
import { registerConnection } from '../../../store/connection.ts';
import type { Database } from '../../../store/database.ts';
import { emptyStore } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { until } from '../../support/until.ts';
import { runCommand, widthOf } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(180_000);

const CRM = 'salesforce';

let postgres: TestPostgres;
let db: Database;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const opened = await postgres.openEmpty();
  ({ db } = opened);
  environment = { DATABASE_URL: opened.url };
});
beforeEach(async () => {
  await emptyStore(db);
  await registerConnection(db, CRM, new Date().toISOString());
});
afterAll(() => postgres.stop());

const run = (...args: readonly string[]) => runCommand(['backfill', ...args], environment);

describe('backfill', () => {
  it('asks for it and watches until everything was read, with progress on standard error', async () => {
    const watched = run('--objects', 'partner,registration');
    await until('asked for', async () => (await readBackfills(db, CRM)).length === 2);
    const startedAt = new Date().toISOString();
    for (const objectType of ['partner', 'registration'] as const) {
      const one = { connection: CRM, objectType };
      await changeBackfill(db, one, { state: 'reading', total: 40, startedAt, read: 30 });
      await changeBackfill(db, one, { state: 'done', endedAt: startedAt, read: 10 });
    }
    const { exitCode, stdout, stderr } = await watched;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringMatching(/^partners: /) });
    expect(stdout).toMatch(/^salesforce: {2}everything was read\n/);
    expect(stdout).toMatch(/\nregistration +done +40 of 40 +0\n$/);
    expect(widthOf(stdout)).toBeLessThanOrEqual(100);
  });

  it('shows as JSON how far it is, and begins none with --status', async () => {
    expect(JSON.parse((await run('--status', '--json')).stdout)).toEqual({ connection: CRM, state: 'none', objects: [] });
    const { stdout } = await run('--no-wait', '--json');
    const answer = JSON.parse(stdout) as BackfillAnswer;
    expect(answer.state).toBe('running');
    expect(answer.objects.map(({ objectType }) => objectType)).toEqual([
      'user',
      'account',
      'partner',
      'opportunity',
      'registration',
      'task',
    ]);
    expect(answer.objects[0]).toEqual({
      objectType: 'user',
      state: 'waiting',
      reason: null,
      done: 0,
      total: null,
      startedAt: null,
      endedAt: null,
      pendingOut: 0,
    });
  });

  it('says what is wrong, and what is possible', async () => {
    const unknown = await run('--connection', 'nowhere', '--no-wait');
    expect(unknown.exitCode).toBe(1);
    expect(unknown.stderr).toMatch(/There is no connection "nowhere"\.\nRemedy: /);
    const type = await run('--objects', 'partner,deal');
    expect(type.exitCode).toBe(1);
    expect(type.stderr).toMatch(/"deal" is none; expected some of user, account, partner/);
    expect((await run('--help')).stdout).toMatch(/--objects <types>[\s\S]*--status[\s\S]*--no-wait[\s\S]*--json/);
  });
});

describe('createBackfillProgress', () => {
  const reading = (done: number, changes: object = {}): BackfillAnswer => ({
    connection: CRM,
    state: 'running',
    objects: [
      {
        objectType: 'registration',
        state: 'reading',
        reason: null,
        done,
        total: 10_000,
        startedAt: null,
        endedAt: null,
        pendingOut: 0,
        ...changes,
      },
    ],
  });
  const show = (isTTY: boolean, ...shown: readonly (readonly [BackfillAnswer, number])[]): string => {
    let written = '';
    const progress = createBackfillProgress({ isTTY, write: (text: string) => (written += text) });
    for (const [answer, atMs] of shown) progress.show(answer, atMs);
    progress.close();
    return written;
  };

  it('tells rows of how many, how many a second, and the time left', () => {
    const written = show(true, [reading(0), 0], [reading(2_000), 2_000], [reading(4_000), 4_000]);
    expect(written).toContain('registrations: 4000 of 10000 read, 1000 a second, about 6.0 s left');
    expect(written.endsWith('\r\u001b[K')).toBe(true);
  });

  it('writes lines elsewhere, one each fifteen seconds or when something else changes', () => {
    const written = show(
      false,
      [reading(0), 0],
      [reading(1_000), 1_000],
      [reading(1_000, { reason: 'waits for calls: 81 of 100 used today' }), 2_000],
      [reading(16_000), 18_000],
    );
    expect(written.split('\n').filter((line) => line !== '')).toEqual([
      'registrations: 0 of 10000 read',
      'registrations: 1000 read; waits: waits for calls: 81 of 100 used today',
      expect.stringMatching(/^registrations: 16000 of 10000 read/),
    ]);
  });
});
