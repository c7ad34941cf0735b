import { connectTo, failureOf, openStubOrg, sendJson, type StubOrg } from './stub-org.ts';

let org: StubOrg;
beforeEach(async () => {
  org = await openStubOrg();
});
afterEach(() => org.close());

describe('an answer that does not come whole', () => {
  it.each<[string, StubOrg['answer'], RegExp]>([
    ['none at all', () => undefined, /No complete answer within 200 ms/],
    [
      'headers and half a body',
      (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"fie'),
      /No complete answer within 200 ms/,
    ],
    [
      'a connection that breaks off in the body',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"fields":[', () => response.destroy());
      },
      /The connection failed/,
    ],
    ['a connection that breaks off before', (_request, response) => void response.destroy(), /The connection failed/],
    [
      'half of a body that claims to be whole',
      (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"fields":['),
      /not readable/,
    ],
    [
      'a page instead of data',
      (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      /not readable/,
    ],
  ])('%s is CRM_UNAVAILABLE, after one attempt', async (_what, answer, message) => {
    org.answer = answer;
    const crm = await connectTo(org, { requestTimeoutMs: message.source.includes('200 ms') ? 200 : 10_000 });
    expect(await failureOf(crm.describe('Account'))).toMatchObject({ code: 'CRM_UNAVAILABLE', message: expect.stringMatching(message) });
    expect(org.requests).toHaveLength(1);
  });

  it('is CRM_UNAVAILABLE where nobody listens', async () => {
    const crm = await connectTo(org);
    await org.close();
    expect(await failureOf(crm.describe('Account'))).toMatchObject({
      code: 'CRM_UNAVAILABLE',
      message: 'The connection failed: ECONNREFUSED',
    });
  });
});

describe('an answer with an error', () => {
  it.each([500, 502, 503, 504, 420])('%i is not tried again by the client itself', async (status) => {
    org.answer = (_request, response) => sendJson(response, status, [{ errorCode: 'SERVER_UNAVAILABLE', message: 'Try later' }]);
    const crm = await connectTo(org);
    expect(await failureOf(crm.describe('Account'))).toMatchObject({ code: 'CRM_UNAVAILABLE', message: 'SERVER_UNAVAILABLE: Try later' });
    expect(org.requests).toHaveLength(1);
  });

  it('tells when to come back', async () => {
    org.answer = (_request, response) => sendJson(response, 429, '', { 'retry-after': '7' });
    const crm = await connectTo(org);
    expect(await failureOf(crm.describe('Account'))).toMatchObject({ code: 'CRM_RATE_LIMITED', retryAfterMs: 7_000 });
  });

  it('does not take the token along to another address', async () => {
    const other = await openStubOrg();
    org.answer = (_request, response) => void response.writeHead(302, { location: `${other.url}/services/data/` }).end();
    const crm = await connectTo(org);
    expect(await failureOf(crm.describe('Account'))).toMatchObject({
      code: 'CRM_UNAVAILABLE',
      message: expect.stringMatching(/My Domain/),
    });
    expect(other.requests).toEqual([]);
    await other.close();
  });
});
