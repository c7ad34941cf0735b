import { OBJECTS, openPortal } from './opened-portal.ts';
import type { OpenedPortal } from './opened-portal.ts';

let portal: OpenedPortal;
let deal: string;
let company: string;
let other: string;
beforeAll(async () => {
  portal = await openPortal();
});
beforeEach(async () => {
  await portal.reset();
  company = await portal.add('companies', { name: 'One' });
  other = await portal.add('companies', { name: 'Other' });
  deal = await portal.add('deals', { dealname: 'Deal' });
});
afterAll(() => portal.close());

const defined = (associationTypeId: number) => ({ associationCategory: 'HUBSPOT_DEFINED', associationTypeId });
const put = (to: string, types: object[]) => portal.call('PUT', `/crm/v4/objects/deals/${deal}/associations/companies/${to}`, types);
const list = async (path = `/crm/v4/objects/deals/${deal}/associations/companies`) =>
  (await portal.call('GET', path)).body.results.map((row: { toObjectId: string; associationTypes: { typeId: number }[] }) => [
    row.toObjectId,
    row.associationTypes.map((type) => type.typeId),
  ]);

describe('an association', () => {
  it('is seen from both sides, and a primary one is an unlabelled one too', async () => {
    const made = await put(company, [defined(5)]);
    expect([made.status, made.body.labels]).toEqual([201, ['Primary']]);
    expect(await list()).toEqual([[company, [5, 341]]]);
    expect(await list(`/crm/objects/2026-03/company/${company}/associations/0-3`)).toEqual([[deal, [6, 342]]]);
    const read = await portal.call('GET', `${OBJECTS}/deals/${deal}?associations=companies`);
    expect(read.body.associations.companies.results).toEqual([
      { id: company, type: 'deal_to_company' },
      { id: company, type: 'deal_to_company_unlabeled' },
    ]);
  });

  it('of the primary kind there is one: the older one loses its label', async () => {
    await put(company, [defined(5)]);
    await put(other, [defined(5)]);
    expect(await list()).toEqual([
      [company, [341]],
      [other, [5, 341]],
    ]);
  });

  it('is removed whole, and with its record', async () => {
    await put(company, [defined(5)]);
    await put(other, [defined(341)]);
    expect((await portal.call('DELETE', `/crm/v4/objects/deals/${deal}/associations/companies/${company}`)).status).toBe(204);
    expect(await list()).toEqual([[other, [341]]]);
    await portal.call('DELETE', `${OBJECTS}/companies/${other}`);
    expect(await list()).toEqual([]);
  });

  it('is made with its record, or neither is', async () => {
    const associations = (id: string, type: number) => [{ to: { id }, types: [defined(type)] }];
    const task = { hs_timestamp: '2026-03-03T00:00:00Z', hs_task_subject: 'Decide' };
    await portal.add('tasks', task, associations(deal, 216));
    expect(await list(`/crm/v4/objects/deals/${deal}/associations/tasks`)).toEqual([[expect.any(String), [215]]]);
    for (const bad of [associations(deal, 192), associations('123', 216), associations(deal, 9999)]) {
      const refused = await portal.call('POST', `${OBJECTS}/tasks`, { properties: task, associations: bad });
      expect([400, 404]).toContain(refused.status);
    }
    expect((await portal.call('GET', `${OBJECTS}/tasks`)).body.results).toHaveLength(1);
  });

  it.each([
    ['an unknown type', () => put(company, [defined(9999)]), 400],
    ['no type', () => put(company, []), 400],
    ['a record that is not there', () => put('123', [defined(5)]), 404],
  ])('is refused with %s', async (_what, act, status) => {
    expect((await act()).status).toBe(status);
    expect(await list()).toEqual([]);
  });

  it('has no list of one record in 2026-09', async () => {
    expect((await portal.call('GET', `/crm/objects/2026-09/deals/${deal}/associations/companies`)).status).toBe(501);
  });
});

describe('a label', () => {
  it('is made for both sides, replaces the one that a pair had, and takes what it labelled along', async () => {
    const label = async (name: string) =>
      (await portal.call('POST', '/crm/v4/associations/deals/companies/labels', { name, label: name, inverseLabel: `${name} of` })).body;
    const [partner, customer] = [await label('partner'), await label('customer')];
    expect(partner.results).toMatchObject([{ category: 'USER_DEFINED', label: 'partner' }, { label: 'partner of' }]);
    const [partnerId, customerId] = [partner.results[0].typeId, customer.results[0].typeId];
    const own = (associationTypeId: number) => ({ associationCategory: 'USER_DEFINED', associationTypeId });
    await put(company, [own(partnerId)]);
    const replaced = await put(company, [own(customerId)]);
    expect(replaced.body.labels).toEqual(['customer']);
    expect(await list()).toEqual([[company, [341, customerId]]]);
    const renamed = { associationTypeId: customerId, label: 'end customer' };
    expect((await portal.call('PUT', '/crm/v4/associations/deals/companies/labels', renamed)).status).toBe(204);
    expect((await portal.call('DELETE', `/crm/v4/associations/deals/companies/labels/${customerId}`)).status).toBe(204);
    expect(await list()).toEqual([[company, [341]]]);
    expect((await portal.call('DELETE', '/crm/v4/associations/deals/companies/labels/5')).status).toBe(404);
  });
});

describe('a batch', () => {
  it.each([
    ['/crm/v4/associations', 201, 204],
    ['/crm/associations/2026-03', 201, 200],
    ['/crm/associations/2026-09', 200, 200],
  ])('of %s answers %i to what it makes and %i to what it removes', async (prefix, created, archived) => {
    const batch = (verb: string, inputs: object[]) => portal.call('POST', `${prefix}/deals/companies/batch/${verb}`, { inputs });
    const pair = { from: { id: deal }, to: { id: company } };
    expect(await batch('create', [{ ...pair, types: [defined(5)] }])).toMatchObject({
      status: created,
      body: { results: [{ labels: ['Primary'] }] },
    });
    const read = await batch('read', [{ id: deal }, { id: '123' }]);
    expect(read).toMatchObject({
      status: prefix.endsWith('2026-09') ? 200 : 207,
      body: {
        results: [{ from: { id: deal }, to: [{ toObjectId: company }] }],
        errors: [{ message: 'No company is associated with deal 123.', context: { fromObjectId: ['123'] } }],
      },
    });
    expect((await batch('labels/archive', [{ ...pair, types: [defined(5)] }])).status).toBe(archived);
    expect(await list()).toEqual([[company, [341]]]);
    expect((await batch('archive', [{ from: { id: deal }, to: [{ id: company }] }])).status).toBe(archived);
    expect(await list()).toEqual([]);
    expect((await batch('associate/default', [pair])).body.results[0].associationSpec).toEqual(defined(341));
  });

  it('names the pair that cannot be', async () => {
    const types = [defined(5)];
    const inputs = [company, '123'].map((id) => ({ from: { id: deal }, to: { id }, types }));
    const answer = await portal.call('POST', '/crm/v4/associations/deals/companies/batch/create', { inputs });
    expect(answer).toMatchObject({ status: 207, body: { numErrors: 1, errors: [{ context: { toObjectId: ['123'] } }] } });
    expect(await list()).toEqual([[company, [5, 341]]]);
  });
});
