import { Client } from '@hubspot/api-client';
import { OBJECTS, openPortal, PORTAL_START } from './opened-portal.ts';
import type { Answer, OpenedPortal } from './opened-portal.ts';

let portal: OpenedPortal;
beforeAll(async () => {
  portal = await openPortal();
});
beforeEach(() => portal.reset());
afterAll(() => portal.close());

const BACK = 'http://127.0.0.1:3000/back';
const CLIENT = { client_id: 'our-app', client_secret: 'our-secret' };
const HALF_HOUR_MS = 30 * 60 * 1000;

const form = (path: string, fields: Record<string, string>): Promise<Answer> =>
  portal.call('POST', path, new URLSearchParams(fields).toString(), {
    authorization: '',
    'content-type': 'application/x-www-form-urlencoded',
  });
const withToken = (token: string) => ({ authorization: `Bearer ${token}` });

async function codeFor(scope: string, as = 'rep', more = ''): Promise<string> {
  const query = new URLSearchParams({ client_id: CLIENT.client_id, redirect_uri: BACK, scope, state: 'x1', as });
  const answer = await fetch(`${portal.url}/oauth/authorize?${query.toString()}${more}`, { redirect: 'manual' });
  const back = new URL(answer.headers.get('location') ?? '');
  expect([answer.status, back.origin + back.pathname, back.searchParams.get('state')]).toEqual([302, BACK, 'x1']);
  return back.searchParams.get('code') ?? '';
}

async function tokensFor(scope: string): Promise<{ access_token: string; refresh_token: string }> {
  const fields = { ...CLIENT, grant_type: 'authorization_code', code: await codeFor(scope), redirect_uri: BACK };
  return (await form('/oauth/v1/token', fields)).body;
}

describe('an authorization code', () => {
  it.each(['v1', 'v3', '2026-03', '2026-09'])('is exchanged once under %s for tokens of its scopes', async (version) => {
    const fields = {
      ...CLIENT,
      grant_type: 'authorization_code',
      code: await codeFor('crm.objects.deals.read crm.objects.companies.read'),
      redirect_uri: BACK,
    };
    const answer = await form(`/oauth/${version}/token`, fields);
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        token_type: 'bearer',
        refresh_token: expect.any(String),
        access_token: expect.any(String),
        expires_in: 1800,
        token_use: 'access_token',
        scopes: ['oauth', 'crm.objects.deals.read', 'crm.objects.companies.read'],
        hub_id: 424_242,
        user_id: 60_000_004,
      },
    ]);
    const again = await form(`/oauth/${version}/token`, fields);
    expect([again.status, again.body]).toEqual([
      400,
      {
        status: 'BAD_AUTH_CODE',
        message: 'missing or unknown auth code',
        correlationId: again.headers.get('x-hubspot-correlation-id'),
        error: 'invalid_grant',
        error_description: 'missing or unknown auth code',
      },
    ]);
  });

  it('is refused for another address, another verifier, or too late', async () => {
    const exchange = async (code: string, more: Record<string, string> = {}) =>
      (await form('/oauth/v1/token', { ...CLIENT, grant_type: 'authorization_code', code, redirect_uri: BACK, ...more })).body.status;
    expect(await exchange(await codeFor('oauth'), { redirect_uri: `${BACK}/` })).toBe('MISMATCH_REDIRECT_URI_AUTH_CODE');
    // RFC 7636, appendix B.
    const challenge = '&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256';
    expect(await exchange(await codeFor('oauth', 'rep', challenge), { code_verifier: 'wrong' })).toBe('BAD_CODE_VERIFIER');
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    expect(await exchange(await codeFor('oauth', 'rep', challenge), { code_verifier: verifier })).toBeUndefined();
    const late = await codeFor('oauth');
    await portal.control('clock', { advanceMs: 10 * 60 * 1000 });
    expect(await exchange(late)).toBe('BAD_AUTH_CODE');
  });

  it('is given by a page where its reader chooses who they are', async () => {
    const page = await fetch(`${portal.url}/oauth/${424_242}/authorize?client_id=a&redirect_uri=${BACK}&scope=oauth`);
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain('Robin Epstein (rep)');
    expect(html).toContain('error=access_denied');
  });
});

describe('registered apps', () => {
  it('are known by id and secret, and have to ask for the scopes that they require', async () => {
    const ours = { clientId: 'ours', clientSecret: 'right', appId: 77, redirectUrls: [BACK], scopes: ['crm.objects.deals.read'] };
    expect((await portal.control('apps', { apps: [{ ...ours, optionalScopes: [] }] })).status).toBe(200);
    const token = async (fields: Record<string, string>) =>
      (await form('/oauth/v1/token', { grant_type: 'refresh_token', ...fields })).body;
    expect(await token({ client_id: 'theirs', client_secret: 'right' })).toMatchObject({
      status: 'BAD_CLIENT_ID',
      error: 'invalid_client',
    });
    expect(await token({ client_id: 'ours', client_secret: 'wrong' })).toMatchObject({ status: 'BAD_CLIENT_SECRET' });
    expect(await token({ client_id: 'ours', client_secret: 'right', refresh_token: 'x' })).toMatchObject({ status: 'BAD_REFRESH_TOKEN' });
    const ask = async (redirect: string, scope: string) => {
      const query = new URLSearchParams({ client_id: 'ours', redirect_uri: redirect, scope, as: 'rep' });
      return (await fetch(`${portal.url}/oauth/authorize?${query.toString()}`, { redirect: 'manual' })).status;
    };
    expect(await ask(BACK, 'crm.objects.deals.read')).toBe(302);
    expect(await ask('http://127.0.0.1:3000/elsewhere', 'crm.objects.deals.read')).toBe(400);
    expect(await ask(BACK, 'crm.objects.companies.read')).toBe(400);
    expect(await ask(BACK, 'crm.objects.deals.read crm.objects.companies.read')).toBe(400);
  });

  it('write under their own id, and have their refresh tokens rotated where they ask for it', async () => {
    const app = { clientId: 'our-app', clientSecret: 'our-secret', appId: 77, refreshTokenRotation: true };
    await portal.control('apps', { apps: [app] });
    const first = await tokensFor('crm.objects.companies.write');
    const renewed = await form('/oauth/v1/token', { ...CLIENT, grant_type: 'refresh_token', refresh_token: first.refresh_token });
    expect(renewed.body.refresh_token).not.toBe(first.refresh_token);
    const again = await form('/oauth/v1/token', { ...CLIENT, grant_type: 'refresh_token', refresh_token: first.refresh_token });
    expect(again.body.status).toBe('BAD_REFRESH_TOKEN');
    const made = await portal.call('POST', `${OBJECTS}/companies`, { properties: { name: 'A' } }, withToken(renewed.body.access_token));
    expect(made.body.properties).toMatchObject({ hs_object_source: 'INTEGRATION', hs_object_source_id: '77' });
  });
});

describe('an access token', () => {
  it('ends after half an hour of the sandbox, in the words of HubSpot, and is renewed without a new refresh token', async () => {
    const tokens = await tokensFor('crm.objects.deals.read');
    const read = (token: string) => portal.call('GET', `${OBJECTS}/deals`, undefined, withToken(token));
    expect((await read(tokens.access_token)).status).toBe(200);
    await portal.control('clock', { advanceMs: HALF_HOUR_MS - 1 });
    expect((await read(tokens.access_token)).status).toBe(200);
    await portal.control('clock', { advanceMs: 5001 });
    const expired = await read(tokens.access_token);
    expect([expired.status, expired.body]).toEqual([
      401,
      {
        status: 'error',
        message: 'The OAuth token used to make this call expired 5 second(s) ago.',
        correlationId: expect.any(String),
        context: { 'expire time': [new Date(PORTAL_START + HALF_HOUR_MS).toISOString()] },
        category: 'EXPIRED_AUTHENTICATION',
      },
    ]);
    const renewed = await form('/oauth/2026-03/token', { ...CLIENT, grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    expect(renewed.body.refresh_token).toBe(tokens.refresh_token);
    expect((await read(renewed.body.access_token)).status).toBe(200);
  });

  it('is nobody’s once its refresh token is revoked', async () => {
    const tokens = await tokensFor('crm.objects.deals.read');
    const about = (token: string) => form('/oauth/2026-09/token/introspect', { ...CLIENT, token });
    expect((await about(tokens.access_token)).body).toMatchObject({
      active: true,
      token_use: 'access_token',
      expires_in: 1800,
      hub_id: 424_242,
      user: 'rep@acme.example',
      scopes: ['oauth', 'crm.objects.deals.read'],
    });
    expect((await about(tokens.refresh_token)).body).toMatchObject({ active: true, token_use: 'refresh_token', client_id: 'our-app' });
    expect((await form('/oauth/2026-09/token/revoke', { ...CLIENT, token: tokens.refresh_token })).status).toBe(200);
    for (const token of [tokens.access_token, tokens.refresh_token]) expect((await about(token)).body).toEqual({ active: false });
    const refused = await portal.call('GET', `${OBJECTS}/deals`, undefined, withToken(tokens.access_token));
    expect([refused.status, refused.body.category]).toEqual([401, 'INVALID_AUTHENTICATION']);
  });

  it('can be ended from outside', async () => {
    const tokens = await tokensFor('crm.objects.deals.read');
    expect((await portal.control('sessions', { end: 'access', user: 'rep2' })).body).toEqual({ ended: 0 });
    expect((await portal.control('sessions', { end: 'access', user: 'rep' })).body).toEqual({ ended: 1 });
    expect((await portal.call('GET', `${OBJECTS}/deals`, undefined, withToken(tokens.access_token))).status).toBe(401);
    const renewed = await form('/oauth/v1/token', { ...CLIENT, grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    expect(renewed.status).toBe(200);
  });

  it('of the app itself belongs to no portal', async () => {
    const fields = { ...CLIENT, grant_type: 'client_credentials', scope: 'developer.webhooks_journal.read' };
    const answer = await form('/oauth/2026-03/token', fields);
    expect(answer.body).toEqual({
      token_type: 'bearer',
      access_token: expect.any(String),
      expires_in: 1800,
      token_use: 'client_credentials',
      scopes: ['developer.webhooks_journal.read'],
    });
    const refused = await portal.call('GET', `${OBJECTS}/deals`, undefined, withToken(answer.body.access_token));
    expect([refused.status, refused.body.category]).toEqual([403, 'MISSING_SCOPES']);
    expect((await form('/oauth/2026-03/token', { ...fields, scope: 'crm.objects.deals.read' })).body.status).toBe('BAD_SCOPES');
  });

  it('is told about and ended by the client of HubSpot', async () => {
    const { refresh_token: refreshToken } = await tokensFor('crm.objects.deals.read');
    const client = new Client({ basePath: portal.url, numberOfApiCallRetries: 0 });
    const { client_id: id, client_secret: secret } = CLIENT;
    const renewed = await client.oauth.tokensApi.create('refresh_token', undefined, undefined, id, secret, refreshToken);
    expect([renewed.expiresIn, renewed.refreshToken]).toEqual([1800, refreshToken]);
    expect(await client.oauth.accessTokensApi.get(renewed.accessToken)).toMatchObject({ hubId: 424_242, user: 'rep@acme.example' });
    expect(await client.oauth.refreshTokensApi.get(refreshToken)).toMatchObject({ clientId: 'our-app' });
    await client.oauth.refreshTokensApi.archive(refreshToken);
    await expect(client.oauth.tokensApi.create('refresh_token', undefined, undefined, id, secret, refreshToken)).rejects.toMatchObject({
      code: 400,
    });
    await expect(client.oauth.accessTokensApi.get(renewed.accessToken)).rejects.toMatchObject({ code: 404 });
  });
});

describe('scopes', () => {
  it('are asked of every call, and the refusal names those of which one is enough', async () => {
    const tokens = await tokensFor('crm.objects.companies.read');
    const call = (method: string, path: string, body?: object) => portal.call(method, path, body, withToken(tokens.access_token));
    expect((await call('GET', `${OBJECTS}/companies`)).status).toBe(200);
    expect((await call('POST', `${OBJECTS}/companies/search`, {})).status).toBe(200);
    const refused = await call('GET', '/crm/v3/properties/deals');
    expect([refused.status, refused.body]).toEqual([
      403,
      {
        status: 'error',
        message: expect.stringMatching(/^This app hasn't been granted all required scopes to make this call\./),
        correlationId: expect.any(String),
        errors: [
          {
            message: 'One or more of the following scopes are required.',
            context: { requiredGranularScopes: ['crm.schemas.deals.read', 'crm.objects.deals.read'] },
          },
        ],
        links: { scopes: 'https://developers.hubspot.com/scopes' },
        category: 'MISSING_SCOPES',
      },
    ]);
  });

  it.each([
    ['POST', '/crm/v3/objects/companies', 'crm.objects.companies.write'],
    ['POST', '/crm/objects/2026-09/notes/batch/create', 'crm.objects.contacts.write'],
    ['POST', '/crm/v3/objects/deals/batch/read', 'crm.objects.deals.read'],
    ['GET', '/crm/v4/objects/companies/1/associations/deals', 'crm.objects.deals.read'],
    ['PUT', '/crm/v4/objects/companies/1/associations/default/contacts/2', 'crm.objects.companies.write'],
    ['POST', '/crm/v4/associations/deals/companies/batch/archive', 'crm.objects.deals.write'],
    ['POST', '/crm/v3/pipelines/deals', 'crm.schemas.deals.write'],
    ['GET', '/crm/v3/owners', 'crm.objects.owners.read'],
    ['POST', '/crm-object-schemas/v3/schemas', 'crm.schemas.custom.write'],
    ['GET', '/crm-object-schemas/2026-03/schemas', 'crm.schemas.custom.read'],
  ])('%s %s needs %s', async (method, path, scope) => {
    const token = 'pat-sandbox-integration';
    expect((await portal.control('scopes', { token, without: [scope] })).status).toBe(200);
    const refused = await portal.call(method, path, method === 'GET' ? undefined : {});
    expect([refused.status, refused.body.errors?.[0].context.requiredGranularScopes]).toEqual([403, [scope]]);
    await portal.control('scopes', { token, without: [] });
    expect((await portal.call(method, path, method === 'GET' ? undefined : {})).status).not.toBe(403);
  });

  it('that were taken from a refresh token are missing in what it renews', async () => {
    const tokens = await tokensFor('crm.objects.deals.read crm.objects.deals.write');
    await portal.control('scopes', { token: tokens.refresh_token, without: ['crm.objects.deals.write'] });
    const renewed = await form('/oauth/v1/token', { ...CLIENT, grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    expect(renewed.body.scopes).toEqual(['oauth', 'crm.objects.deals.read']);
    expect((await portal.control('scopes', { token: 'nobody', without: [] })).status).toBe(400);
  });
});
