import { bearer, OBJECTS, openPortal } from './opened-portal.ts';
import type { OpenedPortal } from './opened-portal.ts';

let portal: OpenedPortal;
beforeAll(async () => {
  portal = await openPortal();
});
beforeEach(() => portal.reset());
afterAll(() => portal.close());

const START = '2026-03-02T09:00:00.250Z';

describe('one record', () => {
  it('is created with 201, its values as text, and read by what is asked for', async () => {
    const made = await portal.call('POST', `${OBJECTS}/companies`, { properties: { name: 'Ebersgrund', zip: 70935 }, associations: [] });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^\d{11}$/),
      properties: {
        name: 'Ebersgrund',
        zip: '70935',
        createdate: START,
        hs_lastmodifieddate: START,
        hs_object_id: made.body.id,
        hs_object_source: 'INTEGRATION',
        hs_object_source_id: '900100',
      },
      createdAt: START,
      updatedAt: START,
      archived: false,
    });
    const read = await portal.call('GET', `${OBJECTS}/company/${made.body.id}?properties=zip,nonsense&properties=domain`);
    expect(read.status).toBe(200);
    expect(read.body.properties).toEqual({
      zip: '70935',
      domain: null,
      createdate: START,
      hs_lastmodifieddate: START,
      hs_object_id: made.body.id,
    });
    const plain = await portal.call('GET', `${OBJECTS}/0-2/${made.body.id}`);
    expect(Object.keys(plain.body.properties)).toEqual(['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name']);
  });

  it('stands under every version of the API', async () => {
    const id = await portal.add('contacts', { email: 'Robin@Acme.example' });
    for (const prefix of ['/crm/v3/objects', '/crm/objects/2026-03', '/crm/objects/2026-09']) {
      const read = await portal.call('GET', `${prefix}/contacts/robin@acme.example?idProperty=email`);
      expect([read.status, read.body.id, read.body.properties.email]).toEqual([200, id, 'robin@acme.example']);
    }
    expect((await portal.call('GET', `/crm/objects/2025-01/contacts/${id}`)).status).toBe(501);
  });

  it('keeps its history, newest first, with who made the change', async () => {
    const id = await portal.add('deals', { dealname: 'Before', dealstage: 'appointmentscheduled' });
    await portal.control('clock', { advanceMs: 750 });
    await portal.call('PATCH', `${OBJECTS}/deals/${id}`, { properties: { dealname: 'After' } }, bearer('rep'));
    const read = await portal.call('GET', `${OBJECTS}/deals/${id}?propertiesWithHistory=dealname`);
    expect(read.body.propertiesWithHistory.dealname).toEqual([
      { value: 'After', timestamp: '2026-03-02T09:00:01Z', sourceType: 'CRM_UI', sourceId: 'userId:60000004', updatedByUserId: 60_000_004 },
      { value: 'Before', timestamp: START, sourceType: 'INTEGRATION', sourceId: '900100' },
    ]);
    expect(read.body.updatedAt).toBe('2026-03-02T09:00:01Z');
  });

  it('is cleared by an empty text, and not touched by what a write leaves out', async () => {
    const id = await portal.add('companies', { name: 'Wickhaven', city: 'Bremen' });
    const written = await portal.call('PATCH', `${OBJECTS}/companies/${id}`, { properties: { city: '' } });
    expect([written.status, written.body.properties.city]).toEqual([200, null]);
    const read = await portal.call('GET', `${OBJECTS}/companies/${id}?properties=name,city`);
    expect(read.body.properties).toMatchObject({ name: 'Wickhaven', city: null });
  });

  it('is archived with 204, however often, and then found among the archived alone', async () => {
    const id = await portal.add('notes', { hs_timestamp: '2026-03-02T09:00:00Z', hs_note_body: 'Seen' });
    for (const _ of [1, 2]) expect((await portal.call('DELETE', `${OBJECTS}/notes/${id}`)).status).toBe(204);
    expect((await portal.call('DELETE', `${OBJECTS}/notes/123`)).status).toBe(204);
    expect(await portal.call('GET', `${OBJECTS}/notes/${id}`)).toMatchObject({ status: 404, body: { message: 'resource not found' } });
    expect((await portal.call('GET', `${OBJECTS}/notes/${id}?archived=true`)).body).toMatchObject({ archived: true, archivedAt: START });
    expect((await portal.call('GET', `${OBJECTS}/notes`)).body.results).toEqual([]);
    expect((await portal.call('GET', `${OBJECTS}/notes?archived=true`)).body.results).toMatchObject([{ id, archived: true }]);
    expect((await portal.call('PATCH', `${OBJECTS}/notes/${id}`, { properties: { hs_note_body: 'x' } })).status).toBe(404);
  });
});

describe('a list', () => {
  it.each([['DELETE'], ['PUT']])('takes a %s without a body that says it is JSON, as the Python client sends it', async (method) => {
    const id = await portal.add('companies', { name: 'Ebersgrund' });
    const other = await portal.add('companies', { name: 'Wickhaven' });
    const path =
      method === 'PUT' ? `/crm/v4/objects/companies/${id}/associations/default/companies/${other}` : `${OBJECTS}/companies/${id}`;
    const headers = { ...bearer('rep'), 'content-type': 'application/json' };
    const answer = await fetch(`${portal.url}${path}`, { method, headers });
    expect(answer.status).toBe(method === 'PUT' ? 200 : 204);
  });

  it('is paged by ids without gap or repetition, and ends', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) ids.push(await portal.add('companies', { name: `Company ${index}` }));
    const seen: string[] = [];
    let path: string | undefined = `${OBJECTS}/companies?limit=2&properties=name`;
    let pages = 0;
    while (path !== undefined) {
      const { body } = await portal.call('GET', path);
      seen.push(...body.results.map((each: { id: string }) => each.id));
      path = body.paging?.next.link.replace(portal.url, '');
      pages += 1;
    }
    expect([seen, pages]).toEqual([ids, 3]);
  });

  it.each([
    ['limit=100', 200],
    ['limit=101', 400],
    ['limit=0', 400],
    ['limit=50&propertiesWithHistory=name', 200],
    ['limit=51&propertiesWithHistory=name', 400],
    ['after=x', 400],
    ['associations=nowhere', 400],
  ])('answers ?%s with %i', async (query, status) => {
    expect((await portal.call('GET', `${OBJECTS}/companies?${query}`)).status).toBe(status);
  });
});

describe('a value', () => {
  it.each([
    ['deals', { amount: '25,000' }, 'INVALID_LONG'],
    ['deals', { nonsense: 'x' }, 'PROPERTY_DOESNT_EXIST'],
    ['deals', { hs_object_id: '1' }, 'READ_ONLY_VALUE'],
    ['deals', { dealtype: 'oldbusiness' }, 'INVALID_OPTION'],
    ['deals', { dealstage: 'Closed Won' }, 'INVALID_OPTION'],
    ['deals', { closedate: 'tomorrow' }, 'INVALID_LONG'],
    ['deals', { hubspot_owner_id: '60000001' }, 'INVALID_OPTION'],
    ['contacts', { email: 'nobody' }, 'INVALID_EMAIL'],
    ['tasks', { hs_task_subject: 'Call' }, 'MISSING_REQUIRED_PROPERTY'],
  ])('of %s that does not fit is refused: %j', async (objectType, properties, code) => {
    const refused = await portal.call('POST', `${OBJECTS}/${objectType}`, { properties });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({
      status: 'error',
      category: 'VALIDATION_ERROR',
      correlationId: refused.headers.get('x-hubspot-correlation-id'),
      errors: [{ code }],
    });
    expect(JSON.parse(refused.body.message.replace('Property values were not valid: ', ''))).toMatchObject([
      { isValid: false, error: code },
    ]);
    expect((await portal.call('GET', `${OBJECTS}/${objectType}`)).body.results).toEqual([]);
  });

  it('has one stored form, however it was written', async () => {
    const id = await portal.add('deals', {
      closedate: Date.parse('2026-05-01T00:00:00Z'),
      amount: 25000.5,
      dealstage: 'closedwon',
      hubspot_owner_id: 70_000_004,
    });
    const { body } = await portal.call('GET', `${OBJECTS}/deals/${id}?properties=closedate,amount,pipeline,hubspot_owner_id`);
    expect(body.properties).toMatchObject({
      closedate: '2026-05-01T00:00:00Z',
      amount: '25000.5',
      pipeline: 'default',
      hubspot_owner_id: '70000004',
    });
  });

  it('that is unique is given once: 409 for a new contact, 400 with both ids for a change, free again once its holder is archived', async () => {
    const first = await portal.add('contacts', { email: 'one@acme.example' });
    const second = await portal.add('contacts', { email: 'two@acme.example' });
    const created = await portal.call('POST', `${OBJECTS}/contacts`, { properties: { email: 'ONE@acme.example' } });
    expect([created.status, created.body]).toEqual([
      409,
      {
        status: 'error',
        message: `Contact already exists. Existing ID: ${first}`,
        correlationId: expect.any(String),
        category: 'CONFLICT',
      },
    ]);
    const changed = await portal.call('PATCH', `${OBJECTS}/contacts/${second}`, { properties: { email: 'one@acme.example' } });
    expect([changed.status, changed.body.category]).toEqual([400, 'VALIDATION_ERROR']);
    expect(changed.body.message).toBe(
      `Cannot set PropertyValueCoordinates{portalId=424242, objectTypeId=0-1, propertyName=email, value=one@acme.example} on ${second}. ${first} already has that value.`,
    );
    await portal.call('DELETE', `${OBJECTS}/contacts/${first}`);
    expect((await portal.call('PATCH', `${OBJECTS}/contacts/${second}`, { properties: { email: 'one@acme.example' } })).status).toBe(200);
  });
});

describe('a call that nobody may make or that leads nowhere', () => {
  it.each([
    [{}, 'INVALID_AUTHENTICATION'],
    [{ authorization: 'Bearer pat-sandbox-nobody' }, 'INVALID_AUTHENTICATION'],
  ])('is 401 with %j', async (headers, category) => {
    const refused = await portal.call('GET', `${OBJECTS}/deals`, undefined, { authorization: '', ...headers });
    expect([refused.status, refused.body.category]).toEqual([401, category]);
  });

  it.each([
    ['GET', '/crm/v3/objects/widgets', 400, 'Unable to infer object type from: widgets'],
    ['GET', '/crm/v3/objects/tickets', 501, 'The object tickets is not built in this sandbox'],
    ['GET', '/crm/v3/imports', 501, 'This resource of the CRM is not built in this sandbox'],
    ['GET', '/crm/v3/objects/deals/abc', 404, 'Object not found.  objectId are usually numeric.'],
    ['GET', '/nowhere', 404, undefined],
  ])('%s %s is %i', async (method, path, status, message) => {
    const answer = await portal.call(method, path, method === 'POST' ? {} : undefined);
    expect([answer.status, answer.body.message]).toEqual([status, message]);
  });

  it.each([['{"properties":'], ['{}'], ['{"properties":{"name":["x"]}}']])('is 400 with the body %s', async (body) => {
    const refused = await portal.call('POST', `${OBJECTS}/companies`, body);
    expect([refused.status, refused.body.category]).toEqual([400, 'VALIDATION_ERROR']);
  });
});
