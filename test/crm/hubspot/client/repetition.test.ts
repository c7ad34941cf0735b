import { Client } from '@hubspot/api-client';
import { connectTo, failureOf, inTurn, openStubPortal, sendJson, sendPage, withProperties, type StubPortal } from '../stub-portal.ts';

let portal: StubPortal;
let log: jest.SpyInstance;
beforeEach(async () => {
  portal = await openStubPortal();
  log = jest.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(async () => {
  log.mockRestore();
  await portal.close();
});

const refuse =
  (status: number, body: object, headers: Record<string, string> = {}): StubPortal['answer'] =>
  (_request, response) =>
    sendJson(response, status, { status: 'error', ...body }, headers);
const found: StubPortal['answer'] = (_request, response) => sendJson(response, 200, { results: [], total: 0 });
const patience = { repeats: 2, pauseMs: 5_000 };
const client = () => new Client({ accessToken: 'x', basePath: portal.url, numberOfApiCallRetries: 3 });
const searches = () => portal.requests.filter(({ path }) => path.endsWith('/search'));
const secondly = refuse(429, { message: 'You have reached your search limit.', policyName: 'SECONDLY' });

describe('a record that was made although the answer says otherwise', () => {
  it('the client makes it again', async () => {
    portal.answer = inTurn(refuse(502, {}), refuse(500, {}), (_request, response) =>
      sendJson(response, 201, { id: '1', properties: {}, createdAt: '2026-03-02T09:00:00Z', updatedAt: '2026-03-02T09:00:00Z' }),
    );
    await client().crm.companies.basicApi.create({ properties: { name: 'One' }, associations: [] });
    expect(portal.requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST']);
    expect(log).toHaveBeenCalled();
  });

  it('we write by our id, which makes none twice, and say nothing aloud', async () => {
    portal.answer = inTurn(refuse(502, {}), (_request, response) =>
      sendJson(response, 200, { status: 'COMPLETE', results: [{ id: '1', properties: { partner_id: 'p-1' }, new: false }] }),
    );
    const crm = connectTo(portal, { patience });
    const row = { target: { kind: 'external_id', field: 'partner_id', value: 'p-1' }, fields: { name: 'One' } } as const;
    expect(await crm.write('companies', [row])).toEqual([{ kind: 'written', id: '1', created: false }]);
    expect(portal.requests.map(({ path }) => path)).toEqual(Array.from({ length: 2 }, () => '/crm/objects/2026-03/companies/batch/upsert'));
    expect(log).not.toHaveBeenCalled();
  });
});

describe('a search that came too early', () => {
  it('the client gives up unless the text is the one that it knows', async () => {
    portal.answer = secondly;
    await expect(client().crm.companies.searchApi.doSearch({ filterGroups: [] })).rejects.toMatchObject({ code: 429 });
    expect(portal.requests).toHaveLength(1);
  });

  it('we go by the name of the limit', async () => {
    portal.answer = withProperties(inTurn(secondly, found));
    expect(await connectTo(portal, { patience }).find('companies', 'name', ['x'], [])).toEqual([]);
    expect(searches()).toHaveLength(2);
  });
});

describe('what HubSpot asks to be repeated later', () => {
  it.each([
    ['423', refuse(423, { message: 'Locked' })],
    ['477 with Retry-After', refuse(477, { message: 'Migration in progress' }, { 'retry-after': '1' })],
  ])('the client does not repeat %s', async (_what, answer) => {
    portal.answer = inTurn(answer, found);
    await expect(client().crm.companies.searchApi.doSearch({ filterGroups: [] })).rejects.toMatchObject({ code: expect.any(Number) });
    expect(portal.requests).toHaveLength(1);
  });

  it.each([
    ['423', refuse(423, { message: 'Locked' })],
    ['477 with Retry-After', refuse(477, { message: 'Migration in progress' }, { 'retry-after': '1' })],
    ['429 of ten seconds', refuse(429, { policyName: 'TEN_SECONDLY_ROLLING' }, { 'x-hubspot-ratelimit-interval-milliseconds': '100' })],
    ['408', refuse(408, {})],
    ['a page', (_request, response) => sendPage(response, 502)],
    ['a connection that is cut', (_request, response) => response.destroy()],
  ] as readonly (readonly [string, StubPortal['answer']])[])('we repeat %s', async (_what, answer) => {
    portal.answer = withProperties(inTurn(answer, found));
    expect(await connectTo(portal, { patience }).find('companies', 'name', ['x'], [])).toEqual([]);
    expect(searches()).toHaveLength(2);
  });

  it.each([
    ['a pause that is too long', refuse(477, {}, { 'retry-after': '3600' }), { code: 'CRM_UNAVAILABLE', retryAfterMs: 3_600_000 }],
    ['the allowance of the day', refuse(429, { policyName: 'DAILY' }), { code: 'CRM_ALLOWANCE_EXHAUSTED' }],
    ['a refusal', refuse(400, { category: 'VALIDATION_ERROR', message: 'no' }), { code: 'CRM_VALUE_INVALID' }],
    ['a token that is none', refuse(401, { category: 'INVALID_AUTHENTICATION' }), { code: 'CRM_AUTH_FAILED' }],
  ])('we do not repeat %s, and say why', async (_what, answer, failure) => {
    portal.answer = withProperties(answer);
    expect(await failureOf(connectTo(portal, { patience }).find('companies', 'name', ['x'], []))).toMatchObject(failure);
    expect(searches()).toHaveLength(1);
  });

  it('we end after the repetitions that are allowed', async () => {
    portal.answer = withProperties(refuse(503, {}));
    await failureOf(connectTo(portal, { patience: { repeats: 1, pauseMs: 1_000 } }).find('companies', 'name', ['x'], []));
    expect(searches()).toHaveLength(2);
  });
});
