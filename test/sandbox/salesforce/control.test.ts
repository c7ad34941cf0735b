import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addPartner, openOrg, ORG_START } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

const SAMPLE = {
  accounts: [
    { key: 'a1', name: 'Globex', website: 'globex.example', country: 'US', postalCode: '10001', phone: null, owner: 'rep', parent: null },
    { key: 'a2', name: 'Globex West', website: null, country: null, postalCode: null, phone: null, owner: 'rep2', parent: 'a1' },
  ],
  contacts: [{ account: 'a2', name: 'Ada Maria Lund', email: 'ada@globex.example' }],
  opportunities: [
    {
      key: 'o1',
      account: 'a1',
      name: 'Globex platform',
      stage: 'Closed Lost',
      amount: '25000.50',
      currency: 'USD',
      closeInDays: -10,
      owner: 'rep2',
      createdDaysAgo: 200,
      lastActivityDaysAgo: 190,
    },
  ],
};

describe('control calls', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  it('count API calls by route with {id} for records, external ids and locators, and not themselves', async () => {
    const id = await addPartner(org, 'p-1');
    await org.call('GET', `/sobjects/account/${id}`);
    await org.call('PATCH', '/sobjects/Account/Partner_Id__c/p%2F2', { Name: 'B' });
    await org.call('GET', '/sobjects/Account/describe');
    await org.call('GET', '/query/01g000000000000AAA-2000');
    await org.call('PATCH', '/composite/sobjects/Account/Partner_Id__c', { records: [] });
    await org.call('GET', '/');
    expect((await org.control('calls')).body).toEqual({
      total: 6,
      byRoute: {
        'GET /services/data/v66.0/query/{id}': 1,
        'GET /services/data/v66.0/sobjects/Account/describe': 1,
        'GET /services/data/v66.0/sobjects/Account/{id}': 1,
        'PATCH /services/data/v66.0/composite/sobjects/Account/Partner_Id__c': 1,
        'PATCH /services/data/v66.0/sobjects/Account/Partner_Id__c/{id}': 1,
        'POST /services/data/v66.0/sobjects/Account': 1,
      },
    });
    await org.control('reset', {});
    expect((await org.control('calls')).body).toEqual({ total: 0, byRoute: {} });
  });

  it('set and advance the clock by which records are stamped and answers dated', async () => {
    expect((await org.control('clock', { now: '2027-01-01T00:00:00Z' })).body).toEqual({ now: '2027-01-01T00:00:00.000Z' });
    await org.control('clock', { advanceMs: 90_000 });
    await addPartner(org, 'p-1');
    expect(await org.query('SELECT CreatedDate FROM Account')).toMatchObject([{ CreatedDate: '2027-01-01T00:01:30.000+0000' }]);
    expect((await org.call('GET', '/limits')).headers.get('date')).toBe('Fri, 01 Jan 2027 00:01:30 GMT');
    const bad = await org.control('clock', { now: 'soon' });
    expect(bad.status).toBe(400);
    await org.control('reset', {});
    expect((await org.call('GET', '/limits')).headers.get('date')).toBe(new Date(ORG_START).toUTCString());
  });

  it('bring deleted records back', async () => {
    const id = await addPartner(org, 'p-1');
    await org.call('DELETE', `/sobjects/Account/${id}`);
    expect((await org.control('undelete', { sobject: 'Account', ids: [id] })).body).toEqual({ results: [{ id, success: true }] });
    expect((await org.call('GET', `/sobjects/Account/${id}`)).status).toBe(200);
    expect((await org.control('undelete', { sobject: 'Account', ids: [id] })).body.results[0].success).toBe(false);
  });

  it('merge records: children move, the loser points at its master', async () => {
    const master = await addPartner(org, 'master');
    const loser = await addPartner(org, 'loser');
    await org.call('POST', '/sobjects/Deal_Registration__c', { Partner__c: loser });
    await org.control('merge', { sobject: 'Account', masterId: master, ids: [loser], as: 'rep' });
    expect(await org.query('SELECT Partner__c FROM Deal_Registration__c')).toMatchObject([{ Partner__c: master }]);
    const { body } = await org.call(
      'GET',
      `/queryAll?q=${encodeURIComponent(`SELECT IsDeleted, MasterRecordId FROM Account WHERE Id = '${loser}'`)}`,
    );
    expect(body.records).toMatchObject([{ IsDeleted: true, MasterRecordId: master }]);
  });

  it('give a row the early stamp of a late commit', async () => {
    const id = await addPartner(org, 'p-1');
    await org.control('stamp', { sobject: 'Account', ids: [id], systemModstamp: '2026-03-02T08:59:50Z' });
    expect(await org.query('SELECT SystemModstamp, LastModifiedDate FROM Account')).toMatchObject([
      { SystemModstamp: '2026-03-02T08:59:50.000+0000', LastModifiedDate: '2026-03-02T09:00:00.000+0000' },
    ]);
  });

  it('refuse what they cannot read, by its place', async () => {
    const answer = await org.control('undelete', { sobject: 'Account', ids: ['x'] });
    expect([answer.status, answer.body.problems]).toEqual([400, [{ path: 'ids.0', message: 'x is not a record id' }]]);
    expect((await org.control('merge', { sobject: 'Nope', masterId: '001000000000000AAA', ids: ['001000000000000AAA'] })).status).toBe(400);
  });

  it('the same calls after a reset give the same ids', async () => {
    const first = await addPartner(org, 'p-1');
    await org.reset();
    expect(await addPartner(org, 'p-1')).toBe(first);
  });
});

describe('deleting a parent', () => {
  it('takes the opportunities of an account with it and empties the lookups of registrations', async () => {
    const org = await openOrg();
    const id = await addPartner(org, 'p-1');
    await org.call('POST', '/sobjects/Opportunity', { Name: 'O', StageName: 'Prospecting', CloseDate: '2026-06-30', AccountId: id });
    await org.call('POST', '/sobjects/Deal_Registration__c', { Partner__c: id });
    await org.call('DELETE', `/sobjects/Account/${id}`);
    expect(await org.query('SELECT Id FROM Opportunity')).toEqual([]);
    expect(await org.query('SELECT Partner__c FROM Deal_Registration__c')).toMatchObject([{ Partner__c: null }]);
    await org.close();
  });
});

describe('the sample and the data file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const sampleFile = join(folder, 'crm.json');
  const dataFile = join(folder, 'data', 'org.sqlite');
  beforeAll(() => writeFileSync(sampleFile, JSON.stringify(SAMPLE)));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are loaded with dates counted from the clock', async () => {
    const org = await openOrg({ sampleFile });
    expect(await org.query('SELECT Name, Website, BillingCountry, Owner.Alias, Parent.Name FROM Account ORDER BY Name')).toMatchObject([
      { Name: 'Globex', Website: 'globex.example', BillingCountry: 'US', Owner: { Alias: 'rep' }, Parent: null },
      { Name: 'Globex West', Website: null, BillingCountry: null, Owner: { Alias: 'rep2' }, Parent: { Name: 'Globex' } },
    ]);
    expect(await org.query('SELECT FirstName, LastName, Name, Account.Name FROM Contact')).toMatchObject([
      { FirstName: 'Ada Maria', LastName: 'Lund', Name: 'Ada Maria Lund', Account: { Name: 'Globex West' } },
    ]);
    expect(await org.query('SELECT Amount, CloseDate, LastActivityDate, IsClosed, IsWon, CreatedDate FROM Opportunity')).toMatchObject([
      {
        Amount: 25000.5,
        CloseDate: '2026-02-20',
        LastActivityDate: '2025-08-24',
        IsClosed: true,
        IsWon: false,
        CreatedDate: '2025-08-14T09:00:00.000+0000',
      },
    ]);
    await org.call('DELETE', `/sobjects/Account/${String((await org.query('SELECT Id FROM Account LIMIT 1'))[0]?.['Id'])}`);
    await org.reset();
    expect((await org.query('SELECT Id FROM Account')).length).toBe(2);
    await org.close();
  });

  it('go on after a restart, and start anew when the org is asked for without the sample', async () => {
    const first = await openOrg({ dataFile, sampleFile });
    const id = await addPartner(first, 'p-1');
    await first.control('clock', { advanceMs: 60_000 });
    await first.close();
    const second = await openOrg({ dataFile, sampleFile });
    expect((await second.query('SELECT Id FROM Account')).length).toBe(3);
    expect((await addPartner(second, 'p-2')) > id).toBe(true);
    expect((await second.call('GET', '/limits')).headers.get('date')).toBe(new Date(ORG_START + 60_000).toUTCString());
    await second.close();
    const third = await openOrg({ dataFile });
    expect([(await third.query('SELECT Id FROM Account')).length, (await third.query('SELECT Id FROM User')).length]).toEqual([0, 6]);
    await third.close();
  });

  it('are refused with the place where they do not fit', async () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, JSON.stringify({ ...SAMPLE, contacts: [{ account: 'a1', email: null }] }));
    await expect(openOrg({ sampleFile: broken })).rejects.toThrow(/broken\.json is not a CRM sample: contacts\.0\.name/);
  });
});
