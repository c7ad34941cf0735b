import { Connection } from 'jsforce';
import { addPartner, openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

const POLL = { pollInterval: 20, pollTimeout: 30_000 };

describe('jsforce bulk2 as a client', () => {
  let org: OpenedOrg;
  let connection: Connection;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(async () => {
    await org.reset();
    connection = new Connection({ instanceUrl: org.url, accessToken: '00D000000000001!rep', version: '66.0' });
  });
  afterAll(() => org.close());

  it('loads records and reads every result', async () => {
    await addPartner(org, 'p-1');
    const input = [
      { Registration_Id__c: 'a', Status__c: 'submitted', Description__c: 'one, "two"\nthree', 'Partner__r.Partner_Id__c': 'p-1' },
      { Registration_Id__c: 'b', Status__c: 'bogus', Description__c: null, 'Partner__r.Partner_Id__c': null },
    ];
    const done = await connection.bulk2.loadAndWaitForResults({
      object: 'Deal_Registration__c',
      operation: 'upsert',
      externalIdFieldName: 'Registration_Id__c',
      input,
      ...POLL,
    });
    expect(done.successfulResults).toMatchObject([{ sf__Created: 'true', Registration_Id__c: 'a', Description__c: 'one, "two"\nthree' }]);
    expect(done.failedResults).toMatchObject([{ sf__Error: expect.stringMatching(/^INVALID_OR_NULL/), Registration_Id__c: 'b' }]);
    expect(done.unprocessedRecords).toEqual([]);
    const rows = await org.query('SELECT Description__c, Partner__r.Partner_Id__c, CreatedBy.Alias FROM Deal_Registration__c');
    expect(rows).toMatchObject([
      { Description__c: 'one, "two"\nthree', Partner__r: { Partner_Id__c: 'p-1' }, CreatedBy: { Alias: 'rep' } },
    ]);
  });

  it('follows a job step by step, and learns why it failed', async () => {
    const job = connection.bulk2.createJob({ object: 'Account', operation: 'insert' });
    expect(await job.open()).toMatchObject({ state: 'Open', apiVersion: 66 });
    await job.uploadData('Name,Nope\na,b\n');
    await job.close();
    await expect(job.poll(20, 30_000)).rejects.toThrow('InvalidBatch : Field name not found : Nope');
    expect(await job.check()).toMatchObject({ state: 'Failed' });
    expect(await job.getUnprocessedRecords()).toEqual([{ Name: 'a', Nope: 'b' }]);
    await job.delete();
    await expect(job.check()).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
  });

  it('aborts a job that is open, and is told where it must not', async () => {
    const job = connection.bulk2.createJob({ object: 'Account', operation: 'insert' });
    await job.open();
    await job.abort();
    expect(job.getInfo()).toMatchObject({ state: 'Aborted' });
    await expect(job.close()).rejects.toMatchObject({ errorCode: 'INVALIDJOBSTATE' });
  });

  it('deletes by id', async () => {
    const ids = [await addPartner(org, 'p-1'), await addPartner(org, 'p-2')];
    const input = ids.map((Id) => ({ Id }));
    const done = await connection.bulk2.loadAndWaitForResults({ object: 'Account', operation: 'delete', input, ...POLL });
    expect(done.successfulResults.length).toBe(2);
    expect(await org.query('SELECT Id FROM Account')).toEqual([]);
  });

  it('queries on one page', async () => {
    await addPartner(org, 'p-1');
    await addPartner(org, 'p-2');
    const stream = await connection.bulk2.query('SELECT Name, Owner.Alias FROM Account ORDER BY Name', POLL);
    expect(await stream.toArray()).toEqual([
      { Name: 'Partner p-1', 'Owner.Alias': 'integration' },
      { Name: 'Partner p-2', 'Owner.Alias': 'integration' },
    ]);
    await expect(connection.bulk2.query('SELECT COUNT() FROM Account', POLL)).rejects.toMatchObject({ errorCode: 'API_ERROR' });
  });
});
