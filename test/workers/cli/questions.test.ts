import { createDecisionStage, emptyStore, later, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { runCommand, widthOf, type CommandRun } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

const DAY_MS = 86_400_000;

let postgres: TestPostgres;
let stage: DecisionStage;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const opened = await postgres.openEmpty();
  environment = { DATABASE_URL: opened.url };
  stage = createDecisionStage(opened.db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

const run = (...args: readonly string[]): Promise<CommandRun> => runCommand(['questions', 'list', ...args], environment);

describe('questions', () => {
  it('lists what a person is asked, in words and as JSON, with the deadline and in whose place', async () => {
    const { registrationId } = await stage.receiveAndEvaluate({ estimatedValue: { amount: '60000.00', currency: 'USD' } });
    await stage.command(registrationId, { kind: 'delegate', to: 'director', actor: 'manager' });
    const { exitCode, stdout, stderr } = await run('director');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(widthOf(stdout)).toBeLessThanOrEqual(100);
    expect(stdout).toBe(
      [
        `registration/${registrationId}:  due ${later(MONDAY, DAY_MS)}`,
        '  question:  registration, as partner_manager, in the place of manager',
        `  asked:  ${MONDAY} (delegated)`,
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await run('director', '--json')).stdout)).toMatchObject({
      items: [{ registrationId, number: 2, kind: 'registration', onBehalfOf: 'manager' }],
    });
    expect((await run('manager')).stdout).toBe('manager is asked nothing.\n');
  });

  it('says on which record the question of a case is seen', async () => {
    await stage.receiveAndEvaluate();
    const { registrationId, state } = await stage.receiveAndEvaluate({ customer: { domain: null } });
    const { stdout } = await run('manager');
    expect(stdout).toMatch(new RegExp(`^case/${state.caseId}: {2}due .*\\n {2}question: {2}case, as .*\\n`));
    expect(stdout).toContain(`  seen on:  registration ${registrationId}`);
  });

  it('explains itself, and what is wrong', async () => {
    expect((await run('--help')).stdout).toMatch(/<alias>.*--json/s);
    const impossible = await run('the manager');
    expect(impossible.exitCode).toBe(1);
    expect(impossible.stderr).toMatch(/alias: expected the alias of a user: 1–64 letters.*\nRemedy: /s);
  });
});
