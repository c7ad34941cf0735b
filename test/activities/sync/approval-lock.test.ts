import { deployProcess } from '../../sandbox/salesforce/rule/deployed-process.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

describe('a registration that an approval of the org keeps locked', () => {
  let stage: SyncStage;

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(async () => {
    await stage.reset();
    await deployProcess(stage.urls.crm, { entry: 'TRUE' });
    // As in an org whose integration user does not modify all records of the object.
    await stage.control('approvals', { administrators: [] });
  });
  afterAll(() => stage.close());

  const process = async (alias: string, request: object): Promise<string> => {
    const response = await fetch(`${stage.urls.crm}/services/data/v66.0/process/approvals`, {
      method: 'POST',
      headers: { authorization: `Bearer 00D000000000001!${alias}`, 'content-type': 'application/json' },
      body: JSON.stringify({ requests: [request] }),
    });
    const [result] = (await response.json()) as { newWorkitemIds: string[]; success: boolean }[];
    expect(result?.success).toBe(true);
    return result?.newWorkitemIds[0] ?? '';
  };
  const submit = (contextId: string): Promise<string> => process('rep', { actionType: 'Submit', contextId });

  it('is told at once with what to do, tried again, and written when it is unlocked; the others go on', async () => {
    const [locked = '', free = ''] = await stage.settledRegistrations(2);
    const remoteId = await stage.remoteId('registration', locked);
    const workitem = await submit(remoteId);
    // The note that the process wrote is a field of ours, which is written back as soon as that is possible.
    for (const id of [locked, free]) await stage.editRegistration(id, { estimatedValue: '31000.00' });
    expect(await stage.sync.pushBatch('salesforce', 'registration')).toMatchObject({ written: 1, refused: 1 });
    expect(await stage.issues()).toMatchObject([
      {
        localId: locked,
        remoteId,
        category: 'unavailable',
        code: 'CRM_RECORD_IN_APPROVAL',
        message: expect.stringContaining('ENTITY_IS_LOCKED'),
        remedy: expect.stringMatching(/^Have the approval in the CRM decided or recalled/),
      },
    ]);
    const [{ not_before: notBefore } = { not_before: null }] = await stage.db.selectFrom('push_queue').select('not_before').execute();
    expect(notBefore).not.toBeNull();

    await process('manager', { actionType: 'Approve', contextId: workitem });
    await stage.settle();
    expect(await stage.issues()).toEqual([]);
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({ Estimated_Value__c: 31000 });
    expect(await stage.differences()).toEqual([]);
  });

  it('loses no edit that somebody made in the org before it was locked', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    const remoteId = await stage.remoteId('registration', id);
    await stage.rep.edit('registration', remoteId, { Expected_Close_Date__c: '2027-06-30' });
    const workitem = await submit(remoteId);
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await stage.cycle();
    expect((await stage.registration(id)).expectedCloseDate).toBe('2027-06-30');
    await process('manager', { actionType: 'Reject', contextId: workitem });
    await stage.settle();
    expect(await stage.differences()).toEqual([]);
    expect((await stage.registration(id)).estimatedValue.amount).toBe('31000.00');
  });
});
