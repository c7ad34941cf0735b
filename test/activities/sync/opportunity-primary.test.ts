import { sql } from 'kysely';
import type { SyncActivities } from '../../../activities/contract.ts';
import type { RemoteWrite } from '../../../crm/port.ts';
import { reviewBy } from '../../program/example.ts';
import { auditOf, converting, isAskedAgain, row } from '../../support/conversion-stage.ts';
import { CREATE, link, LOST_ANSWER, openOpportunitySync, relink, UNLINK, type OpportunitySync } from '../../support/opportunity-sync.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(120_000);

const PROGRAM = converting({}, row('C27_bypass', { direct_opportunity: reviewBy('director') }));
const MINUTE_MS = 60_000;

describe('the primary of an opportunity, in the CRM', () => {
  let stage: SyncStage;
  let sync: OpportunitySync;
  let worker: SyncActivities;

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(async () => {
    await stage.reset();
    sync = openOpportunitySync(stage, PROGRAM);
    worker = stage.workerWith({ programs: sync.decisions.deps.programs });
  });
  afterAll(() => stage.close());

  /** Approved registrations that are in the CRM, and settled. */
  async function approved(count = 1): Promise<readonly string[]> {
    const ids = await stage.settledRegistrations(count);
    await sql`update registration set state = state || '{"status": "approved"}'::jsonb`.execute(stage.db);
    await sql`insert into push_queue (connection, object_type, local_id, not_before, queued_at)
      select 'salesforce', 'registration', id, now(), now() from registration`.execute(stage.db);
    await stage.settle(worker);
    return ids;
  }
  const primaryOf = async (opportunity: string) => (await stage.rep.row('Opportunity', opportunity))['Primary_Registration__c'];
  const later = (ms = MINUTE_MS + 1000) => stage.control('clock', { advanceMs: ms });

  it('is written by us alone, and is moved and emptied with the link', async () => {
    const [id = ''] = await approved();
    const record = await stage.remoteId('registration', id);
    const [first, second] = [await sync.opportunity(), await sync.opportunity()];
    await sync.command(id, link(first));
    await stage.settle(worker);
    expect([await primaryOf(first), await primaryOf(second)]).toEqual([record, null]);
    await sync.command(id, relink(second));
    await stage.settle(worker);
    expect([await primaryOf(first), await primaryOf(second)]).toEqual([null, record]);
    await sync.command(id, UNLINK);
    await stage.settle(worker);
    expect([await primaryOf(first), await primaryOf(second)]).toEqual([null, null]);
  });

  it('is written by the CRM’s limit, and nothing else of an opportunity ever is', async () => {
    const count = 250;
    const ids = await approved(count);
    for (let index = 0; index < count; index += 1) {
      await stage.rep.create('Opportunity', { Name: `Deal ${index}`, StageName: 'Prospecting', CloseDate: '2027-03-31', Amount: index });
    }
    await stage.pull('opportunity', worker);
    const columns =
      'SELECT Id, Name, AccountId, StageName, Amount, Probability, CloseDate, OwnerId, LeadSource, NextStep FROM Opportunity ORDER BY Id';
    const before = await stage.rep.query(columns);
    for (const [index, id] of ids.entries()) await sync.command(id, link(String(before[index]?.['Id'])));
    await stage.push('registration', worker);
    const written: RemoteWrite[] = [];
    const watched = stage.workerOn((port) => ({
      write: async (object, rows) => {
        expect(object).toBe('Opportunity');
        written.push(...rows);
        return port.write(object, rows);
      },
    }));
    const { writes } = await stage.callsDuring(() => stage.push('opportunity', watched));
    expect([writes, written.length]).toEqual([Math.ceil(count / 200), count]);
    const names = written.flatMap(({ fields, parents }) => [...Object.keys(fields), ...Object.keys(parents ?? {})]);
    expect([...new Set(names)]).toEqual(['Primary_Registration__c']);
    // The witnesses: every other field is as it was, and the org's own history of fields has nothing of ours.
    expect(await stage.rep.query(columns)).toEqual(before);
    const history = await stage.rep.query(`SELECT Field FROM OpportunityFieldHistory WHERE CreatedBy.Alias = 'integration'`);
    expect(history).toEqual([]);
    await later();
    const again = await stage.callsDuring(async () => {
      await stage.pull('opportunity', worker);
      await stage.settle(worker);
    });
    expect(again.writes).toBe(0);
  });

  it('stands although a rep edits the row meanwhile, whose edit stands too', async () => {
    const [id = ''] = await approved();
    const opportunity = await sync.opportunity({ Amount: 1 });
    await sync.command(id, link(opportunity));
    const racing = stage.workerOn((port) => ({
      write: async (object, rows) => {
        await stage.rep.edit('Opportunity', opportunity, { Amount: 2, StageName: 'Qualification', CloseDate: '2028-01-01' });
        return port.write(object, rows);
      },
    }));
    await stage.push('opportunity', racing);
    expect(await stage.rep.row('Opportunity', opportunity)).toMatchObject({
      Amount: 2,
      StageName: 'Qualification',
      CloseDate: '2028-01-01',
      Primary_Registration__c: await stage.remoteId('registration', id),
    });
    expect((await sync.history('Opportunity', opportunity, 'Amount')).map(([by]) => by)).toEqual(['rep']);
  });

  it('is written once although the answer is lost', async () => {
    const [id = ''] = await approved();
    const opportunity = await sync.opportunity();
    await sync.command(id, link(opportunity));
    await stage.push('registration', worker);
    await stage.faults(LOST_ANSWER);
    await expect(stage.push('opportunity', worker)).rejects.toMatchObject({ type: 'CRM_UNAVAILABLE' });
    expect((await stage.callsDuring(() => stage.settle(worker))).writes).toBe(0);
    expect(await primaryOf(opportunity)).toBe(await stage.remoteId('registration', id));
  });

  it('waits for the registration’s record', async () => {
    const id = await stage.addRegistration(await stage.addPartner());
    await stage.setState(id, { status: 'approved' });
    const opportunity = await sync.opportunity();
    await sync.command(id, link(opportunity));
    await stage.push('opportunity', worker);
    expect(await primaryOf(opportunity)).toBeNull();
    await stage.settle(worker);
    expect(await primaryOf(opportunity)).toBe(await stage.remoteId('registration', id));
  });

  it('is left where the opportunity was deleted, without an issue', async () => {
    const [id = ''] = await approved();
    const opportunity = await sync.opportunity();
    await sync.command(id, link(opportunity));
    await stage.rep.remove('Opportunity', opportunity);
    await later();
    await stage.push('opportunity', worker);
    await stage.pull('opportunity', worker);
    await stage.settle(worker);
    expect([await stage.issues(), await sync.link(id)]).toEqual([[], null]);
  });

  describe('that a rep edits', () => {
    it('is written back, told on the record, and is evidence of a bypass', async () => {
      const [id = '', other = ''] = await approved(2);
      const opportunity = await sync.opportunity();
      await sync.command(id, link(opportunity));
      await stage.settle(worker);
      await stage.db.deleteFrom('outbox').execute();
      await stage.rep.edit('Opportunity', opportunity, { Primary_Registration__c: await stage.remoteId('registration', other) });
      await later();
      await stage.pull('opportunity', worker);
      await stage.settle(worker);
      expect(await primaryOf(opportunity)).toBe(await stage.remoteId('registration', id));
      expect((await stage.registration(id)).syncNote).toContain('primary registration of the opportunity was edited in the CRM');
      expect([await isAskedAgain(sync.decisions, id), await isAskedAgain(sync.decisions, other)]).toEqual([true, false]);
      expect((await auditOf(sync.decisions, id)).filter((kind) => kind === 'primary edited in CRM')).toHaveLength(1);
      await later();
      await stage.pull('opportunity', worker);
      expect((await auditOf(sync.decisions, id)).filter((kind) => kind === 'primary edited in CRM')).toHaveLength(1);
    });
  });

  describe('where the CRM has not the fields', () => {
    /** An org into which the shipped objects were deployed before these fields were among them. */
    const poor = (hidden: { isHidden: boolean }) => {
      const asked: string[] = [];
      const by = stage.workerOn((port) => ({
        describe: async (object) => {
          const definition = await port.describe(object);
          const isThere = ({ name }: { name: string }) => !hidden.isHidden || name !== 'Registration_Id__c' || object !== 'Opportunity';
          return { ...definition, fields: definition.fields.filter(isThere) };
        },
        capture: async (request) => {
          if (request.object === 'Opportunity') asked.push(...request.fields);
          return port.capture(request);
        },
      }));
      return { by, asked };
    };

    it('waits under one issue, while everything else goes on, and is written once they are there', async () => {
      const [id = '', other = ''] = await approved(2);
      const hidden = { isHidden: true };
      const { by, asked } = poor(hidden);
      const [first, second] = [await sync.opportunity(), await sync.opportunity()];
      await stage.pull('opportunity', by);
      expect(asked).not.toContain('Registration_Id__c');
      await sync.command(id, link(first));
      await sync.command(other, link(second));
      await stage.push('registration', by);
      await stage.push('opportunity', by);
      expect(await stage.issues()).toMatchObject([
        { code: 'CONVERSION_FIELDS_MISSING', category: 'mapping', objectType: 'opportunity', localId: null },
      ]);
      expect(await stage.rep.row('registration', await stage.remoteId('registration', id))).toMatchObject({ Opportunity__c: first });
      expect(await primaryOf(first)).toBeNull();
      hidden.isHidden = false;
      await stage.settle(by);
      expect([await primaryOf(first), await stage.issues()]).toEqual([await stage.remoteId('registration', id), []]);
      await later();
      await stage.pull('opportunity', by);
      expect(asked).toContain('Registration_Id__c');
    });

    it('is nothing to wait for in a CRM that conversion was never made for', async () => {
      const [id = ''] = await approved();
      const { conversion: _none, ...plain } = stage.deps.connections.get('salesforce') ?? {};
      const bare = stage.workerWith({ connections: new Map([['salesforce', plain as never]]) });
      await sync.command(id, link(await sync.opportunity()));
      await stage.settle(bare);
      expect([await sync.link(id), await stage.issues()]).toEqual([expect.objectContaining({ isPrimary: true }), []]);
    });
  });
});

describe('an opportunity that goes past the partner, in the CRM', () => {
  let stage: SyncStage;
  let sync: OpportunitySync;
  let worker: SyncActivities;
  let account = '';
  let id = '';
  let record = '';

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(async () => {
    await stage.reset();
    sync = openOpportunitySync(stage, PROGRAM);
    worker = stage.workerWith({ programs: sync.decisions.deps.programs });
    account = await stage.rep.create('Account', { Name: 'Northwind Inc', Website: 'northwind.example', BillingCountry: 'US' });
    await stage.pull('account');
    await stage.pull('opportunity');
    id = await stage.addRegistration(await stage.addPartner());
    await stage.settle(worker);
    await sync.decisions.evaluate(id);
    await stage.settle(worker);
    record = await stage.remoteId('registration', id);
    await stage.db.deleteFrom('outbox').execute();
  });
  afterAll(() => stage.close());

  /** Judged again where that was asked; the rule by which it is contested then. */
  async function contestedBy(): Promise<string | null> {
    await sync.decisions.runMessages();
    const { state } = await stage.registration(id);
    expect(state.status).toBe('approved');
    return state.caseId === null ? null : (await sync.decisions.conflictCase(state.caseId)).rule;
  }
  const linked = async () => {
    const opportunity = await sync.opportunity({ AccountId: account });
    await stage.db.deleteFrom('outbox').execute();
    await sync.command(id, link(opportunity));
    await stage.settle(worker);
    await stage.db.deleteFrom('outbox').execute();
    return opportunity;
  };

  it('is noticed by the next poll', async () => {
    await stage.control('clock', { advanceMs: MINUTE_MS });
    await stage.rep.create('Opportunity', { Name: 'Direct', StageName: 'Prospecting', CloseDate: '2027-03-31', AccountId: account });
    await stage.pull('opportunity', worker);
    expect(await contestedBy()).toBe('C27_bypass');
  });

  it('is the rep who takes the partner’s opportunity off the record', async () => {
    await linked();
    await stage.rep.edit('registration', record, { Opportunity__c: null });
    await stage.settle(worker);
    expect(await contestedBy()).toBe('C27_bypass');
  });

  it('is not the deletion of the opportunity, whichever is seen first: the emptied lookup or that it is gone', async () => {
    const opportunity = await linked();
    await stage.rep.remove('Opportunity', opportunity);
    await stage.pull('registration', worker);
    expect([await sync.link(id), await isAskedAgain(sync.decisions, id)]).toEqual([null, true]);
    expect(await contestedBy()).toBeNull();
    await stage.control('clock', { advanceMs: MINUTE_MS });
    await stage.pull('opportunity', worker);
    await stage.settle(worker);
    expect([await contestedBy(), (await stage.registration(id)).syncNote]).toEqual([null, expect.stringContaining('the protection stays')]);
  });

  it('is the rep who moves it to another partner’s registration', async () => {
    const opportunity = await linked();
    const rival = await stage.addRegistration(await stage.addPartner(), { customer: { ...OTHER_CUSTOMER } });
    await stage.setState(rival, { status: 'approved' });
    await stage.settle(worker);
    await stage.rep.edit('registration', await stage.remoteId('registration', rival), { Opportunity__c: opportunity });
    await stage.rep.edit('registration', record, { Opportunity__c: await sync.opportunity({ AccountId: account }) });
    await stage.settle(worker);
    expect([(await sync.link(rival))?.isPrimary, await contestedBy()]).toEqual([true, 'C27_bypass']);
  });

  it('is not one that we make ourselves', async () => {
    await sync.command(id, CREATE);
    await stage.settle(worker);
    await stage.control('clock', { advanceMs: MINUTE_MS });
    await stage.pull('opportunity', worker);
    expect(await sync.link(id)).toMatchObject({ isPrimary: true });
    expect(await contestedBy()).toBeNull();
  });
});

const OTHER_CUSTOMER = { name: 'Contoso', domain: 'contoso.example', country: 'US', postalCode: null, companyNumber: null } as const;
