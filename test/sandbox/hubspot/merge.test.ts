import { Client } from '@hubspot/api-client';
import { bearer, OBJECTS, openPortal } from './opened-portal.ts';
import type { OpenedPortal } from './opened-portal.ts';

let portal: OpenedPortal;
let client: Client;
beforeAll(async () => {
  portal = await openPortal();
  client = new Client({ accessToken: 'pat-sandbox-integration', basePath: portal.url, numberOfApiCallRetries: 0 });
});
beforeEach(() => portal.reset());
afterAll(() => portal.close());

const DAY_MS = 24 * 60 * 60 * 1000;
const PRIMARY_DEAL_COMPANY = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 }];

const read = (objectType: string, id: string, query = '') => portal.call('GET', `${OBJECTS}/${objectType}/${id}?${query}`);
const associated = async (from: string, id: string, to: string) =>
  (await portal.call('GET', `/crm/v4/objects/${from}/${id}/associations/${to}`)).body.results.map(
    (row: { toObjectId: string; associationTypes: { typeId: number }[] }) => [
      row.toObjectId,
      row.associationTypes.map((type) => type.typeId),
    ],
  );

describe('a merge of companies', () => {
  it('makes a new record, to which both ids lead, with the primary’s values before the other’s', async () => {
    const primary = await portal.add('companies', { name: 'Kept', city: 'Bremen' });
    await portal.control('clock', { advanceMs: 1000 });
    const other = await portal.add('companies', { name: 'Newer', domain: 'newer.example' });
    const merged = await client.crm.companies.basicApi.merge({ primaryObjectId: primary, objectIdToMerge: other });
    expect([primary, other]).not.toContain(merged.id);
    expect(merged.properties).toMatchObject({ name: 'Kept', domain: 'newer.example', hs_merged_object_ids: `${primary};${other}` });
    for (const id of [primary, other, merged.id]) {
      const found = await read('companies', id, 'properties=name,city,hs_merged_object_ids');
      expect([found.status, found.body.id, found.body.properties.city]).toEqual([200, merged.id, 'Bremen']);
      // The older one's.
      expect(found.body.createdAt).toBe('2026-03-02T09:00:00.250Z');
    }
    const listed = await portal.call('GET', `${OBJECTS}/companies`);
    expect(listed.body.results.map((row: { id: string }) => row.id)).toEqual([merged.id]);
    expect((await portal.call('GET', `${OBJECTS}/companies?archived=true`)).body.results).toEqual([]);
    expect((await portal.call('POST', `${OBJECTS}/companies/search`, {})).body).toMatchObject({ total: 1, results: [{ id: merged.id }] });
  });

  it('moves associations, keeps one primary, and writes by an old id reach the survivor', async () => {
    const [primary, other] = [await portal.add('companies', { name: 'A' }), await portal.add('companies', { name: 'B' })];
    const deal = await portal.add('deals', { dealname: 'D' }, [{ to: { id: other }, types: PRIMARY_DEAL_COMPANY }]);
    const contact = await portal.add('contacts', { email: 'c@acme.example' });
    await portal.call('PUT', `/crm/v4/objects/contacts/${contact}/associations/default/companies/${primary}`);
    const { id } = await client.crm.companies.basicApi.merge({ primaryObjectId: primary, objectIdToMerge: other });
    expect(await associated('deals', deal, 'companies')).toEqual([[id, [5, 341]]]);
    expect(await associated('companies', other, 'deals')).toEqual([[deal, [6, 342]]]);
    expect(await associated('companies', id, 'contacts')).toEqual([[contact, [280]]]);
    const written = await portal.call('PATCH', `${OBJECTS}/companies/${other}`, { properties: { name: 'C' } });
    expect([written.body.id, written.body.properties.name]).toEqual([id, 'C']);
    const batch = await portal.call('POST', `${OBJECTS}/companies/batch/read`, { inputs: [{ id: primary }], properties: ['name'] });
    expect(batch.body.results).toMatchObject([{ id, properties: { name: 'C' } }]);
    await portal.call('DELETE', `${OBJECTS}/companies/${primary}`);
    expect((await read('companies', id)).status).toBe(404);
  });

  it('goes on: a merged record can be merged again, and every id leads to the last one', async () => {
    const ids = [
      await portal.add('companies', { name: 'A' }),
      await portal.add('companies', { name: 'B' }),
      await portal.add('companies', {}),
    ];
    const first = await client.crm.companies.basicApi.merge({ primaryObjectId: ids[0] ?? '', objectIdToMerge: ids[1] ?? '' });
    // By an id of before.
    const last = await client.crm.companies.basicApi.merge({ primaryObjectId: ids[1] ?? '', objectIdToMerge: ids[2] ?? '' });
    for (const id of [...ids, first.id]) expect((await read('companies', id)).body.id).toBe(last.id);
    expect(last.properties['hs_merged_object_ids']?.split(';').sort()).toEqual([...ids, first.id].sort());
  });

  it('keeps the history of both, the current value first', async () => {
    const primary = await portal.add('companies', { name: 'Before', city: '' });
    await portal.call('PATCH', `${OBJECTS}/companies/${primary}`, { properties: { name: 'After' } }, bearer('rep'));
    const other = await portal.add('companies', { name: 'Other', city: 'Ulm' });
    const { id } = await client.crm.companies.basicApi.merge({ primaryObjectId: primary, objectIdToMerge: other });
    const { body } = await read('companies', id, 'propertiesWithHistory=name,city');
    const values = (name: string) => body.propertiesWithHistory[name].map((entry: { value: string }) => entry.value);
    expect([values('name'), values('city')[0]]).toEqual([['After', 'Before', 'Other'], 'Ulm']);
  });
});

describe('a merge of other records', () => {
  it('of contacts gives the survivor both addresses, by either of which it is found', async () => {
    const primary = await portal.add('contacts', { email: 'one@acme.example' });
    const other = await portal.add('contacts', { email: 'two@acme.example' });
    const { id, properties } = await client.crm.contacts.basicApi.merge({ primaryObjectId: primary, objectIdToMerge: other });
    expect(properties['email']).toBe('one@acme.example');
    await portal.call('PATCH', `${OBJECTS}/contacts/${id}`, { properties: { email: 'three@acme.example' } });
    expect((await read('contacts', 'two@acme.example', 'idProperty=email')).body.id).toBe(id);
    const clash = await portal.call('POST', `${OBJECTS}/contacts`, { properties: { email: 'two@acme.example' } });
    expect([clash.status, clash.body.message]).toEqual([409, `Contact already exists. Existing ID: ${id}`]);
    expect((await read('contacts', id, 'properties=hs_additional_emails')).body.properties.hs_additional_emails).toBe('two@acme.example');
  });

  it.each(['/crm/v3/objects', '/crm/objects/2026-03', '/crm/objects/2026-09'])('of deals stands under %s', async (prefix) => {
    const [primary, other] = [await portal.add('deals', { dealname: 'A' }), await portal.add('deals', { dealname: 'B' })];
    const merged = await portal.call('POST', `${prefix}/0-3/merge`, { primaryObjectId: primary, objectIdToMerge: other });
    expect([merged.status, merged.body.properties.dealname]).toEqual([200, 'A']);
  });

  it.each([
    ['tasks', '1', '2', 400],
    ['deals', '1', '2', 404],
    ['widgets', '1', '2', 400],
  ])('of %s %s and %s is refused with %3$i', async (objectType, primaryObjectId, objectIdToMerge, status) => {
    const refused = await portal.call('POST', `${OBJECTS}/${objectType}/merge`, { primaryObjectId, objectIdToMerge });
    expect(refused.status).toBe(status);
  });

  it('of a record with itself, or with one that was archived, is refused and changes nothing', async () => {
    const [one, gone] = [await portal.add('deals', { dealname: 'A' }), await portal.add('deals', { dealname: 'B' })];
    await portal.call('DELETE', `${OBJECTS}/deals/${gone}`);
    for (const [other, status] of [
      [one, 400],
      [gone, 404],
    ] as const) {
      const refused = await portal.call('POST', `${OBJECTS}/deals/merge`, { primaryObjectId: one, objectIdToMerge: other });
      expect(refused.status).toBe(status);
    }
    expect((await read('deals', one)).body.id).toBe(one);
  });
});

describe('a restore', () => {
  it('brings a record back with its associations, its unique values and its place in searches', async () => {
    const company = await portal.add('companies', { name: 'A' });
    const deal = await portal.add('deals', { dealname: 'D' }, [{ to: { id: company }, types: PRIMARY_DEAL_COMPANY }]);
    for (const path of [`deals/${deal}`, `companies/${company}`]) await portal.call('DELETE', `${OBJECTS}/${path}`);
    expect((await portal.control('restore', { objectType: 'companies', ids: [company] })).status).toBe(200);
    expect(await associated('companies', company, 'deals')).toEqual([]);
    await portal.control('restore', { objectType: 'deals', ids: [deal] });
    expect(await associated('deals', deal, 'companies')).toEqual([[company, [5, 341]]]);
    expect((await portal.call('GET', `${OBJECTS}/deals?archived=true`)).body.results).toEqual([]);
    expect((await portal.call('POST', `${OBJECTS}/deals/search`, {})).body.total).toBe(1);
  });

  it('brings back what was associated when the record was archived, and nothing of before', async () => {
    const company = await portal.add('companies', { name: 'A' });
    const deal = await portal.add('deals', { dealname: 'D' }, [{ to: { id: company }, types: PRIMARY_DEAL_COMPANY }]);
    const again = async () => {
      await portal.call('DELETE', `${OBJECTS}/deals/${deal}`);
      await portal.control('restore', { objectType: 'deals', ids: [deal] });
    };
    await again();
    await portal.call('DELETE', `/crm/v4/objects/deals/${deal}/associations/companies/${company}`);
    await again();
    expect(await associated('deals', deal, 'companies')).toEqual([]);
  });

  it('is refused where an address was given away meanwhile, after 90 days, and for a record that is there', async () => {
    const first = await portal.add('contacts', { email: 'one@acme.example' });
    await portal.call('DELETE', `${OBJECTS}/contacts/${first}`);
    const second = await portal.add('contacts', { email: 'one@acme.example' });
    const restore = async (id: string) => (await portal.control('restore', { objectType: 'contacts', ids: [id] })).status;
    expect(await restore(first)).toBe(400);
    expect(await restore(second)).toBe(400);
    await portal.call('DELETE', `${OBJECTS}/contacts/${second}`);
    await portal.control('clock', { advanceMs: 90 * DAY_MS });
    expect(await restore(second)).toBe(200);
    await portal.control('clock', { advanceMs: 1 });
    expect(await restore(first)).toBe(400);
  });
});

describe('a deletion for privacy', () => {
  it('leaves nothing of a contact, and its address is never used again', async () => {
    const contact = await portal.add('contacts', { email: 'one@acme.example' });
    const deal = await portal.add('deals', { dealname: 'D' });
    await portal.call('PUT', `/crm/v4/objects/deals/${deal}/associations/default/contacts/${contact}`);
    await client.crm.contacts.basicApi.purge({ objectId: 'one@acme.example', idProperty: 'email' });
    expect((await read('contacts', contact)).status).toBe(404);
    expect((await read('contacts', contact, 'archived=true')).status).toBe(404);
    expect((await portal.call('GET', `${OBJECTS}/contacts?archived=true`)).body.results).toEqual([]);
    expect(await associated('deals', deal, 'contacts')).toEqual([]);
    expect((await portal.call('POST', `${OBJECTS}/contacts`, { properties: { email: 'ONE@acme.example' } })).status).toBe(400);
  });

  it('of an address that is nobody’s keeps it from being used, of anything but contacts is refused', async () => {
    const blocked = { objectId: 'never@acme.example', idProperty: 'email' };
    expect((await portal.call('POST', '/crm/objects/2026-09/contacts/gdpr-delete', blocked)).status).toBe(204);
    expect((await portal.call('POST', `${OBJECTS}/contacts`, { properties: { email: 'never@acme.example' } })).status).toBe(400);
    expect((await portal.call('POST', `${OBJECTS}/contacts/gdpr-delete`, { objectId: '123' })).status).toBe(404);
    expect((await portal.call('POST', `${OBJECTS}/deals/gdpr-delete`, { objectId: '123' })).status).toBe(400);
  });
});
