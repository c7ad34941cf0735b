import { queuePush } from '../../../store/push-queue.ts';
import { saveSyncNote } from '../../../store/registration.ts';
import { openSyncStage, WRITE, type CrmRow, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

describe('a command that is set on a record', () => {
  let stage: SyncStage;
  let id = '';
  let remoteId = '';

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(async () => {
    await stage.reset();
    [id = ''] = await stage.settledRegistrations(1);
    remoteId = await stage.remoteId('registration', id);
  });
  afterAll(() => stage.close());

  const set = (value: string, fields: CrmRow = {}, as = 'rep') =>
    stage.rep.edit('registration', remoteId, { Requested_Decision__c: value, ...fields }, as);
  const onRecord = async () => (await stage.rep.row('registration', remoteId))['Requested_Decision__c'];
  const nextSecond = () => stage.control('clock', { advanceMs: 1_000 });

  /** What the registration's workflow does with a command: the outcome, the note and the push are one transaction. */
  async function answerAll(): Promise<void> {
    await stage.db.transaction().execute(async (trx) => {
      await trx
        .updateTable('registration_command')
        .set({ outcome: JSON.stringify({ kind: 'done' }) })
        .where('outcome', 'is', null)
        .execute();
      await saveSyncNote(trx, id, `done at ${stage.deps.now()}`, stage.deps.now());
      await queuePush(trx, ['salesforce'], 'registration', [id]);
    });
  }

  it('is kept once, with who set it and the comment beside it, however often it is captured', async () => {
    await set('approve', { Decision_Comment__c: 'Known customer' }, 'manager');
    await stage.cycle();
    await stage.rep.edit('registration', remoteId, { Expected_Close_Date__c: '2027-06-30' });
    await nextSecond();
    await stage.settle();
    expect(await stage.commands(id)).toEqual([
      { command: { kind: 'decide', decision: 'approve', actor: 'manager' }, comment: 'Known customer' },
    ]);
    const messages = await stage.db.selectFrom('outbox').select('kind').where('kind', '=', 'command_registration').execute();
    expect(messages).toHaveLength(1);
  });

  it('stays until it is answered, and is cleared with the answer', async () => {
    await set('approve', { Decision_Comment__c: 'Known customer' });
    await stage.settle();
    expect(await onRecord()).toBe('approve');
    await answerAll();
    await stage.settle();
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({
      Requested_Decision__c: null,
      Decision_Comment__c: null,
      Sync_Note__c: expect.stringContaining('done at'),
    });
  });

  it('is a new one when the same value is set again later', async () => {
    await set('extend');
    await stage.settle();
    await answerAll();
    await stage.settle();
    await nextSecond();
    await set('extend');
    await stage.settle();
    expect(await stage.commands(id)).toHaveLength(2);
    expect(await onRecord()).toBe('extend');
  });

  it('is a new one also within the second of the first', async () => {
    const now = new Date(Date.now() + 60_000).toISOString();
    await stage.control('clock', { now });
    await set('extend');
    await stage.cycle();
    await answerAll();
    await stage.control('clock', { now });
    await stage.cycle();
    expect(await onRecord()).toBeNull();
    await stage.control('clock', { now });
    await set('extend');
    await stage.cycle();
    expect(await stage.commands(id)).toHaveLength(2);
    expect(await onRecord()).toBe('extend');
  });

  it('is not cleared by the answer to an older one in the same field', async () => {
    await set('approve');
    await stage.pull('registration');
    await answerAll();
    await nextSecond();
    await set('deny', { Decision_Comment__c: 'Late' });
    await stage.settle();
    expect(await onRecord()).toBe('deny');
    expect(await stage.commands(id)).toMatchObject([{ command: { decision: 'approve' } }, { command: { decision: 'deny' } }]);
    await answerAll();
    await stage.settle();
    expect(await onRecord()).toBeNull();
  });

  it('is found in the history when our clearing of the older one covered it', async () => {
    await set('approve');
    await stage.pull('registration');
    await answerAll();
    const { writes } = await stage.calls();
    await stage.faults({ ...WRITE, fault: 'delay', delayMs: 700 });
    const pushed = stage.push('registration');
    while ((await stage.calls()).writes === writes) await new Promise((resolve) => setTimeout(resolve, 10));
    await set('deny', { Decision_Comment__c: 'Second thoughts' }, 'manager');
    await pushed;
    expect(await stage.commands(id)).toMatchObject([
      { command: { decision: 'approve' } },
      { command: { decision: 'deny', actor: 'manager' }, comment: 'Second thoughts' },
    ]);
    await answerAll();
    await stage.settle();
    expect(await onRecord()).toBeNull();
    expect(await stage.commands(id)).toHaveLength(2);
  });

  it('that came with a row made in the CRM is kept once, although no history tells when', async () => {
    const { partnerId } = await stage.registration(id);
    await stage.rep.create('registration', {
      Partner__c: await stage.remoteId('partner', partnerId),
      Customer_Name__c: 'Borealis Inc',
      Product_Lines__c: 'platform',
      Estimated_Value__c: 12000,
      Estimated_Currency__c: 'USD',
      Expected_Close_Date__c: '2027-03-31',
      Requested_Decision__c: 'approve',
    });
    await stage.pull('registration');
    // Our own write gives the row a later stamp, with which it is captured again.
    await nextSecond();
    await stage.settle();
    const received = await stage.db.selectFrom('registration').select('id').where('origin', '=', 'salesforce').executeTakeFirstOrThrow();
    expect(await stage.commands(received.id)).toMatchObject([{ command: { decision: 'approve', actor: 'rep' } }]);
  });
});
