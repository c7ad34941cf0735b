import { openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

describe('leads', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  const create = async (object: string, fields: object): Promise<string> => (await org.call('POST', `/sobjects/${object}`, fields)).body.id;
  const lead = () =>
    create('Lead', {
      LastName: 'Reed',
      FirstName: 'Dana',
      Company: 'Poplar Inc',
      Email: 'dana@poplar.example',
      City: 'Bern',
      LeadSource: 'Web',
    });
  const one = async (soql: string) => (await org.query(soql))[0];

  it('become an account, a contact and an opportunity, which the lead names', async () => {
    const leadId = await lead();
    await org.control('clock', { now: '2026-11-23T10:00:00.000Z' });
    const task = await create('Task', { Subject: 'Call', WhoId: leadId });
    const { body } = await org.control('convert-lead', { leadId });
    expect(body).toMatchObject({ success: true });
    expect(
      await one(`SELECT IsConverted, Status, ConvertedDate, ConvertedAccountId, ConvertedContactId, ConvertedOpportunityId FROM Lead`),
    ).toMatchObject({
      IsConverted: true,
      Status: 'Closed - Converted',
      ConvertedDate: '2026-11-23',
      ConvertedAccountId: body.accountId,
      ConvertedContactId: body.contactId,
      ConvertedOpportunityId: body.opportunityId,
    });
    expect(await one(`SELECT Name, BillingCity FROM Account`)).toMatchObject({ Name: 'Poplar Inc', BillingCity: 'Bern' });
    expect(await one(`SELECT Name, Email, AccountId FROM Contact`)).toMatchObject({
      Name: 'Dana Reed',
      Email: 'dana@poplar.example',
      AccountId: body.accountId,
    });
    expect(await one(`SELECT Name, StageName, CloseDate, LeadSource, AccountId FROM Opportunity`)).toMatchObject({
      Name: 'Poplar Inc',
      StageName: 'Prospecting',
      CloseDate: '2026-12-31',
      LeadSource: 'Web',
      AccountId: body.accountId,
    });
    expect(await one(`SELECT WhoId FROM Task WHERE Id = '${task}'`)).toMatchObject({ WhoId: body.contactId });
  });

  it('are stamped and told of by change events, as every record that is made with them', async () => {
    const leadId = await lead();
    const before = (await org.control('events', undefined)).body;
    await org.control('convert-lead', { leadId, as: 'rep2' });
    const rep2 = await one("SELECT Id FROM User WHERE Alias = 'rep2'");
    expect(await one('SELECT LastModifiedById FROM Lead')).toMatchObject({ LastModifiedById: rep2?.['Id'] });
    const after = (await org.control('events', undefined)).body;
    expect(after.count - before.count).toBe(4);
  });

  it('go to an account that is there, and need no opportunity', async () => {
    const accountId = await create('Account', { Name: 'Known' });
    const { body } = await org.control('convert-lead', { leadId: await lead(), accountId, withOpportunity: false });
    expect(body).toMatchObject({ accountId, opportunityId: null });
    expect(await org.query('SELECT Id FROM Opportunity')).toEqual([]);
    expect(await org.query('SELECT Id FROM Account')).toHaveLength(1);
  });

  it('are closed once they were converted: to writes, and to being converted again', async () => {
    const leadId = await lead();
    await org.control('convert-lead', { leadId });
    const refused = await org.call('PATCH', `/sobjects/Lead/${leadId}`, { Company: 'Other' });
    expect([refused.status, refused.body]).toEqual([
      400,
      [{ errorCode: 'CANNOT_UPDATE_CONVERTED_LEAD', message: 'cannot reference converted lead', fields: [] }],
    ]);
    expect((await org.control('convert-lead', { leadId })).body).toEqual({ success: false, error: 'CANNOT_UPDATE_CONVERTED_LEAD' });
    expect(await org.query('SELECT Id FROM Opportunity')).toHaveLength(1);
  });

  it('leave nothing behind when they cannot be converted', async () => {
    const { body } = await org.control('convert-lead', { leadId: await lead(), accountId: '001000000000001AAA' });
    expect(body).toEqual({ success: false, error: 'INVALID_CROSS_REFERENCE_KEY' });
    expect(await org.query('SELECT Id FROM Contact')).toEqual([]);
    expect(await one('SELECT IsConverted FROM Lead')).toMatchObject({ IsConverted: false });
  });

  it.each([
    ['without the header', {}, 'rep2'],
    ['with FALSE', { 'sforce-auto-assign': 'FALSE' }, 'integration'],
  ])('are given out by the assignment rule: %s', async (_how, headers, owner) => {
    await org.control('lead-assignment', { owner: 'rep2' });
    const user = await one(`SELECT Id FROM User WHERE Alias = '${owner}'`);
    const record = { attributes: { type: 'Lead' }, LastName: 'Reed', Company: 'Poplar Inc' };
    await org.call('POST', '/composite/sobjects', { records: [record] }, headers);
    expect(await one('SELECT OwnerId FROM Lead')).toMatchObject({ OwnerId: user?.['Id'] });
  });
});
