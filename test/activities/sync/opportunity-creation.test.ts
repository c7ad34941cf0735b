import type { SyncActivities } from '../../../activities/contract.ts';
import { SUBMITTED } from '../../../program/registration-life.ts';
import { readOrders } from '../../../store/opportunity-order.ts';
import { queuePush } from '../../../store/push-queue.ts';
import { saveState } from '../../../store/registration.ts';
import { auditOf, converting } from '../../support/conversion-stage.ts';
import { CREATE, link, LOST_ANSWER, openOpportunitySync, type OpportunitySync } from '../../support/opportunity-sync.ts';
import { openSyncStage, type CrmRow, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(120_000);

const PROGRAM = converting({ onApproval: 'link_or_create' });

describe('an opportunity that is made for an approved registration', () => {
  let stage: SyncStage;
  let sync: OpportunitySync;
  /** Sync under the program that has opportunities made. */
  let worker: SyncActivities;
  let account = '';
  let users: ReadonlyMap<string, string>;

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(async () => {
    await stage.reset();
    sync = openOpportunitySync(stage, PROGRAM);
    worker = stage.workerWith({ programs: sync.decisions.deps.programs });
    users = new Map((await stage.rep.query('SELECT Id, Alias FROM User')).map(({ Id, Alias }) => [String(Alias), String(Id)]));
    account = await stage.rep.create('Account', { Name: 'Northwind Inc', Website: 'northwind.example', BillingCountry: 'US' });
    await stage.pull('account');
    await stage.pull('opportunity');
  });
  afterAll(() => stage.close());

  /** Approved by the program; its record in the CRM is there where it was `settled` before. */
  async function approved({
    settled = true,
    ...claim
  }: { settled?: boolean } & Parameters<SyncStage['addRegistration']>[1] = {}): Promise<string> {
    const id = await stage.addRegistration(await stage.addPartner({ manager: 'rep2' }), claim);
    if (settled) await stage.settle(worker);
    await sync.decisions.evaluate(id);
    expect((await stage.registration(id)).state.status).toBe('approved');
    return id;
  }
  const made = () => stage.rep.query('SELECT Id, Name, Registration_Id__c FROM Opportunity');
  const rowOf = async (id: string) => stage.rep.row('Opportunity', (await sync.link(id))?.opportunity ?? '');
  const retry = () =>
    stage.db
      .updateTable('push_queue')
      .set({ not_before: new Date(0).toISOString() })
      .execute();

  it('says what the claim says, belongs to the account’s owner, and is linked as its primary', async () => {
    const id = await approved();
    await stage.settle(worker);
    const registration = await stage.remoteId('registration', id);
    expect(await rowOf(id)).toMatchObject({
      Name: 'Northwind Inc: Platform',
      AccountId: account,
      StageName: 'Prospecting',
      CloseDate: '2027-03-31',
      Amount: 20000,
      OwnerId: users.get('rep'),
      LeadSource: 'Partner Referral',
      Registration_Id__c: id,
      Primary_Registration__c: registration,
    });
    expect(await sync.link(id)).toMatchObject({ isPrimary: true, by: 'program', isCommanded: false });
    expect(await stage.rep.row('registration', registration)).toMatchObject({ Opportunity__c: (await sync.link(id))?.opportunity });
    expect([await made(), await readOrders(stage.db, [id])]).toEqual([[expect.anything()], []]);
    expect(await auditOf(sync.decisions, id)).toContain('opportunity linked');
  });

  it('takes a write for itself and one for the record, and echoes to nothing', async () => {
    await approved();
    await stage.push('registration', worker);
    expect((await stage.callsDuring(() => stage.settle(worker))).writes).toBe(2);
    await stage.control('clock', { advanceMs: 61_000 });
    const { writes } = await stage.callsDuring(async () => {
      await stage.pull('opportunity', worker);
      await stage.settle(worker);
    });
    expect([writes, await stage.issues()]).toEqual([0, []]);
  });

  it('is the rep’s from then on: nothing of it is ever written again', async () => {
    const id = await approved();
    await stage.settle(worker);
    const opportunity = (await sync.link(id))?.opportunity ?? '';
    const theirs: CrmRow = {
      Name: 'Renamed',
      Amount: 1,
      CloseDate: '2028-01-01',
      StageName: 'Negotiation/Review',
      OwnerId: users.get('rep2') ?? null,
      LeadSource: null,
    };
    await stage.rep.edit('Opportunity', opportunity, theirs);
    await stage.editRegistration(id, { estimatedValue: '99000.00', expectedCloseDate: '2029-01-01' });
    await stage.control('clock', { advanceMs: 61_000 });
    await stage.pull('opportunity', worker);
    await stage.settle(worker);
    expect(await stage.rep.row('Opportunity', opportunity)).toMatchObject(theirs);
    for (const field of ['Name', 'Amount', 'CloseDate', 'StageName']) {
      expect((await sync.history('Opportunity', opportunity, field)).map(([by]) => by)).toEqual(['rep']);
    }
  });

  it.each([
    ['whose answer is lost', 'lost'],
    ['after which the worker is killed', 'after'],
    ['before which the worker is killed', 'before'],
  ] as const)('is made once by a write %s', async (_what, fault) => {
    const id = await approved();
    if (fault === 'lost') await stage.faults(LOST_ANSWER);
    await expect(stage.push('opportunity', fault === 'lost' ? worker : killed(fault))).rejects.toThrow(
      fault === 'lost' ? 'The connection failed' : 'killed',
    );
    expect(await made()).toHaveLength(fault === 'before' ? 0 : 1);
    await retry();
    await stage.settle(worker);
    expect(await made()).toEqual([expect.objectContaining({ Registration_Id__c: id })]);
    expect(await sync.link(id)).toMatchObject({ isPrimary: true, isCommanded: false });
  });

  it('is made once where the pull finds it before the push tries again', async () => {
    const id = await approved();
    await stage.faults(LOST_ANSWER);
    await expect(stage.push('opportunity', worker)).rejects.toMatchObject({ type: 'CRM_UNAVAILABLE' });
    await stage.control('clock', { advanceMs: 61_000 });
    await stage.pull('opportunity', worker);
    const [only] = await made();
    expect(await sync.link(id)).toMatchObject({ opportunity: only?.['Id'], isPrimary: true });
    await stage.settle(worker);
    expect(await made()).toHaveLength(1);
  });

  it('waits for the registration’s record in the CRM, which it points to', async () => {
    const id = await approved({ settled: false });
    await stage.push('opportunity', worker);
    expect(await made()).toEqual([]);
    await stage.push('partner', worker);
    await stage.push('registration', worker);
    await retry();
    await stage.settle(worker);
    expect(await rowOf(id)).toMatchObject({ Primary_Registration__c: await stage.remoteId('registration', id) });
  });

  it.each([
    ['the partner’s manager, where the account’s owner is not active', ['rep'], 'rep2'],
    ['the user that we work as, where that one is not either', ['rep', 'rep2'], 'integration'],
  ])('belongs to %s', async (_what, inactive, owner) => {
    const id = await approved();
    await stage.db.updateTable('crm_user').set({ is_active: false }).where('alias', 'in', inactive).execute();
    await stage.settle(worker);
    expect(await rowOf(id)).toMatchObject({ OwnerId: users.get(owner) });
  });

  it('says no lead source that the CRM does not have, and no field that we may not write', async () => {
    const id = await approved();
    const poor = poorWorker((field) => {
      if (field.name === 'LeadSource') return { ...field, values: ['Web'] };
      return field.name === 'OwnerId' || field.name === 'Amount' ? { ...field, createable: false } : field;
    });
    await stage.push('opportunity', poor);
    expect(await rowOf(id)).toMatchObject({ LeadSource: null, Amount: null, OwnerId: users.get('integration') });
  });

  it('has no amount where there is no rate for it', async () => {
    const id = await approved();
    await stage.db.updateTable('registration').set({ value_currency: 'XAF' }).where('id', '=', id).execute();
    await stage.settle(worker);
    expect(await rowOf(id)).toMatchObject({ Amount: null, CloseDate: '2027-03-31' });
  });

  it('is not made where somebody linked another one before', async () => {
    const id = await approved();
    const other = await sync.opportunity();
    await sync.command(id, link(other));
    await stage.settle(worker);
    expect([await made(), (await sync.link(id))?.opportunity]).toEqual([[expect.objectContaining({ Id: other })], other]);
    expect(await auditOf(sync.decisions, id)).toContain('opportunity not made');
  });

  it('is told as left over where somebody linked another one while it was made, whose link stands', async () => {
    const id = await approved();
    const other = await sync.opportunity();
    const racing = stage.workerOn((port) => ({
      write: async (object, rows) => {
        if (object === 'Opportunity' && (await sync.link(id)) === null) await sync.command(id, link(other));
        return port.write(object, rows);
      },
    }));
    await stage.push('opportunity', racing);
    expect(await sync.link(id)).toMatchObject({ opportunity: other, isPrimary: true });
    const [left] = await stage.rep.query(`SELECT Id FROM Opportunity WHERE Registration_Id__c = '${id}'`);
    expect(await stage.issues()).toMatchObject([{ code: 'OPPORTUNITY_LEFT_OVER', category: 'conflict', remoteId: left?.['Id'] }]);
    await stage.settle(worker);
    expect([(await sync.link(id))?.opportunity, (await stage.registration(id)).syncNote]).toEqual([
      other,
      expect.stringContaining(`linked to ${other}`),
    ]);
    expect(await stage.rep.row('Opportunity', other)).toMatchObject({ Primary_Registration__c: await stage.remoteId('registration', id) });
    expect(await stage.rep.row('Opportunity', String(left?.['Id']))).toMatchObject({ Primary_Registration__c: null });
  });

  const end = (id: string) =>
    stage.db.transaction().execute((trx) => saveState(trx, id, { ...SUBMITTED, status: 'withdrawn' }, stage.deps.now()));

  it('is not made for one that ended before', async () => {
    const id = await approved();
    await end(id);
    await stage.settle(worker);
    expect([await made(), await readOrders(stage.db, [id]), await stage.issues()]).toEqual([[], [], []]);
  });

  it('is told as left over for one that ended before the answer came', async () => {
    const id = await approved();
    await stage.faults(LOST_ANSWER);
    await expect(stage.push('opportunity', worker)).rejects.toMatchObject({ type: 'CRM_UNAVAILABLE' });
    await end(id);
    await retry();
    await stage.settle(worker);
    expect([await sync.link(id), (await stage.issues()).map(({ code }) => code)]).toEqual([null, ['OPPORTUNITY_LEFT_OVER']]);
    expect((await stage.registration(id)).syncNote).toContain('is withdrawn now and linked to none');
  });

  it('that the CRM refuses is an issue of that registration alone, and is made once the reason is gone', async () => {
    const id = await approved();
    // What an org asks for besides, such as by a validation rule.
    const refusal = { kind: 'refused', code: 'CRM_VALUE_INVALID', message: 'no next step', fields: [], retryable: false } as const;
    await stage.push(
      'opportunity',
      stage.workerOn(() => ({ write: async (_object, rows) => rows.map(() => refusal) })),
    );
    expect(await stage.issues()).toMatchObject([{ objectType: 'opportunity', localId: id }]);
    // As somebody who retries the issue does.
    await stage.db.transaction().execute((trx) => queuePush(trx, ['salesforce'], 'opportunity', [id]));
    await stage.settle(worker);
    expect([await made(), await stage.issues()]).toEqual([[expect.objectContaining({ Registration_Id__c: id })], []]);
  });

  it('is ordered by a command too, in the name of the person', async () => {
    const id = await stage.addRegistration(await stage.addPartner());
    await stage.settle();
    await stage.setState(id, { status: 'approved' });
    await sync.command(id, CREATE);
    await stage.settle();
    expect(await rowOf(id)).toMatchObject({ Registration_Id__c: id, AccountId: account });
    expect(await sync.link(id)).toMatchObject({ isPrimary: true, by: 'manager' });
  });

  it('that was deleted in the CRM is not made again by itself, only on demand', async () => {
    const id = await approved();
    await stage.settle(worker);
    const first = (await sync.link(id))?.opportunity ?? '';
    await stage.rep.remove('Opportunity', first);
    await stage.control('clock', { advanceMs: 61_000 });
    await stage.pull('opportunity', worker);
    await stage.settle(worker);
    expect([await made(), await sync.link(id)]).toEqual([[], null]);
    await sync.command(id, CREATE);
    await stage.settle(worker);
    expect(await made()).toEqual([expect.objectContaining({ Registration_Id__c: id })]);
    expect((await sync.link(id))?.opportunity).not.toBe(first);
  });

  it('is made where the account is chosen only later, by the rep on the record', async () => {
    await stage.rep.edit('Account', account, { Website: 'elsewhere.example', Name: 'Something else' });
    await stage.control('clock', { advanceMs: 61_000 });
    await stage.pull('account', worker);
    const id = await approved();
    await stage.settle(worker);
    expect([await made(), (await stage.issues()).map(({ code }) => code)]).toEqual([[], ['CUSTOMER_ACCOUNT_UNKNOWN']]);
    await stage.rep.edit('registration', await stage.remoteId('registration', id), { Customer__c: account });
    await stage.settle(worker);
    expect([(await rowOf(id))['AccountId'], await stage.issues()]).toEqual([account, []]);
  });

  function killed(when: 'before' | 'after'): SyncActivities {
    return stage.workerOn((port) => ({
      write: async (object, rows) => {
        if (when === 'after') await port.write(object, rows);
        throw new Error('killed');
      },
    }));
  }
  type Field = Awaited<ReturnType<SyncStage['port']['describe']>>['fields'][number];
  function poorWorker(change: (field: Field) => Field): SyncActivities {
    return stage.workerOn((port) => ({
      describe: async (object) => {
        const definition = await port.describe(object);
        return { ...definition, fields: definition.fields.map(change) };
      },
    }));
  }
});
