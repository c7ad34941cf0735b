import { createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto';
import { Connection } from 'jsforce';
import { connectTo, failureOf, openStubOrg, sendJson, withDescribe, type StubOrg } from './stub-org.ts';

const EXPIRED = [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }];
const CLIENT = { kind: 'client_credentials', clientId: 'client', clientSecret: 's3cret' } as const;
const TOKEN_PATH = '/services/oauth2/token';

let org: StubOrg;
beforeEach(async () => {
  org = await openStubOrg();
});
afterEach(() => org.close());

const pathsOf = (): string[] => org.requests.map(({ method, path }) => `${method} ${path}`);

/** Hands out the tokens `t1`, `t2`, … and lets API calls through when `accepts` says so. */
function grantTokens(accepts: (token: string) => boolean): void {
  let granted = 0;
  const describe = withDescribe(() => undefined);
  org.answer = (request, response) => {
    if (request.path === TOKEN_PATH) {
      granted += 1;
      sendJson(response, 200, { access_token: `t${granted}`, instance_url: 'https://elsewhere.example', token_type: 'Bearer' });
    } else if (accepts(request.authorization?.replace('Bearer ', '') ?? '')) describe(request, response);
    else sendJson(response, 401, EXPIRED);
  };
}

describe('signing in', () => {
  it('sends nothing before the first call, and then signs in first', async () => {
    grantTokens(() => true);
    const crm = await connectTo(org, { auth: CLIENT });
    expect(org.requests).toEqual([]);
    await crm.describe('Account');
    expect(pathsOf()).toEqual([`POST ${TOKEN_PATH}`, 'GET /services/data/v66.0/sobjects/Account/describe']);
    expect(Object.fromEntries(new URLSearchParams(org.requests[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client',
      client_secret: 's3cret',
    });
    expect(org.requests[1]?.authorization).toBe('Bearer t1');
  });

  it('asks for one token for all calls that wait for it', async () => {
    grantTokens(() => true);
    const crm = await connectTo(org, { auth: CLIENT });
    await Promise.all(['Account', 'User', 'Opportunity'].map((object) => crm.describe(object)));
    expect(pathsOf().filter((path) => path.endsWith(TOKEN_PATH))).toHaveLength(1);
  });

  it('renews a session that expired, and repeats the call once', async () => {
    grantTokens((token) => token === 't2');
    const crm = await connectTo(org, { auth: CLIENT });
    await crm.describe('Account');
    expect(org.requests.map(({ authorization }) => authorization)).toEqual([undefined, 'Bearer t1', undefined, 'Bearer t2']);
  });

  it('renews once for all calls that find the session expired', async () => {
    grantTokens((token) => token === 't2');
    const crm = await connectTo(org, { auth: CLIENT });
    await Promise.all(['Account', 'User', 'Opportunity'].map((object) => crm.describe(object)));
    expect(pathsOf().filter((path) => path.endsWith(TOKEN_PATH))).toHaveLength(2);
  });

  it('gives up when the renewed session is refused as well', async () => {
    grantTokens(() => false);
    const crm = await connectTo(org, { auth: CLIENT });
    const failure = await failureOf(crm.describe('Account'));
    expect(failure).toMatchObject({ code: 'CRM_AUTH_FAILED', message: 'A renewed session was refused: Session expired or invalid' });
    expect(org.requests).toHaveLength(4);
  });

  it('jsforce by itself would go on for ever', async () => {
    grantTokens(() => false);
    const { answer } = org;
    org.answer = (request, response) => (org.requests.length > 20 ? void response.destroy() : answer(request, response));
    const naked = new Connection({
      instanceUrl: org.url,
      accessToken: 't0',
      version: '66.0',
      refreshFn: (_connection, callback) => callback(null, 't1'),
    });
    await expect(naked.requestPost('/anything', {})).rejects.toThrow(/fetch failed|socket|terminated|ECONN/i);
    expect(org.requests.length).toBeGreaterThan(20);
  });

  it('does not try to renew a fixed token', async () => {
    grantTokens(() => false);
    const crm = await connectTo(org);
    expect(await failureOf(crm.describe('Account'))).toMatchObject({ code: 'CRM_AUTH_FAILED' });
    expect(org.requests).toHaveLength(1);
  });

  it.each([
    [
      'a refusal',
      400,
      { error: 'invalid_grant', error_description: 'no client credentials user enabled' },
      'CRM_AUTH_FAILED',
      'invalid_grant: no client credentials user enabled. Name a run-as user in the client credentials flow of the app',
    ],
    ['a refusal without a reason', 401, '<html>', 'CRM_AUTH_FAILED', 'The sign-in was refused with HTTP 401'],
    ['an outage', 503, '<html>', 'CRM_UNAVAILABLE', 'HTTP 503 without a readable reason'],
    ['an answer without a token', 200, {}, 'CRM_UNAVAILABLE', 'The token endpoint answered without an access token'],
  ])('tells %s of the token endpoint', async (_what, status, body, code, message) => {
    org.answer = (_request, response) => sendJson(response, status, body);
    const crm = await connectTo(org, { auth: CLIENT });
    expect(await failureOf(crm.describe('Account'))).toMatchObject({ code, message });
    expect(org.requests).toHaveLength(1);
  });

  it('tells an outage of the token endpoint when a session expires, so that the connection is not parked', async () => {
    let tokens = 0;
    org.answer = (request, response) => {
      if (request.path !== TOKEN_PATH) sendJson(response, 401, EXPIRED);
      else if (++tokens === 1) sendJson(response, 200, { access_token: 't1' });
      else sendJson(response, 503, '');
    };
    const crm = await connectTo(org, { auth: CLIENT });
    const failures = await Promise.all(['Account', 'User', 'Opportunity', 'Lead'].map((object) => failureOf(crm.describe(object))));
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['CRM_UNAVAILABLE']));
  });

  it('signs in again after the endpoint recovered', async () => {
    org.answer = (_request, response) => sendJson(response, 503, '');
    const crm = await connectTo(org, { auth: CLIENT });
    await failureOf(crm.describe('Account'));
    grantTokens(() => true);
    expect((await crm.describe('Account')).name).toBe('Account');
  });

  it('signs the assertion of the JWT bearer flow with the key of the connection', async () => {
    grantTokens(() => true);
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const auth = {
      kind: 'jwt',
      clientId: 'client',
      username: 'integration@acme.example',
      audience: 'https://login.salesforce.com',
      privateKeyPem,
    } as const;
    await (await connectTo(org, { auth })).describe('Account');
    const form = new URLSearchParams(org.requests[0]?.body);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [header = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    expect(
      createVerify('RSA-SHA256')
        .update(`${header}.${claims}`)
        .verify(createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), signature, 'base64url'),
    ).toBe(true);
    const { exp, ...rest } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, number>;
    expect(rest).toEqual({ iss: 'client', sub: 'integration@acme.example', aud: 'https://login.salesforce.com' });
    expect(Number(exp) * 1_000 - Date.now()).toBeGreaterThan(100_000);
    expect(Number(exp) * 1_000 - Date.now()).toBeLessThanOrEqual(180_000);
  });

  it('tells of a key that cannot sign without quoting it', async () => {
    const auth = {
      kind: 'jwt',
      clientId: 'c',
      username: 'u',
      audience: 'a',
      privateKeyPem: '-----BEGIN PRIVATE KEY-----\nc2VjcmV0',
    } as const;
    const failure = await failureOf((await connectTo(org, { auth })).describe('Account'));
    expect(failure).toMatchObject({ code: 'CRM_AUTH_FAILED', message: 'The private key of the connection is not a PEM key that can sign' });
    expect(failure.cause).toBeUndefined();
  });
});

describe('connectSalesforce', () => {
  it.each([
    ['no address', { instanceUrl: 'acme' }, /instanceUrl is not a web address/],
    ['a Lightning address', { instanceUrl: 'https://acme.lightning.force.com' }, /Lightning address/],
    ['a version before Collections upsert', { apiVersion: '45.0' }, /apiVersion 45\.0; expected 46\.0 or later/],
    ['a version that is none', { apiVersion: 'latest' }, /apiVersion latest/],
    ['no time', { requestTimeoutMs: 0 }, /requestTimeoutMs 0; expected at least 1/],
  ])('refuses %s', async (_what, change, message) => {
    expect(await failureOf(connectTo(org, change))).toMatchObject({ code: 'CRM_REQUEST_INVALID', message: expect.stringMatching(message) });
  });

  it('tells of every exchange, and what the answers tell of the allowance and the clock', async () => {
    const aheadMs = 3_600_000;
    const calls: unknown[] = [];
    org.answer = withDescribe(() => undefined);
    const crm = await connectTo(org, {}, ({ operation, status }) => calls.push([operation, status]));
    expect([crm.usage(), crm.clockOffsetMs()]).toEqual([null, 0]);
    await crm.describe('Account');
    expect([crm.usage(), crm.clockOffsetMs()]).toEqual([null, 0]);
    org.answer = (_request, response) =>
      sendJson(response, 404, [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }], {
        'Sforce-Limit-Info': 'api-usage=18/15000; per-app-api-usage=17/250(appName=x)',
        Date: new Date(Date.now() + aheadMs).toUTCString(),
      });
    expect(await failureOf(crm.describe('Nothing__c'))).toMatchObject({ code: 'CRM_FIELD_UNKNOWN' });
    expect(crm.usage()).toEqual({ used: 18, limit: 15_000 });
    expect(Math.abs(crm.clockOffsetMs() - aheadMs)).toBeLessThanOrEqual(1_000);
    expect(calls).toEqual([
      ['describe', 200],
      ['describe', 404],
    ]);
  });
});
