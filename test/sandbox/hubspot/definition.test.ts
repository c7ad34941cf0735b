import { OBJECTS, openPortal } from './opened-portal.ts';
import type { OpenedPortal } from './opened-portal.ts';

let portal: OpenedPortal;
beforeAll(async () => {
  portal = await openPortal();
});
beforeEach(() => portal.reset());
afterAll(() => portal.close());

const PROPERTIES = '/crm/v3/properties';
const partnerId = {
  name: 'partner_id',
  label: 'Partner id',
  type: 'string',
  fieldType: 'text',
  groupName: 'companyinformation',
  hasUniqueValue: true,
};

describe('a property', () => {
  it('is made once, holds values that are unique, and serves as an id', async () => {
    expect(await portal.call('POST', `${PROPERTIES}/companies`, partnerId)).toMatchObject({
      status: 201,
      body: { name: 'partner_id', hasUniqueValue: true, hubspotDefined: false, modificationMetadata: { readOnlyValue: false } },
    });
    expect((await portal.call('POST', `${PROPERTIES}/companies`, partnerId)).status).toBe(409);
    const upsert = () =>
      portal.call('POST', `${OBJECTS}/companies/batch/upsert`, {
        inputs: [{ id: 'P-1', idProperty: 'partner_id', properties: { name: 'Partner' } }],
      });
    const [first, second] = [await upsert(), await upsert()];
    expect([first.body.results[0].new, second.body.results[0].new]).toEqual([true, false]);
    const clash = await portal.call('POST', `${OBJECTS}/companies`, { properties: { partner_id: 'P-1' } });
    expect(clash).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(`${first.body.results[0].id} already has that value.`) },
    });
  });

  it.each([
    [{ ...partnerId, groupName: 'nowhere' }, "Property group 'nowhere' does not exist"],
    [{ ...partnerId, name: 'Partner Id' }, 'lower-case letters'],
    [{ ...partnerId, name: 'hs_partner' }, "HubSpot's own"],
    [{ ...partnerId, options: [{ label: 'A', value: 'a' }] }, 'has no options'],
    [{ ...partnerId, label: undefined }, 'Some required fields were not set: [label]'],
  ])('is refused as %j', async (given, words) => {
    const refused = await portal.call('POST', `${PROPERTIES}/companies`, given);
    expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining(words)]);
  });

  it('takes new options, and cannot be written any more once it is archived', async () => {
    const tier = { ...partnerId, name: 'tier', type: 'enumeration', fieldType: 'select', hasUniqueValue: false };
    await portal.call('POST', `${PROPERTIES}/companies`, { ...tier, options: [{ label: 'Gold', value: 'gold' }] });
    const write = async (value: string) => (await portal.call('POST', `${OBJECTS}/companies`, { properties: { tier: value } })).status;
    expect([await write('gold'), await write('silver')]).toEqual([201, 400]);
    const options = ['gold', 'silver'].map((value) => ({ label: value, value }));
    expect((await portal.call('PATCH', `${PROPERTIES}/companies/tier`, { options })).status).toBe(200);
    expect(await write('silver')).toBe(201);
    expect((await portal.call('DELETE', `${PROPERTIES}/companies/tier`)).status).toBe(204);
    expect(await write('silver')).toBe(400);
    expect((await portal.call('GET', `${PROPERTIES}/companies/tier`)).status).toBe(404);
    expect((await portal.call('GET', `${PROPERTIES}/companies/tier?archived=true`)).body.archived).toBe(true);
    expect((await portal.call('DELETE', `${PROPERTIES}/companies/name`)).status).toBe(400);
  });

  it('that is calculated says so, and is not written', async () => {
    const formula = { ...partnerId, name: 'score', type: 'number', fieldType: 'calculation_equation', hasUniqueValue: false };
    expect(await portal.call('POST', `${PROPERTIES}/companies`, formula)).toMatchObject({
      status: 201,
      body: { calculated: true, modificationMetadata: { readOnlyValue: true } },
    });
    const refused = await portal.call('POST', `${OBJECTS}/companies`, { properties: { score: '7' } });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([400, expect.stringContaining('READ_ONLY_VALUE')]);
  });

  it('is read and made in batches; one that is bad keeps the others out', async () => {
    const inputs = ['a', 'b'].map((name) => ({ ...partnerId, name }));
    expect((await portal.call('POST', `${PROPERTIES}/companies/batch/create`, { inputs: [...inputs, inputs[0]] })).status).toBe(409);
    const read = () => portal.call('POST', `${PROPERTIES}/companies/batch/read`, { inputs: [{ name: 'a' }, { name: 'name' }] });
    expect(await read()).toMatchObject({ status: 207, body: { results: [{ name: 'name' }], numErrors: 1 } });
    expect((await portal.call('POST', `${PROPERTIES}/companies/batch/create`, { inputs })).status).toBe(201);
    expect((await read()).status).toBe(200);
  });

  it('belongs to a group', async () => {
    expect((await portal.call('POST', `${PROPERTIES}/deals/groups`, { name: 'partner', label: 'Partner' })).status).toBe(201);
    expect((await portal.call('POST', `${PROPERTIES}/deals/groups`, { name: 'partner', label: 'Partner' })).status).toBe(409);
    await portal.call('POST', `${PROPERTIES}/deals`, { ...partnerId, groupName: 'partner' });
    expect((await portal.call('DELETE', `${PROPERTIES}/deals/groups/partner`)).status).toBe(400);
    const changed = await portal.call('PATCH', `${PROPERTIES}/deals/groups/partner`, { label: 'Partners' });
    expect(changed.body).toEqual({ name: 'partner', label: 'Partners', displayOrder: -1, archived: false });
  });
});

const registration = {
  name: 'deal_registration',
  labels: { singular: 'Deal registration', plural: 'Deal registrations' },
  primaryDisplayProperty: 'registration_id',
  requiredProperties: ['registration_id'],
  searchableProperties: ['customer_name'],
  properties: [
    { name: 'registration_id', label: 'Id', type: 'string', fieldType: 'text', hasUniqueValue: true },
    { name: 'customer_name', label: 'Customer', type: 'string', fieldType: 'text' },
  ],
  associatedObjects: ['0-2', 'deals'],
};

describe('a custom object', () => {
  it('is made with its properties and associations, and holds records under each of its names', async () => {
    const made = await portal.call('POST', '/crm-object-schemas/v3/schemas', registration);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      objectTypeId: expect.stringMatching(/^2-\d+$/),
      fullyQualifiedName: 'p424242_deal_registration',
      associations: [{ toObjectTypeId: '0-2' }, { toObjectTypeId: '0-3' }, { toObjectTypeId: '0-27' }, { toObjectTypeId: '0-46' }],
    });
    expect((await portal.call('POST', '/crm-object-schemas/v3/schemas', registration)).status).toBe(409);
    const id = await portal.add('p424242_deal_registration', { registration_id: 'R-1', customer_name: 'Ebersgrund' });
    for (const name of [made.body.objectTypeId, 'deal_registration', 'p_deal_registration'])
      expect((await portal.call('GET', `${OBJECTS}/${name}/R-1?idProperty=registration_id`)).body.id).toBe(id);
    expect((await portal.call('POST', `${OBJECTS}/deal_registration/search`, { query: 'ebers' })).body.total).toBe(1);
    expect((await portal.call('POST', `${OBJECTS}/deal_registration`, { properties: {} })).status).toBe(400);
    await portal.reset();
    expect((await portal.call('GET', `${OBJECTS}/deal_registration`)).status).toBe(400);
  });

  it('is not made by halves', async () => {
    const bad = { ...registration, searchableProperties: ['missing'] };
    expect((await portal.call('POST', '/crm-object-schemas/2026-03/schemas', bad)).status).toBe(400);
    expect((await portal.call('GET', '/crm-object-schemas/2026-03/schemas')).body.results).toEqual([]);
    expect((await portal.call('POST', '/crm-object-schemas/2026-03/schemas', registration)).status).toBe(201);
  });
});

describe('pipelines', () => {
  const pipeline = {
    label: 'Deal registration',
    displayOrder: 1,
    stages: ['Submitted', 'Approved'].map((label, displayOrder) => ({ label, displayOrder, metadata: { probability: '0.5' } })),
  };

  it('a stage of another pipeline is no stage of this one', async () => {
    const made = await portal.call('POST', '/crm/v3/pipelines/deals', pipeline);
    expect([made.status, made.body.stages.length]).toEqual([201, 2]);
    const [stage] = made.body.stages;
    const add = async (properties: object) => (await portal.call('POST', `${OBJECTS}/deals`, { properties })).status;
    expect(await add({ pipeline: made.body.id, dealstage: stage.id })).toBe(201);
    expect(await add({ dealstage: stage.id })).toBe(400);
    expect(await add({ pipeline: made.body.id, dealstage: 'closedwon' })).toBe(400);
    const path = (prefix: string) => `${prefix}/deals/${made.body.id}`;
    expect((await portal.call('DELETE', path('/crm/pipelines/2026-09'))).status).toBe(400);
    expect((await portal.call('DELETE', `${path('/crm/pipelines/2026-03')}?validateReferencesBeforeDelete=true`)).status).toBe(400);
    expect((await portal.call('DELETE', path('/crm/pipelines/2026-03'))).status).toBe(204);
    expect((await portal.call('GET', path('/crm/v3/pipelines'))).status).toBe(404);
  });

  it('are refused where an object has none, and twice', async () => {
    expect((await portal.call('GET', '/crm/v3/pipelines/companies')).status).toBe(400);
    await portal.call('POST', '/crm/v3/pipelines/deals', pipeline);
    expect((await portal.call('POST', '/crm/v3/pipelines/deals', pipeline)).status).toBe(409);
  });
});

describe('owners', () => {
  it('have an id that is not that of their user', async () => {
    const { body } = await portal.call('GET', '/crm/v3/owners?email=rep@acme.example');
    expect(body.results).toMatchObject([{ id: '70000004', userId: 60_000_004, firstName: 'Robin', archived: false }]);
    expect((await portal.call('GET', '/crm/owners/2026-03/60000004?idProperty=userId')).body.id).toBe('70000004');
    expect((await portal.call('GET', '/crm/v3/owners/60000004')).status).toBe(404);
  });

  it('are paged', async () => {
    const first = await portal.call('GET', '/crm/v3/owners?limit=4');
    const second = await portal.call('GET', `/crm/v3/owners?limit=4&after=${first.body.paging.next.after}`);
    expect([first.body.results.length, second.body.results.length, second.body.paging]).toEqual([4, 2, undefined]);
  });
});
