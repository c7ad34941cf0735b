import { Client } from '@hubspot/api-client';
import { connectTo, failureOf, openStubPortal, sendJson, type StubPortal } from '../stub-portal.ts';

let portal: StubPortal;
beforeEach(async () => {
  portal = await openStubPortal();
});
afterEach(() => portal.close());

const client = () => new Client({ accessToken: 'x', basePath: portal.url, numberOfApiCallRetries: 1 });

describe('a portal that gives no answer', () => {
  it('the client still waits when we have given up', async () => {
    portal.answer = () => {};
    let outcome = 'waiting';
    const bare = client()
      .crm.companies.basicApi.getById('1')
      .then(
        () => (outcome = 'answered'),
        () => (outcome = 'failed'),
      );
    expect(await failureOf(connectTo(portal, { requestTimeoutMs: 300 }).describe('companies'))).toMatchObject({
      code: 'CRM_UNAVAILABLE',
      message: 'No complete answer within 300 ms',
    });
    expect(outcome).toBe('waiting');
    await portal.close();
    await bare;
    expect(outcome).toBe('failed');
    portal = await openStubPortal();
  });

  it('we give up an answer that stops half-way, too', async () => {
    portal.answer = (_request, response) => void response.writeHead(200, { 'content-length': '100' }).write('{');
    expect(await failureOf(connectTo(portal, { requestTimeoutMs: 300 }).describe('companies'))).toMatchObject({ code: 'CRM_UNAVAILABLE' });
  });
});

describe('a connection that is cut', () => {
  const cutBefore: StubPortal['answer'] = (_request, response) => {
    response.destroy();
  };
  const cutAmid: StubPortal['answer'] = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{', () => void response.destroy());
  };

  it.each([
    ['before the answer', 'fetch failed', cutBefore],
    ['amid the answer', 'terminated', cutAmid],
  ] as const)('%s is a TypeError of the client, without a code, and CRM_UNAVAILABLE of ours', async (_when, words, cut) => {
    portal.answer = cut;
    const bare: unknown = await client()
      .crm.companies.basicApi.getById('1')
      .catch((error: unknown) => error);
    expect(bare).toMatchObject({ name: 'TypeError', message: words });
    expect(bare).not.toHaveProperty('code');
    expect(await failureOf(connectTo(portal).describe('companies'))).toMatchObject({ code: 'CRM_UNAVAILABLE' });
  });
});

it('the raw call of the client throws for no refusal and passes over its middleware; we make none', async () => {
  portal.answer = (_request, response) => sendJson(response, 400, { status: 'error', message: 'no' });
  const seen: string[] = [];
  const middleware = { pre: async (request: never) => (seen.push('pre'), request), post: async (response: never) => response };
  const bare = new Client({ accessToken: 'x', basePath: portal.url, middleware: [middleware] as never });
  expect((await bare.apiRequest({ method: 'GET', path: '/crm/v3/objects/companies/1' })).status).toBe(400);
  expect(seen).toEqual([]);
  await failureOf(connectTo(portal, { apiVersion: '2026-09' }).describe('companies'));
  expect(portal.requests.at(-1)?.path).toBe('/crm/properties/2026-09/companies');
});

it('a redirect is not followed, so that the token goes nowhere else', async () => {
  const other = await openStubPortal();
  portal.answer = (request, response) => void response.writeHead(307, { location: other.url + request.path }).end();
  await client()
    .crm.companies.basicApi.getById('1')
    .catch(() => null);
  expect(other.requests).toHaveLength(1);
  expect(await failureOf(connectTo(portal).describe('companies'))).toMatchObject({ code: 'CRM_UNAVAILABLE' });
  expect(other.requests).toHaveLength(1);
  await other.close();
});
