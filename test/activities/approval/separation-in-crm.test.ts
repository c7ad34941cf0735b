import { createDecisionStage } from '../../support/decision-stage.ts';
import { stepOf } from '../../support/open-step.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

let stage: SyncStage;

beforeAll(async () => {
  stage = await openSyncStage();
});
beforeEach(() => stage.reset());
afterAll(() => stage.close());

/** Entered in the CRM by this user, received and judged: its value is for people. */
async function entered(by: string): Promise<{ readonly id: string; readonly remoteId: string }> {
  const partnerId = await stage.addPartner();
  await stage.settle();
  const remoteId = await stage.rep.create(
    'registration',
    {
      Partner__c: await stage.remoteId('partner', partnerId),
      Customer_Name__c: 'Northwind Inc',
      Customer_Domain__c: 'northwind.com',
      Product_Lines__c: 'platform',
      Estimated_Value__c: 60000,
      Estimated_Currency__c: 'USD',
      Expected_Close_Date__c: '2027-03-31',
    },
    by,
  );
  await stage.settle();
  const { id } = await stage.db.selectFrom('registration').select('id').executeTakeFirstOrThrow();
  await stage.db.deleteFrom('outbox').execute();
  await decisions().evaluate(id);
  return { id, remoteId };
}

/** On the same store, with no CRM to ask for evidence. */
const decisions = () => createDecisionStage(stage.db, { now: stage.deps.now, connections: new Map() });

/** Sets the command on the record, and carries it out as the workflow of the registration does. */
async function commandOnRecord(id: string, remoteId: string, value: string, by: string): Promise<void> {
  await stage.rep.edit('registration', remoteId, { Requested_Decision__c: value }, by);
  await stage.pull('registration');
  const [sent, ...more] = await stage.db.selectFrom('registration_command').selectAll().where('registration_id', '=', id).execute();
  if (sent === undefined || more.length > 0) throw new Error(`expected one command, got ${1 + more.length}`);
  const own = createDecisionStage(stage.db, { now: stage.deps.now, connections: stage.deps.connections });
  await own.registrations.carryOutCommand(id, { commandId: sent.command_id, command: sent.command }, stage.deps.now());
  // The task of the question has a lane of its own.
  for (const _turn of ['push', 'echo']) await stage.cycle();
}

describe('a user who entered a registration in the CRM', () => {
  it('is not asked about it, and is told on the record why the own yes is not taken', async () => {
    const { id, remoteId } = await entered('manager');
    const { submittedBy, state } = await stage.registration(id);
    expect(submittedBy).toBe('manager');
    expect(stepOf(state)).toMatchObject({ approver: 'director', mayDecide: ['director', 'vp'] });

    await commandOnRecord(id, remoteId, 'approve', 'manager');
    expect((await stage.registration(id)).state.status).toBe('in_review');
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({
      Requested_Decision__c: null,
      Status__c: 'in_review',
      Sync_Note__c: expect.stringMatching(
        /^approve by Mona Gerber \(manager\) was refused: manager may not approve this registration; .*director, vp\.$/,
      ),
    });
  });

  it('is known for that also when the users are captured later', async () => {
    await stage.db.deleteFrom('crm_user').execute();
    const { id, remoteId } = await entered('manager');
    await stage.db.deleteFrom('sync_cursor').where('object_type', '=', 'user').execute();
    await stage.pull('user');
    await commandOnRecord(id, remoteId, 'approve', 'manager');
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({
      Status__c: 'in_review',
      Sync_Note__c: 'approve by Mona Gerber (manager) was refused: manager may not decide this: they entered the registration themselves.',
    });
  });

  it('who is another one keeps nobody out', async () => {
    const { id, remoteId } = await entered('rep');
    expect(stepOf((await stage.registration(id)).state)).toMatchObject({ approver: 'manager' });
    await commandOnRecord(id, remoteId, 'approve', 'manager');
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({
      Status__c: 'approved',
      Sync_Note__c: expect.stringMatching(/^Approved by Mona Gerber \(manager\) on /),
    });
  });
});
