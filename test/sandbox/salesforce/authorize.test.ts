import { createHash } from 'node:crypto';
import { Connection, OAuth2 } from 'jsforce';
import { openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

const BACK = 'http://127.0.0.1:9/back?kept=1';
const VERIFIER = 'v'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const MINUTE_MS = 60_000;

describe('the web-server flow', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  const ask = async (change: Record<string, string> = {}) => {
    const query = new URLSearchParams({ response_type: 'code', client_id: 'app', redirect_uri: BACK, state: 's&1', ...change });
    const response = await fetch(`${org.url}/services/oauth2/authorize?${query.toString()}`, { redirect: 'manual' });
    const location = response.headers.get('location');
    return { status: response.status, text: await response.text(), back: location === null ? null : new URL(location) };
  };
  const codeFor = async (change: Record<string, string> = {}) =>
    (await ask({ login_hint: 'rep@acme.example', ...change })).back?.searchParams.get('code') ?? '';
  const redeem = async (code: string, change: Record<string, string> = {}) => {
    const form = { grant_type: 'authorization_code', code, client_id: 'app', client_secret: 's', redirect_uri: BACK, ...change };
    const answer = await org.call('POST', '/services/oauth2/token', new URLSearchParams(form).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    });
    return answer.body.error_description ?? answer.body.scope;
  };

  it('lets a person choose who they are, and sends them back with a code and the state', async () => {
    const page = await ask();
    expect([page.status, page.back]).toEqual([200, null]);
    const [, link = ''] = /href="([^"]*login_hint=rep%40acme[^"]*)"/.exec(page.text) ?? [];
    const chosen = await fetch(org.url + link.replaceAll('&amp;', '&'), { redirect: 'manual' });
    const back = new URL(chosen.headers.get('location') ?? '');
    expect([back.origin + back.pathname, back.searchParams.get('kept'), back.searchParams.get('state')]).toEqual([
      'http://127.0.0.1:9/back',
      '1',
      's&1',
    ]);
    expect(await redeem(back.searchParams.get('code') ?? '')).toBe('api id refresh_token');
    expect(page.text).toContain('error=access_denied');
  });

  it('takes a code once, within its time, for its app and address', async () => {
    const code = await codeFor();
    expect([await redeem(code), await redeem(code)]).toEqual(['api id refresh_token', 'expired authorization code']);
    expect(await redeem('nonsense')).toBe('invalid authorization code');
    expect(await redeem(await codeFor(), { client_id: 'other' })).toBe('invalid authorization code');
    expect(await redeem(await codeFor(), { redirect_uri: 'http://127.0.0.1:9/' })).toBe('redirect_uri must match configuration');
    const [inTime, late] = [await codeFor(), await codeFor()];
    await org.control('clock', { advanceMs: 15 * MINUTE_MS - 1 });
    expect(await redeem(inTime)).toBe('api id refresh_token');
    await org.control('clock', { advanceMs: 1 });
    expect(await redeem(late)).toBe('expired authorization code');
  });

  it('holds a code against the verifier that it was asked for with', async () => {
    const codeWithChallenge = () => codeFor({ code_challenge: CHALLENGE, code_challenge_method: 'S256' });
    expect(await redeem(await codeWithChallenge(), { code_verifier: VERIFIER })).toBe('api id refresh_token');
    expect(await redeem(await codeWithChallenge(), { code_verifier: 'x'.repeat(43) })).toBe('invalid code verifier');
    expect(await redeem(await codeWithChallenge())).toBe('invalid code verifier');
  });

  it('sends nobody to an address that is not the app’s', async () => {
    await org.control('apps', { apps: [{ clientId: 'app', callbackUrls: [BACK] }] });
    expect((await ask({ login_hint: 'rep' })).status).toBe(302);
    for (const change of [{ redirect_uri: 'https://elsewhere.example' }, { redirect_uri: 'javascript:alert(1)' }, { client_id: '<b>' }]) {
      const { status, back, text } = await ask({ login_hint: 'rep', ...change });
      expect([status, back]).toEqual([400, null]);
      expect(text).toMatch(/error=(redirect_uri_mismatch|invalid_client_id)/);
    }
    expect((await ask({ response_type: 'magic' })).back?.searchParams.get('error')).toBe('unsupported_response_type');
  });

  it('serves jsforce, with its verifier', async () => {
    const oauth2 = new OAuth2({ loginUrl: org.url, clientId: 'app', clientSecret: 's', redirectUri: BACK, useVerifier: true });
    const address = oauth2.getAuthorizationUrl({ login_hint: 'rep@acme.example' });
    const code = new URL((await fetch(address, { redirect: 'manual' })).headers.get('location') ?? '').searchParams.get('code') ?? '';
    const connection = new Connection({ oauth2, version: '66.0' });
    await connection.authorize(code);
    expect((await connection.identity()).username).toBe('rep@acme.example');
    await org.control('sessions', { end: 'access' });
    expect((await connection.query('SELECT Id FROM Account')).done).toBe(true);
  });
});
