import { CrmFailure } from '../../../crm/failures.ts';
import type { SyncActivities } from '../../../activities/contract.ts';
import { savePlace } from '../../../store/place.ts';
import { queuePush } from '../../../store/push-queue.ts';
import { openSyncStage, type CrmRow, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

describe('an edit that a rep makes between our look and our write', () => {
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

  /** A worker just before whose first write the rep saves; `end` is what becomes of the worker after the CRM committed the write. */
  function coveringWorker(fields: CrmRow, end: () => void = () => undefined): SyncActivities {
    let isSaved = false;
    return stage.workerOn((port) => ({
      write: async (object, rows) => {
        if (!isSaved) await stage.rep.edit('registration', remoteId, fields);
        isSaved = true;
        const outcomes = await port.write(object, rows);
        end();
        return outcomes;
      },
    }));
  }

  const loseAnswer = (): never => {
    throw new CrmFailure('CRM_UNAVAILABLE', 'the answer was lost');
  };
  const die = (): never => {
    throw new Error('killed');
  };

  it.each([
    ['the answer of the write is lost', loseAnswer, 'the answer was lost'],
    ['the worker is killed after the write', die, 'killed'],
  ] as const)('stands when %s', async (_what, end, message) => {
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await expect(stage.push('registration', coveringWorker({ Estimated_Value__c: 47000 }, end))).rejects.toThrow(message);
    // Negative control: our write did cover it.
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({ Estimated_Value__c: 31000 });
    await stage.settle();
    expect((await stage.registration(id)).estimatedValue.amount).toBe('47000.00');
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({ Estimated_Value__c: 47000 });
    expect(await stage.decisions(id)).toEqual([{ field: 'estimatedValue', outcome: 'take', policy: 'newest' }]);
  });

  it('stands for a worker that has just begun and does not know yet that the CRM’s clock is five hours behind', async () => {
    await stage.control('clock', { advanceMs: -5 * 60 * 60_000 });
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    const fresh = await stage.connect();
    const covering = stage.workerOn(() => ({
      ...fresh,
      write: async (object, rows) => {
        await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 47000 });
        return fresh.write(object, rows);
      },
    }));
    await covering.pushBatch('salesforce', 'registration');
    expect((await stage.registration(id)).estimatedValue.amount).toBe('47000.00');
  });

  it('of a lookup stands, although both are made within one second', async () => {
    const [ours = '', theirs = ''] = await Promise.all(['Ours', 'Theirs'].map((Name) => stage.rep.create('partner', { Name })));
    const place = { registrationId: id, connection: 'salesforce', customerAccount: ours, opportunity: null };
    await stage.db.transaction().execute(async (trx) => {
      await savePlace(trx, place);
      await queuePush(trx, ['salesforce'], 'registration', [id]);
    });
    await stage.push('registration', coveringWorker({ Customer__c: theirs }));
    await stage.settle();
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({ Customer__c: theirs });
    expect(await stage.decisions(id)).toEqual([{ field: 'customerAccount', outcome: 'take', policy: 'newest' }]);
  });

  it('is no edit to take when it only is what we had read', async () => {
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 29000 });
    await stage.editRegistration(id, { estimatedValue: '31000.00' }, new Date(Date.now() + 5_000).toISOString());
    await expect(stage.push('registration', coveringWorker({ Expected_Close_Date__c: '2027-06-30' }, loseAnswer))).rejects.toThrow(
      'the answer was lost',
    );
    await stage.settle();
    expect(await stage.registration(id)).toMatchObject({ estimatedValue: { amount: '31000.00' }, expectedCloseDate: '2027-06-30' });
    expect(await stage.decisions(id)).toEqual([{ field: 'estimatedValue', outcome: 'send', policy: 'newest' }]);
  });

  it('gives way to a later edit of ours, also when the answer of the write is lost', async () => {
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await expect(stage.push('registration', coveringWorker({ Estimated_Value__c: 47000 }, loseAnswer))).rejects.toThrow(
      'the answer was lost',
    );
    await stage.editRegistration(id, { estimatedValue: '52000.00' }, new Date(Date.now() + 5_000).toISOString());
    await stage.settle();
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({ Estimated_Value__c: 52000 });
    expect(await stage.decisions(id)).toEqual([{ field: 'estimatedValue', outcome: 'send', policy: 'newest' }]);
  });

  it.each([
    ['and the answer comes', undefined],
    ['and the answer is lost', loseAnswer],
  ] as const)('of a field that we keep is written over, logged with the policy and answered once, %s', async (_what, end) => {
    await stage.setState(id, { status: 'approved' });
    await stage.push('registration', coveringWorker({ Status__c: 'denied' }, end)).catch(() => undefined);
    await stage.settle();
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({
      Status__c: 'approved',
      Sync_Note__c: expect.stringContaining('status: kept by the partner program'),
    });
    expect(await stage.decisions(id)).toEqual([{ field: 'status', outcome: 'send', policy: 'ours' }]);
    expect(await stage.differences()).toEqual([]);
  });

  it('of a lookup that we keep is logged by what it pointed to, and written over', async () => {
    const other = await stage.rep.create('partner', { Name: 'Another account' });
    const partnerId = await stage.addPartner();
    await stage.push('partner');
    await stage.db.updateTable('registration').set({ partner_id: partnerId }).where('id', '=', id).execute();
    await stage.db.transaction().execute((trx) => queuePush(trx, ['salesforce'], 'registration', [id]));
    await stage.push('registration', coveringWorker({ Partner__c: other }));
    await stage.settle();
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({ Partner__c: await stage.remoteId('partner', partnerId) });
    expect(await stage.decisions(id)).toEqual([{ field: 'partner', outcome: 'send', policy: 'ours' }]);
  });

  it('of another field that we keep, at the same time as ours, is written back by the next pull', async () => {
    await stage.setState(id, { status: 'approved' });
    await stage.push('registration', coveringWorker({ Customer_Name__c: 'Somebody else' }));
    await stage.settle();
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({ Customer_Name__c: 'Northwind Inc', Status__c: 'approved' });
    expect(await stage.decisions(id)).toEqual([{ field: 'customerName', outcome: 'send', policy: 'ours' }]);
  });

  it('is a command that is carried out when we cleared the one before, also when the answer is lost', async () => {
    await stage.rep.edit('registration', remoteId, { Requested_Decision__c: 'extend' });
    await stage.pull('registration');
    await stage.db
      .updateTable('registration_command')
      .set({ outcome: JSON.stringify({ kind: 'done' }) })
      .execute();
    await stage.control('clock', { advanceMs: 10_000 });
    await expect(
      stage.push('registration', coveringWorker({ Requested_Decision__c: 'deny', Decision_Comment__c: 'Late' }, loseAnswer)),
    ).rejects.toThrow('the answer was lost');
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({ Requested_Decision__c: null });
    await stage.cycle();
    expect((await stage.commands(id)).map(({ command }) => command)).toMatchObject([
      { kind: 'extend', actor: 'rep' },
      { kind: 'decide', decision: 'deny', actor: 'rep' },
    ]);
  });
});
