import { readOrders } from '../../../store/opportunity-order.ts';
import type { Database } from '../../../store/database.ts';
import { converting, linkOf, prepareMirror, underProgram } from '../../support/conversion-stage.ts';
import { startDecisionServer, type DecisionServer } from '../../support/decision-server.ts';
import { createDecisionStage, type DecisionStage } from '../../support/decision-stage.ts';
import { describeWith, findServers } from '../../support/find-servers.ts';
import { mirrorAccount, mirrorOpportunity, OPPORTUNITY } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { runCommand, type CommandRun } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

const OTHER = '006000000000002AAA';

describeWith(findServers().temporal, 'registration', (program) => {
  let postgres: TestPostgres | undefined;
  let server: DecisionServer | undefined;
  let db: Database;
  let stage: DecisionStage;
  let environment: Readonly<Record<string, string>>;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    const opened = await postgres.openEmpty();
    db = opened.db;
    server = await startDecisionServer(program);
    stage = underProgram(createDecisionStage(db), converting({}));
    await server.startWorker(stage.deps);
    environment = {
      DATABASE_URL: opened.url,
      TEMPORAL_ADDRESS: server.address,
      // Only its name is needed: no command asks the CRM.
      SALESFORCE_INSTANCE_URL: 'http://127.0.0.1:1',
      SALESFORCE_ACCESS_TOKEN: 'none',
    };
    await prepareMirror(stage);
    await mirrorAccount(db);
    for (const remote_id of [OPPORTUNITY, OTHER]) await mirrorOpportunity(db, { remote_id, owner: 'rep', account_remote_id: null });
  });
  afterAll(async () => {
    await server?.stop();
    await postgres?.stop();
  });

  const run = (...args: readonly string[]): Promise<CommandRun> => runCommand(['registration', ...args], environment);
  async function approved(): Promise<string> {
    const { registrationId, state } = await stage.receiveAndEvaluate();
    expect(state.status).toBe('approved');
    return registrationId;
  }

  it('links, moves and takes away the link in the name of a person, and prints how it stands', async () => {
    const id = await approved();
    const linked = await run('link', id, '--opportunity', OPPORTUNITY, '--actor', 'manager', '--reason', 'The rep asked for it.');
    expect([linked.exitCode, linked.stderr, linked.stdout.replaceAll(/\s+/g, ' ')]).toEqual([
      0,
      '',
      `${id}: approved, opportunity ${OPPORTUNITY} of salesforce, as its primary `,
    ]);
    const moved = await run('relink', id, '--opportunity', OTHER, '--actor', 'manager', '--primary', 'no', '--json');
    expect(JSON.parse(moved.stdout)).toMatchObject({ id, opportunity: { remoteId: OTHER, primary: false, by: 'manager' } });
    expect((await run('unlink', id, '--actor', 'manager')).stdout).toBe(`${id}:  approved, no opportunity\n`);
    expect(await linkOf(stage, id)).toBeNull();
  });

  it('has an opportunity made', async () => {
    const [id] = (await db.selectFrom('registration').select('id').execute()).map((row) => row.id);
    expect(await run('create-opportunity', id ?? '', '--actor', 'manager')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await readOrders(db, [id ?? ''])).toMatchObject([{ connection: 'salesforce', askedBy: 'manager' }]);
  });

  it('says why it is refused, with a remedy', async () => {
    const [id = ''] = (await db.selectFrom('registration').select('id').execute()).map((row) => row.id);
    const { exitCode, stdout, stderr } = await run('link', id, '--opportunity', OPPORTUNITY, '--actor', 'rep2');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/rep2 may not .*manager/s);
  });
});
