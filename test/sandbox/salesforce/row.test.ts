import { addPartner, bearer, openOrg, ORG_START } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

describe('sObject rows', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  it('creates a record and gives it back with system fields stamped at whole seconds', async () => {
    const created = await org.call('POST', '/sobjects/Account', { Name: 'Globex' }, bearer('rep'));
    expect([created.status, created.body]).toEqual([201, { id: expect.stringMatching(/^001\w{15}$/), success: true, errors: [] }]);
    const { body } = await org.call('GET', `/sobjects/Account/${created.body.id}`);
    const [rep] = await org.query("SELECT Id FROM User WHERE Username = 'rep@acme.example'");
    expect(body).toMatchObject({
      attributes: { type: 'Account', url: `/services/data/v66.0/sobjects/Account/${created.body.id}` },
      Name: 'Globex',
      IsDeleted: false,
      OwnerId: rep?.['Id'],
      CreatedById: rep?.['Id'],
      CreatedDate: '2026-03-02T09:00:00.000+0000',
      SystemModstamp: '2026-03-02T09:00:00.000+0000',
      Website: null,
    });
  });

  it('takes object and field names in any case and ids of 15 characters, and answers in its own spelling', async () => {
    const id = await addPartner(org, 'p-1');
    const { status, body } = await org.call('GET', `/sobjects/ACCOUNT/${id.slice(0, 15)}?fields=name,PARTNER_ID__C`);
    expect([status, body]).toEqual([200, { attributes: expect.anything(), Name: 'Partner p-1', Partner_Id__c: 'p-1' }]);
  });

  it('takes another method than POST from the address, for clients that know none', async () => {
    const id = await addPartner(org, 'p-1');
    const post = (query: string, body: object) => org.call('POST', `/sobjects/Account/${id}${query}`, body);
    expect((await post('?_HttpMethod=PATCH', { Name: 'Globex' })).status).toBe(204);
    expect(await org.query('SELECT Name FROM Account')).toMatchObject([{ Name: 'Globex' }]);
    expect((await org.call('GET', `/sobjects/Account/${id}?_HttpMethod=DELETE`)).status).toBe(200);
    expect((await post('', { Name: 'x' })).status).toBe(405);
    expect((await post('?fields=Id&_HttpMethod=delete', {})).status).toBe(204);
    expect((await org.call('GET', `/sobjects/Account/${id}`)).body[0].errorCode).toBe('ENTITY_IS_DELETED');
  });

  it('counts automatic names up in the format of the shipped metadata', async () => {
    await org.call('POST', '/sobjects/Deal_Registration__c', { Status__c: 'submitted' });
    await org.call('POST', '/sobjects/Deal_Registration__c', {});
    expect(await org.query('SELECT Name FROM Deal_Registration__c ORDER BY Name')).toMatchObject([
      { Name: 'DR-000001' },
      { Name: 'DR-000002' },
    ]);
  });

  it('moves the modification stamps and the modifier on a change, and leaves the creation alone', async () => {
    const id = await addPartner(org, 'p-1');
    await org.control('clock', { advanceMs: 60_000 });
    expect((await org.call('PATCH', `/sobjects/Account/${id}`, { Website: 'globex.example' }, bearer('rep2'))).status).toBe(204);
    const [row] = await org.query('SELECT Website, CreatedDate, LastModifiedDate, SystemModstamp, LastModifiedBy.Alias FROM Account');
    expect(row).toMatchObject({
      Website: 'globex.example',
      CreatedDate: '2026-03-02T09:00:00.000+0000',
      LastModifiedDate: '2026-03-02T09:01:00.000+0000',
      SystemModstamp: '2026-03-02T09:01:00.000+0000',
      LastModifiedBy: { Alias: 'rep2' },
    });
  });

  it('keeps a deleted record for queryAll alone', async () => {
    const id = await addPartner(org, 'p-1');
    expect((await org.call('DELETE', `/sobjects/Account/${id}`)).status).toBe(204);
    const gone = await org.call('GET', `/sobjects/Account/${id}`);
    expect([gone.status, gone.body[0].errorCode]).toEqual([404, 'ENTITY_IS_DELETED']);
    expect(await org.query('SELECT Id FROM Account')).toEqual([]);
    const all = await org.call('GET', '/queryAll?q=SELECT+Id,IsDeleted+FROM+Account');
    expect(all.body.records).toMatchObject([{ Id: id, IsDeleted: true }]);
    expect((await org.call('DELETE', `/sobjects/Account/${id}`)).status).toBe(404);
  });

  it('derives the state of an opportunity from its stage', async () => {
    const opportunity = { Name: 'Deal', StageName: 'Qualification', CloseDate: '2026-06-30', Amount: 10 };
    const { body } = await org.call('POST', '/sobjects/Opportunity', opportunity);
    await org.call('PATCH', `/sobjects/Opportunity/${body.id}`, { StageName: 'Closed Won' });
    expect(await org.query('SELECT IsClosed, IsWon, Probability FROM Opportunity')).toMatchObject([
      { IsClosed: true, IsWon: true, Probability: 100 },
    ]);
  });

  it.each([
    ['the stamp itself', 0, 304],
    ['a second before it', -1000, 200],
  ])('answers If-Modified-Since at %s', async (_when, shiftMs, status) => {
    const id = await addPartner(org, 'p-1');
    const headers = { 'if-modified-since': new Date(ORG_START + shiftMs).toUTCString() };
    expect((await org.call('GET', `/sobjects/Account/${id}`, undefined, headers)).status).toBe(status);
  });

  it.each([
    ['the stamp itself', 0, 204, 'Changed'],
    ['a second before it', -1000, 412, 'Partner p-1'],
  ])('honours If-Unmodified-Since at %s', async (_when, shiftMs, status, name) => {
    const id = await addPartner(org, 'p-1');
    const headers = { 'if-unmodified-since': new Date(ORG_START + shiftMs).toUTCString() };
    const answer = await org.call('PATCH', `/sobjects/Account/${id}`, { Name: 'Changed' }, headers);
    expect([answer.status, answer.body]).toEqual([status, '']);
    expect(await org.query('SELECT Name FROM Account')).toMatchObject([{ Name: name }]);
  });

  it.each([
    ['an id nobody has', '/sobjects/Account/001000000000000AAA', 404, 'NOT_FOUND', 'The requested resource does not exist'],
    ['an object nobody has', '/sobjects/Nope__c/001000000000000AAA', 404, 'NOT_FOUND', 'The requested resource does not exist'],
    ['no id at all', '/sobjects/Account/hello', 404, 'NOT_FOUND', 'Provided external ID field does not exist or is not accessible: hello'],
    ['an id with a wrong suffix', '/sobjects/Account/001000000000000BBB', 400, 'MALFORMED_ID', 'bad id 001000000000000BBB'],
  ])('refuses %s', async (_what, path, status, errorCode, message) => {
    const answer = await org.call('GET', path);
    expect([answer.status, answer.body]).toEqual([status, [expect.objectContaining({ errorCode, message })]]);
  });
});
