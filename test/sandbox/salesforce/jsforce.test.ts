import { Connection } from 'jsforce';
import { openOrg, ORG_START } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

describe('jsforce as a client', () => {
  let org: OpenedOrg;
  let connection: Connection;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(async () => {
    await org.reset();
    connection = new Connection({ instanceUrl: org.url, accessToken: '00D000000000001!rep', version: '66.0' });
  });
  afterAll(() => org.close());

  it('signs in by client credentials and asks who it is', async () => {
    const fresh = new Connection({
      loginUrl: org.url,
      version: '66.0',
      oauth2: { loginUrl: org.url, clientId: 'app', clientSecret: 'secret' },
    });
    const info = await fresh.authorize({ grant_type: 'client_credentials' });
    expect(info.organizationId).toBe('00D000000000001EAA');
    expect(await fresh.identity()).toMatchObject({ username: 'integration@acme.example' });
    await fresh.limits();
    expect(fresh.limitInfo).toMatchObject({ apiUsage: { limit: 500_000 } });
  });

  it('asks who a session belongs to without having signed in', async () => {
    expect(await connection.identity()).toMatchObject({ username: 'rep@acme.example', display_name: 'Robin Epstein' });
  });

  it('creates, reads, changes and deletes one record', async () => {
    const created = await connection.sobject('Account').create({ Name: 'Globex' });
    expect(created).toMatchObject({ success: true });
    const id = created.id ?? '';
    await connection.sobject('Account').update({ Id: id, Website: 'globex.example' });
    expect(await connection.sobject('Account').retrieve(id)).toMatchObject({ Name: 'Globex', Website: 'globex.example' });
    expect(await connection.sobject('Account').destroy(id)).toMatchObject({ success: true });
    await expect(connection.sobject('Account').retrieve(id)).rejects.toMatchObject({ errorCode: 'ENTITY_IS_DELETED' });
  });

  it('carries collections out row by row', async () => {
    const rows = ['a', 'b', 'c'].map((key) => ({ Registration_Id__c: key, Status__c: key === 'b' ? 'bogus' : 'submitted' }));
    const results = await connection.sobject('Deal_Registration__c').upsert(rows, 'Registration_Id__c');
    expect(results.map((each) => each.success)).toEqual([true, false, true]);
    expect(results[1]?.errors).toMatchObject([{ statusCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', fields: ['Status__c'] }]);
    const ids = results.filter((each) => each.success).map((each) => (each.success ? (each.id ?? '') : ''));
    const changed = await connection.sobject('Deal_Registration__c').update(ids.map((Id) => ({ Id, Status__c: 'approved' })));
    expect(changed.every((each) => each.success)).toBe(true);
    expect((await connection.sobject('Deal_Registration__c').retrieve(ids)).map((row) => row['Status__c'])).toEqual([
      'approved',
      'approved',
    ]);
    expect((await connection.sobject('Deal_Registration__c').destroy(ids)).every((each) => each.success)).toBe(true);
  });

  it('pages through a query by itself', async () => {
    const rows = Array.from({ length: 450 }, (_each, index) => ({ Name: `A${index}` }));
    await connection.sobject('Account').create(rows, { allowRecursive: true });
    const found = await connection.query('SELECT Id, Name FROM Account', {
      autoFetch: true,
      maxFetch: 1000,
      headers: { 'Sforce-Query-Options': 'batchSize=200' },
    });
    expect([found.totalSize, found.records.length, new Set(found.records.map((row) => row['Name'])).size]).toEqual([450, 450, 450]);
  });

  it('reads definitions, limits and replication', async () => {
    const all = await connection.describeGlobal();
    expect(all.sobjects.map((each) => each.name)).toEqual(
      expect.arrayContaining(['Account', 'Deal_Registration__c', 'Deal_Registration__History']),
    );
    expect((await connection.describe('Deal_Registration__c')).fields.find((each) => each.name === 'Status__c')?.restrictedPicklist).toBe(
      true,
    );
    expect((await connection.limits())['DailyApiRequests']?.Max).toBe(500_000);
    const { id } = await connection.sobject('Account').create({ Name: 'Globex' });
    const span = [new Date(ORG_START - 120_000).toISOString(), new Date(ORG_START + 1_000).toISOString()] as const;
    expect((await connection.sobject('Account').updated(...span)).ids).toEqual([id]);
    await connection.sobject('Account').destroy(id ?? '');
    expect((await connection.sobject('Account').deleted(...span)).deletedRecords).toMatchObject([{ id }]);
  });

  it('learns of refusals by their code', async () => {
    await expect(connection.query('SELECT Nope FROM Account')).rejects.toMatchObject({ errorCode: 'INVALID_FIELD' });
    await expect(connection.sobject('Account').create({})).rejects.toMatchObject({ errorCode: 'REQUIRED_FIELD_MISSING' });
    const stranger = new Connection({ instanceUrl: org.url, accessToken: 'x', version: '66.0' });
    await expect(stranger.query('SELECT Id FROM Account')).rejects.toMatchObject({ errorCode: 'INVALID_SESSION_ID' });
  });
});
