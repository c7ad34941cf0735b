import { hubspotMapping } from '../../../mappings/hubspot/mapping.ts';
import type { Database } from '../../../store/database.ts';
import { saveCursor } from '../../../store/sync-cursor.ts';
import { createDecisionStage, later, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { silentConnection } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

let postgres: TestPostgres | undefined;
let db: Database;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ db } = await postgres.openEmpty());
  stage = createDecisionStage(db).withDependencies({
    connections: new Map([
      ['salesforce', silentConnection()],
      ['hubspot', { ...silentConnection(), mapping: hubspotMapping }],
    ]),
  });
  await db.transaction().execute(async (trx) => {
    for (const connection of ['salesforce', 'hubspot'])
      for (const objectType of ['account', 'opportunity'] as const)
        await saveCursor(trx, connection, objectType, { position: null, sweptAt: null, sweep: null, pulledAt: MONDAY });
  });
});
afterAll(() => postgres?.stop());

const notesOf = async (registrationId: string) =>
  db
    .selectFrom('task')
    .selectAll()
    .where('registration_id', '=', registrationId)
    .where('kind', '=', 'note')
    .orderBy('created_at')
    .execute();
const queuedFor = async (taskId: string): Promise<readonly string[]> =>
  (await db.selectFrom('push_queue').select('connection').where('object_type', '=', 'task').where('local_id', '=', taskId).execute()).map(
    ({ connection }) => connection,
  );

/** A claim of a customer of its own, which people decide. */
const asked = (name: string) => ({
  customer: { name, domain: `${name}.example` },
  estimatedValue: { amount: '90000.00', currency: 'USD' },
});

it('what the program decides is noted once, with why, in HubSpot alone', async () => {
  const { registrationId, externalId, state } = await stage.receiveAndEvaluate();
  expect(state.status).toBe('approved');
  // To judge it again decides nothing new.
  await stage.evaluate(registrationId, later(MONDAY, 60_000));
  const notes = await notesOf(registrationId);
  expect(notes).toMatchObject([{ title: expect.stringMatching(/^Approved: /), status: 'done', due_at: null, assignee: 'manager' }]);
  expect(notes[0]?.title).toContain(externalId);
  expect(notes[0]?.body).toContain(`Protected until ${state.protection?.until}`);
  expect(await queuedFor(notes[0]?.id ?? '')).toEqual(['hubspot']);
});

it('each decision of people is a note of its own, and who decided stands in it', async () => {
  const { registrationId } = await stage.receiveAndEvaluate(asked('contoso'));
  expect(await notesOf(registrationId)).toEqual([]);
  const decide = (decision: 'return' | 'deny', at: string) =>
    stage.command(registrationId, { kind: 'decide', decision, actor: 'manager' }, { at, comment: 'Which sites?' });
  expect(await decide('return', later(MONDAY, 1_000))).toMatchObject({ kind: 'done' });
  const [returned] = await notesOf(registrationId);
  expect([returned?.title, returned?.body]).toEqual([
    expect.stringMatching(/^Returned to the partner: /),
    `Which sites?\nBy manager, ${later(MONDAY, 1_000)}`,
  ]);
});

it('a step that decides nothing is not noted', async () => {
  const { registrationId } = await stage.receiveAndEvaluate(asked('fabrikam'));
  await stage.command(registrationId, { kind: 'withdraw', actor: 'partner' });
  expect(await notesOf(registrationId)).toEqual([]);
});
