import { mkdtempSync, rmSync, cpSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSalesforceSandbox } from '../../../sandbox/salesforce/open-sandbox.ts';
import { addPartner, bearer, METADATA_ROOT, openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

const BY_ID = '/sobjects/Deal_Registration__c/Registration_Id__c';

describe('upsert by external id', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  it('answers 201 for a new record and 200 for one that is there', async () => {
    const first = await org.call('PATCH', `${BY_ID}/r-1`, { Status__c: 'submitted' });
    expect([first.status, first.body]).toEqual([201, { id: expect.any(String), success: true, errors: [], created: true }]);
    const second = await org.call('PATCH', `${BY_ID}/r-1`, { Status__c: 'approved' });
    expect([second.status, second.body]).toEqual([200, { id: first.body.id, success: true, errors: [], created: false }]);
    expect(await org.query('SELECT Registration_Id__c, Status__c FROM Deal_Registration__c')).toMatchObject([
      { Registration_Id__c: 'r-1', Status__c: 'approved' },
    ]);
  });

  it.each([
    ['v46.0', 200],
    ['v45.0', 204],
  ])('answers a match in %s with %i', async (version, status) => {
    const path = `/services/data/${version}${BY_ID}/r-1`;
    await org.call('PATCH', path, {});
    expect((await org.call('PATCH', path, { Status__c: 'approved' })).status).toBe(status);
  });

  it.each(['a/b c#d?e', '100 %', 'ä€', 'x'.repeat(36)])('decodes the value %p once', async (value) => {
    expect((await org.call('PATCH', `${BY_ID}/${encodeURIComponent(value)}`, {})).status).toBe(201);
    expect((await org.call('GET', `${BY_ID}/${encodeURIComponent(value)}`)).body.Registration_Id__c).toBe(value);
  });

  it('creates nothing under updateOnly', async () => {
    expect((await org.call('PATCH', `${BY_ID}/r-1?updateOnly=true`, {})).status).toBe(404);
    expect(await org.query('SELECT Id FROM Deal_Registration__c')).toEqual([]);
  });

  it('links a parent given by its external id', async () => {
    const partner = await addPartner(org, 'p-1');
    await org.call('PATCH', `${BY_ID}/r-1`, { Partner__r: { attributes: { type: 'Account' }, Partner_Id__c: 'p-1' } });
    expect(await org.query('SELECT Partner__c FROM Deal_Registration__c')).toMatchObject([{ Partner__c: partner }]);
    await org.call('PATCH', `${BY_ID}/r-1`, { Partner__r: null });
    expect(await org.query('SELECT Partner__c FROM Deal_Registration__c')).toMatchObject([{ Partner__c: null }]);
  });

  it.each([
    ['an Id in the body', `${BY_ID}/r-1`, { Id: 'a00000000000000AAA' }, 400, 'The Id field should not be specified in the sobject data.'],
    [
      'the external id in the body',
      `${BY_ID}/r-1`,
      { Registration_Id__c: 'r-1' },
      400,
      'The Registration_Id__c field should not be specified in the sobject data.',
    ],
    [
      'a field that is no external id',
      '/sobjects/Deal_Registration__c/Namez/r-1',
      {},
      404,
      'Provided external ID field does not exist or is not accessible: Namez',
    ],
  ])('refuses %s', async (_what, path, body, status, message) => {
    const answer = await org.call('PATCH', path, body);
    expect([answer.status, answer.body[0].message]).toEqual([status, message]);
  });

  it('brings a deleted record not back but creates another', async () => {
    const first = await org.call('PATCH', `${BY_ID}/r-1`, {});
    await org.call('DELETE', `${BY_ID}/r-1`);
    const second = await org.call('PATCH', `${BY_ID}/r-1`, {});
    expect([second.status, second.body.id === first.body.id]).toEqual([201, false]);
  });
});

describe('an external id that is not unique', () => {
  it('answers 300 with the addresses of all that match', async () => {
    const root = mkdtempSync(join(tmpdir(), 'metadata-'));
    cpSync(METADATA_ROOT, root, { recursive: true });
    const field = `<CustomField><fullName>Legacy_Key__c</fullName><label>Legacy</label><length>20</length><externalId>true</externalId><type>Text</type></CustomField>`;
    writeFileSync(join(root, 'objects/Account/fields/Legacy_Key__c.field-meta.xml'), field);
    const sandbox = await openSalesforceSandbox({ port: 0, dataFile: ':memory:', metadataRoot: root, sampleFile: null, seed: 1 });
    const path = `${sandbox.url}/services/data/v66.0/sobjects/Account`;
    const post = (Name: string) =>
      fetch(path, { method: 'POST', headers: bearer('rep'), body: JSON.stringify({ Name, Legacy_Key__c: 'k' }) });
    // Without a content type the body is text, which is no record.
    expect((await post('A')).status).toBe(415);
    const headers = { ...bearer('rep'), 'content-type': 'application/json' };
    for (const Name of ['A', 'B']) await fetch(path, { method: 'POST', headers, body: JSON.stringify({ Name, Legacy_Key__c: 'k' }) });
    const answer = await fetch(`${path}/Legacy_Key__c/k`, { method: 'PATCH', headers, body: '{"Name":"C"}' });
    expect([answer.status, await answer.json()]).toEqual([
      300,
      [expect.stringMatching(/^\/services\/data\/v66.0\/sobjects\/Account\/001/), expect.any(String)],
    ]);
    await sandbox.close();
    rmSync(root, { recursive: true });
  });
});
