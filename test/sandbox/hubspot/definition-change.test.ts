import { Client } from '@hubspot/api-client';
import { OBJECTS, openPortal } from './opened-portal.ts';
import type { OpenedPortal } from './opened-portal.ts';

let portal: OpenedPortal;
let client: Client;
beforeAll(async () => {
  portal = await openPortal();
  client = new Client({ accessToken: 'pat-sandbox-integration', basePath: portal.url, numberOfApiCallRetries: 0 });
});
beforeEach(() => portal.reset());
afterAll(() => portal.close());

const PIPELINES = '/crm/v3/pipelines/deals';
const FIRST = 'appointmentscheduled';

describe('a pipeline', () => {
  it('is renamed, and has its stages renamed, moved and replaced, by the client of HubSpot', async () => {
    const { pipelinesApi, pipelineStagesApi } = client.crm.pipelines;
    const made = await pipelinesApi.create('deals', {
      label: 'Partner',
      displayOrder: 1,
      stages: [
        { label: 'Submitted', displayOrder: 0, metadata: { probability: '0.1' } },
        { label: 'Gone', displayOrder: 1, metadata: {} },
      ],
    });
    expect((await pipelinesApi.update('deals', made.id, { label: 'Partners' })).label).toBe('Partners');
    const stageId = made.stages[0]?.id ?? '';
    const stage = await pipelineStagesApi.update('deals', made.id, stageId, { label: 'Sent', metadata: { isClosed: 'false' } });
    expect([stage.id, stage.label, stage.metadata]).toEqual([stageId, 'Sent', { probability: '0.1', isClosed: 'false' }]);
    const replaced = await pipelinesApi.replace('deals', made.id, {
      label: 'Partners',
      displayOrder: 2,
      stages: [
        { label: 'New', displayOrder: 0, metadata: {} },
        { label: 'Sent', displayOrder: 1, metadata: {} },
      ],
    });
    expect(replaced.stages.map((each) => [each.label, each.id === stageId])).toEqual([
      ['New', false],
      ['Sent', true],
    ]);
    const id = replaced.stages[0]?.id ?? '';
    expect((await pipelineStagesApi.replace('deals', made.id, id, { label: 'Newer', displayOrder: 5, metadata: {} })).displayOrder).toBe(5);
    await pipelineStagesApi.archive('deals', made.id, id);
    expect((await pipelineStagesApi.getAll('deals', made.id)).results.map((each) => each.label)).toEqual(['Sent']);
  });

  it.each([
    ['PATCH', '', { label: 'Taken' }],
    ['PATCH', `/stages/${FIRST}`, { label: 'Closed Won' }],
    ['PUT', `/stages/${FIRST}`, { label: 'Closed Won', displayOrder: 0, metadata: {} }],
  ])('%s %s takes no label twice', async (method, path, body) => {
    await portal.call('POST', PIPELINES, { label: 'Taken', displayOrder: 1, stages: [{ label: 'A', displayOrder: 0, metadata: {} }] });
    expect((await portal.call(method, `${PIPELINES}/default${path}`, body)).status).toBe(409);
  });

  it('keeps its last stage', async () => {
    const stages = [{ label: 'A', displayOrder: 0, metadata: {} }];
    const made = (await portal.call('POST', PIPELINES, { label: 'Short', displayOrder: 1, stages })).body;
    const refused = await portal.call('DELETE', `${PIPELINES}/${made.id}/stages/${made.stages[0].id}`);
    expect([refused.status, refused.body.category]).toEqual([400, 'VALIDATION_ERROR']);
  });
});

describe('a stage or pipeline in which records stand', () => {
  const WITHOUT_FIRST = { label: 'Sales Pipeline', displayOrder: 0, stages: [{ label: 'Closed Won', displayOrder: 0, metadata: {} }] };
  const calls = [
    ['DELETE', `/default/stages/${FIRST}`, undefined, 204],
    ['PATCH', `/default/stages/${FIRST}`, { archived: true, metadata: {} }, 200],
    ['PUT', '/default', WITHOUT_FIRST, 200],
    ['PATCH', '/default', { archived: true }, 200],
    ['DELETE', '/default', undefined, 204],
  ] as const;

  it.each(calls)('is not taken away by %s %s under 2026-09, unless the caller says so', async (method, path, body, ok) => {
    await portal.add('deals', { dealname: 'D', dealstage: FIRST });
    const refused = await portal.call(method, `/crm/pipelines/2026-09/deals${path}`, body);
    expect([refused.status, refused.body.category]).toEqual([400, 'VALIDATION_ERROR']);
    expect((await portal.call('GET', `${PIPELINES}/default/stages/${FIRST}`)).status).toBe(200);
    const query = '?validateReferencesBeforeDelete=false';
    expect((await portal.call(method, `/crm/pipelines/2026-09/deals${path}${query}`, body)).status).toBe(ok);
    expect((await portal.call('GET', `${PIPELINES}/default/stages/${FIRST}`)).status).toBe(404);
  });

  it.each(calls)('is taken away by %s %s before, unless the caller asks', async (method, path, body, ok) => {
    const id = await portal.add('deals', { dealname: 'D', dealstage: FIRST });
    const query = '?validateDealStageUsagesBeforeDelete=true';
    expect((await portal.call(method, `${PIPELINES}${path}${query}`, body)).status).toBe(400);
    await portal.call('DELETE', `${OBJECTS}/deals/${id}`);
    expect((await portal.call(method, `${PIPELINES}${path}${query}`, body)).status).toBe(ok);
  });
});

describe('a custom object', () => {
  const SCHEMA = {
    name: 'thing',
    labels: { singular: 'Thing', plural: 'Things' },
    requiredProperties: [],
    searchableProperties: [],
    properties: ['code', 'note'].map((name) => ({ name, label: name, type: 'string', fieldType: 'text' })),
    associatedObjects: ['COMPANY'],
  };
  const create = async (): Promise<string> => (await portal.call('POST', '/crm-object-schemas/v3/schemas', SCHEMA)).body.objectTypeId;

  it('is changed, and asks for what it requires from then on', async () => {
    const id = await create();
    const changed = await client.crm.schemas.coreApi.update(id, {
      clearDescription: false,
      labels: { singular: 'Matter' },
      requiredProperties: ['code'],
    });
    expect([changed.labels, changed.requiredProperties]).toEqual([{ singular: 'Matter', plural: 'Things' }, ['code']]);
    expect((await portal.call('POST', `${OBJECTS}/${id}`, { properties: { note: 'x' } })).status).toBe(400);
    const refused = await portal.call('PATCH', `/crm-object-schemas/v3/schemas/${id}`, { searchableProperties: ['nothing'] });
    expect(refused.status).toBe(400);
    expect((await portal.call('PATCH', '/crm-object-schemas/v3/schemas/deals', { labels: { singular: 'x' } })).status).toBe(400);
  });

  it('gets an association more, and loses it', async () => {
    const id = await create();
    const made = await client.crm.schemas.coreApi.createAssociation(id, {
      fromObjectTypeId: id,
      toObjectTypeId: '0-3',
      name: 'thing_to_deal',
    });
    const [thing, deal] = [await portal.add(id, {}), await portal.add('deals', { dealname: 'D' })];
    const path = `/crm/v4/objects/${id}/${thing}/associations`;
    expect((await portal.call('PUT', `${path}/default/deals/${deal}`)).status).toBe(200);
    const again = { fromObjectTypeId: id, toObjectTypeId: '0-3' };
    expect((await portal.call('POST', `/crm-object-schemas/v3/schemas/${id}/associations`, again)).status).toBe(409);
    await client.crm.schemas.coreApi.archiveAssociation(id, made.id);
    expect((await portal.call('GET', `${path}/deals`)).body.results).toEqual([]);
    expect((await portal.call('DELETE', `/crm-object-schemas/v3/schemas/${id}/associations/${made.id}`)).status).toBe(404);
  });

  it('is deleted once it has no records, and its name is free', async () => {
    const id = await create();
    const thing = await portal.add(id, {});
    expect((await portal.call('DELETE', `/crm-object-schemas/v3/schemas/${id}`)).status).toBe(400);
    await portal.call('DELETE', `${OBJECTS}/${id}/${thing}`);
    await client.crm.schemas.coreApi.archive(id);
    expect((await portal.call('GET', `${OBJECTS}/${id}`)).status).toBe(400);
    const read = await portal.call('POST', '/crm-object-schemas/2026-09/schemas/batch/read', { inputs: [id, 'deals'] });
    expect(read.body.results.map((each: { name: string }) => each.name)).toEqual(['deal']);
    expect(await create()).not.toBe(id);
  });
});

describe('a limit of associations', () => {
  const path = '/crm/v4/associations/definitions/configurations';
  const LIMIT = { category: 'HUBSPOT_DEFINED', typeId: 3, maxToObjectIds: 1 };

  it('is enforced for single writes, for batches row by row, and for new records', async () => {
    expect((await portal.call('POST', `${path}/deals/contacts/batch/create`, { inputs: [LIMIT] })).status).toBe(201);
    const deal = await portal.add('deals', { dealname: 'D' });
    const [one, two] = [await portal.add('contacts', { lastname: '1' }), await portal.add('contacts', { lastname: '2' })];
    const put = (contact: string) => portal.call('PUT', `/crm/v4/objects/deals/${deal}/associations/default/contacts/${contact}`);
    for (const _ of [1, 2]) expect((await put(one)).status).toBe(200);
    const refused = await put(two);
    expect([refused.status, refused.body.category]).toEqual([400, 'VALIDATION_ERROR']);
    const batch = await portal.call('POST', '/crm/associations/2026-09/deals/contacts/batch/associate/default', {
      inputs: [{ from: { id: deal }, to: { id: two } }],
    });
    expect(batch.body).toMatchObject({ results: [], numErrors: 1, errors: [{ category: 'VALIDATION_ERROR' }] });
    // Seen from the other side it is the same limit.
    const contact = {
      properties: { lastname: '3' },
      associations: [{ to: { id: deal }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 4 }] }],
    };
    expect((await portal.call('POST', `${OBJECTS}/contacts`, contact)).status).toBe(400);
    expect((await portal.call('GET', `${OBJECTS}/contacts`)).body.results).toHaveLength(2);
  });

  it.each([
    ['/crm/v4/associations', 201, 204],
    ['/crm/associations/v4', 201, 204],
    ['/crm/associations/2026-03', 201, 200],
    ['/crm/associations/2026-09', 200, 200],
  ])('is set, changed, listed and taken away under %s', async (prefix, created, purged) => {
    const limits = `${prefix}/definitions/configurations`;
    const call = (verb: string, input: object) => portal.call('POST', `${limits}/0-3/0-1/batch/${verb}`, { inputs: [input] });
    expect((await call('create', LIMIT)).status).toBe(created);
    expect((await call('update', { ...LIMIT, maxToObjectIds: 7 })).body.results).toMatchObject([{ userEnforcedMaxToObjectIds: 7 }]);
    const all = await portal.call('GET', `${limits}/all`);
    expect(all.body.results).toEqual([{ category: 'HUBSPOT_DEFINED', typeId: 3, userEnforcedMaxToObjectIds: 7 }]);
    expect((await call('purge', LIMIT)).status).toBe(purged);
    expect((await portal.call('GET', `${limits}/deals/contacts`)).body.results).toEqual([]);
    expect((await call('create', { ...LIMIT, typeId: 9999 })).status).toBe(400);
  });
});

describe('what an administrator requires', () => {
  const WON = { objectType: 'deals', property: 'closedate', when: { property: 'dealstage', values: ['closedwon'] } };
  const set = (...rules: object[]) => portal.control('required-properties', { rules });
  const create = (prefix: string, properties: object) => portal.call('POST', `${prefix}/deals`, { properties });

  it('is asked of writes under 2026-09, and of no earlier version', async () => {
    expect((await set(WON)).status).toBe(200);
    const refused = await create('/crm/objects/2026-09', { dealname: 'D', dealstage: 'closedwon' });
    expect([refused.status, refused.body]).toMatchObject([
      400,
      { category: 'VALIDATION_ERROR', errors: [{ code: 'MISSING_REQUIRED_PROPERTY', context: { propertyName: ['closedate'] } }] },
    ]);
    expect((await portal.call('GET', `${OBJECTS}/deals`)).body.results).toEqual([]);
    for (const prefix of [OBJECTS, '/crm/objects/2026-03'])
      expect((await create(prefix, { dealname: 'D', dealstage: 'closedwon' })).status).toBe(201);
    expect((await create('/crm/objects/2026-09', { dealname: 'D', dealstage: FIRST })).status).toBe(201);
    expect((await create('/crm/objects/2026-09', { dealname: 'D', dealstage: 'closedwon', closedate: '2026-05-01' })).status).toBe(201);
  });

  it('is asked of changes that touch it, one by one and row by row in batches', async () => {
    const [open, old] = [
      await portal.add('deals', { dealname: 'D', dealstage: FIRST }),
      await portal.add('deals', { dealname: 'E', dealstage: 'closedwon' }),
    ];
    await set(WON);
    const patch = (id: string, properties: object) => portal.call('PATCH', `/crm/objects/2026-09/deals/${id}`, { properties });
    expect((await patch(open, { dealstage: 'closedwon' })).status).toBe(400);
    expect((await portal.call('GET', `${OBJECTS}/deals/${open}?properties=dealstage`)).body.properties.dealstage).toBe(FIRST);
    expect((await patch(old, { dealname: 'F' })).status).toBe(200);
    const inputs = [
      { id: open, properties: { dealstage: 'closedwon' }, objectWriteTraceId: 'bad' },
      { id: old, properties: { closedate: '2026-05-01' }, objectWriteTraceId: 'good' },
    ];
    const batch = await portal.call('POST', '/crm/objects/2026-09/deals/batch/update', { inputs });
    expect(batch.body.results).toMatchObject([{ objectWriteTraceId: 'good' }]);
    expect(batch.body.errors).toMatchObject([{ category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['bad'] } }]);
    expect((await patch(old, { closedate: '' })).status).toBe(400);
  });

  it('of every new record is not asked of changes', async () => {
    await set({ objectType: '0-3', property: 'amount' });
    expect((await create('/crm/objects/2026-09', { dealname: 'D' })).status).toBe(400);
    const id = await portal.add('deals', { dealname: 'D' });
    const changed = await portal.call('PATCH', `/crm/objects/2026-09/deals/${id}`, { properties: { dealname: 'E' } });
    expect(changed.status).toBe(200);
    expect((await set({ objectType: 'deals', property: 'nothing' })).status).toBe(400);
  });
});
