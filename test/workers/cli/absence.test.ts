import { createDecisionStage, emptyStore, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { runCommand, widthOf, type CommandRun } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

/** Commands have the time of the machine. */
const DAY_MS = 86_400_000;
const day = (ahead: number): string => new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS + ahead * DAY_MS).toISOString();
const [FROM, UNTIL] = [day(-1), day(14)];

let postgres: TestPostgres;
let stage: DecisionStage;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const opened = await postgres.openEmpty();
  environment = { DATABASE_URL: opened.url };
  stage = createDecisionStage(opened.db, { now: () => new Date().toISOString() });
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

const run = (...args: readonly string[]): Promise<CommandRun> => runCommand(['absence', ...args], environment);
async function succeeding(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(...args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(widthOf(stdout)).toBeLessThanOrEqual(100);
  return stdout;
}
const add = (...more: readonly string[]): readonly string[] => [
  'add',
  'manager',
  '--from',
  FROM,
  '--until',
  UNTIL,
  '--actor',
  'ops',
  ...more,
];

describe('absence', () => {
  it('is entered, listed and ended, in words', async () => {
    const printed = await succeeding(
      ...add('--delegate', 'director', '--kind', 'registration', 'appeal', '--region', 'emea', '--up-to', '50000.00'),
    );
    const [id = ''] = /^\S+(?=:)/.exec(printed) ?? [];
    expect(printed.replaceAll(/\s+/g, ' ')).toBe(
      `${id}: manager is away from ${FROM} until ${UNTIL}, entered by ops instead: director for: questions of the kinds registration, appeal, in emea, up to 50000.00 `,
    );
    expect(await succeeding('list', 'manager')).toBe(printed);
    expect(await succeeding('end', 'manager', id, '--actor', 'ops')).toBe('No absence of manager is known.\n');
  });

  it('is about everything where nothing is said, and has what the person is asked looked at again; in JSON', async () => {
    const { registrationId } = await stage.receiveAndEvaluate({ estimatedValue: { amount: '60000.00', currency: 'USD' } });
    const { stdout } = await run(...add('--json'));
    const entered: unknown = JSON.parse(stdout);
    const expected = {
      alias: 'manager',
      from: FROM,
      until: UNTIL,
      delegate: null,
      scope: { kinds: [], regions: [], upTo: null },
      enteredBy: 'ops',
    };
    expect(entered).toEqual({ ...expected, id: expect.any(String) });
    expect(await stage.messages(`registration/${registrationId}`)).toContainEqual({
      kind: 'refresh_registration',
      payload: { reevaluate: false, reconsider: true },
    });
    const { id } = entered as { id: string };
    expect(JSON.parse((await run('end', 'manager', id, '--actor', 'ops', '--json')).stdout)).toEqual({ items: [] });
  });

  it('explains itself', async () => {
    const help = await succeeding('add', '--help');
    for (const option of ['<alias>', '--from', '--until', '--delegate', '--kind', '--region', '--up-to', '--actor', '--json'])
      expect(help).toContain(option);
    expect(help.replaceAll(/\s+/g, ' ')).toContain('"registration", "extension", "transfer", "appeal", "case"');
  });

  it.each([
    [
      'a day that there is not',
      ['add', 'manager', '--from', '2026-02-30', '--until', UNTIL, '--actor', 'ops'],
      /expected an instant such as 2026-01-31T12:00:00Z, or a day/,
    ],
    [
      'an unknown region',
      add('--region', 'moon'),
      /scope\.regions\[0\]: expected one of north_america, .*\nRemedy: correct what is named/s,
    ],
    ['somebody whom nobody knows', ['add', 'manger', ...add().slice(2)], /There is no user "manger"\.\nRemedy: check the id or the alias/],
  ])('says what is wrong and what to do: %s', async (_what, args, message) => {
    const { exitCode, stdout, stderr } = await run(...args);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('Remedy: ');
  });
});
