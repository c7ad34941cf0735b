import { createSign, generateKeyPairSync } from 'node:crypto';
import { Connection } from 'jsforce';
import { openOrg, ORG_START } from './opened-org.ts';
import type { Answer, OpenedOrg } from './opened-org.ts';

const NOW = Math.floor(ORG_START / 1000);
const JWT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SECRET = 's3cr+t/=';
const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const pemOf = (key: ReturnType<typeof pair>['publicKey']) => key.export({ type: 'spki', format: 'pem' }).toString();

/** An org whose administrator registered apps: other client ids are nobody's. */
describe('signing in where apps are registered', () => {
  const { privateKey, publicKey } = pair();
  const stranger = pair();
  let org: OpenedOrg;

  beforeAll(async () => void (org = await openOrg()));
  afterAll(() => org.close());
  beforeEach(async () => {
    await org.reset();
    const apps = [
      { clientId: 'app', clientSecret: SECRET, certificate: pemOf(publicKey) },
      { clientId: 'steady', refreshTokenRotation: false },
      { clientId: 'few', clientSecret: SECRET, certificate: pemOf(publicKey), users: ['rep@acme.example'] },
      { clientId: 'nobody', clientSecret: SECRET, runAs: null },
      { clientId: 'full', clientSecret: SECRET, scopes: ['full', 'refresh_token'] },
    ];
    await org.control('apps', { apps });
  });

  const token = (form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> =>
    org.call('POST', '/services/oauth2/token', new URLSearchParams(form).toString(), {
      authorization: '',
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    });
  const assertion = (change: object = {}, key = privateKey, header: object = { alg: 'RS256' }) => {
    const claims = { iss: 'app', sub: 'rep@acme.example', aud: 'https://login.salesforce.com', exp: NOW + 180, ...change };
    const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
  };
  const byAssertion = (text: string) => token({ grant_type: JWT, assertion: text });
  const outcome = ({ status, body }: Answer) => [status, body.error ?? 'granted', body.error_description ?? body.scope];
  const statusWith = async (accessToken: string) =>
    (await org.call('GET', '/limits', undefined, { authorization: `Bearer ${accessToken}` })).status;
  const signInWithPassword = async (clientId: string) => {
    const form = { grant_type: 'password', client_id: clientId, username: 'rep@acme.example', password: 'x' };
    return (await token(clientId === 'app' ? { ...form, client_secret: SECRET } : form)).body;
  };
  const renew = (refreshToken: string, client: Record<string, string> = { client_id: 'app', client_secret: SECRET }) =>
    token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...client });

  it.each([
    ['the right secret', { client_id: 'app', client_secret: SECRET }, [200, 'granted', 'api id']],
    ['a wrong secret', { client_id: 'app', client_secret: 'x' }, [400, 'invalid_client', 'invalid client credentials']],
    ['no secret', { client_id: 'app' }, [400, 'invalid_client', 'invalid client credentials']],
    ['an app that is not registered', { client_id: 'x', client_secret: SECRET }, [400, 'invalid_client_id', 'client identifier invalid']],
    [
      'an app without a user of its own',
      { client_id: 'nobody', client_secret: SECRET },
      [400, 'invalid_grant', 'no client credentials user enabled'],
    ],
    ['an app with scopes for people only', { client_id: 'full', client_secret: SECRET }, [400, 'invalid_grant', 'no valid scopes defined']],
    [
      'a user whom nobody approved',
      { client_id: 'few', client_secret: SECRET },
      [400, 'invalid_app_access', 'user is not admin approved to access this app'],
    ],
  ])('client credentials: %s', async (_what, client, expected) => {
    expect(outcome(await token({ grant_type: 'client_credentials', ...client }))).toEqual(expected);
  });

  it('takes the client from the header of HTTP Basic, encoded as in a form', async () => {
    const basic = (secret: string) => ({ authorization: `Basic ${Buffer.from(`app:${secret}`).toString('base64')}` });
    const form = { grant_type: 'client_credentials' };
    expect((await token(form, basic(encodeURIComponent(SECRET)))).status).toBe(200);
    expect((await token(form, basic(SECRET))).status).toBe(200);
    expect(outcome(await token(form, basic('wrong')))).toEqual([400, 'invalid_client', 'invalid client credentials']);
  });

  it.each([
    ['a good one', {}, 200, 'granted'],
    ['the audience of sandbox orgs', { aud: 'https://test.salesforce.com' }, 200, 'granted'],
    ['an expiry as text', { exp: String(NOW + 180) }, 200, 'granted'],
    ['an expiry in milliseconds', { exp: NOW * 1000 + 300 }, 200, 'granted'],
    ['the last second of its life', { exp: NOW + 1 }, 200, 'granted'],
    ['the second at which it expired', { exp: NOW }, 400, 'expired authorization code'],
    ['one that lives five minutes', { exp: NOW + 300 }, 200, 'granted'],
    ['one that lives longer', { exp: NOW + 302 }, 400, 'invalid assertion'],
    ['another audience', { aud: 'https://example.com' }, 400, 'audience is invalid'],
    ['an unknown user', { sub: 'nobody@acme.example' }, 400, "user hasn't approved this consumer"],
    ['an unknown app', { iss: 'x' }, 400, 'client identifier invalid'],
    ['an app without a certificate', { iss: 'steady' }, 400, 'invalid assertion'],
    ['no expiry', { exp: null }, 400, 'invalid assertion'],
    ['a user whom nobody approved', { iss: 'few', sub: 'rep2@acme.example' }, 400, 'user is not admin approved to access this app'],
  ])('an assertion: %s', async (_what, change, status, said) => {
    const answer = await byAssertion(assertion(change));
    expect([answer.status, answer.body.error_description ?? 'granted']).toEqual([status, said]);
  });

  it('verifies who signed an assertion, and with what', async () => {
    const good = assertion();
    const [header = '', claims = '', signature = ''] = good.split('.');
    const forged = Buffer.from(JSON.stringify({ iss: 'app', sub: 'vp@acme.example', aud: 'https://login.salesforce.com', exp: NOW + 60 }));
    const refused = [
      assertion({}, stranger.privateKey),
      `${header}.${forged.toString('base64url')}.${signature}`,
      assertion({}, privateKey, { alg: 'none' }),
      `${header}.${claims}.`,
      `${good}.x`,
    ];
    for (const text of refused) expect(outcome(await byAssertion(text))).toEqual([400, 'invalid_grant', 'invalid assertion']);
    expect((await byAssertion(good)).status).toBe(200);
  });

  it('tells of a user who is not active any more', async () => {
    const [rep] = await org.query("SELECT Id FROM User WHERE Alias = 'rep'");
    await org.call('PATCH', `/sobjects/User/${String(rep?.['Id'])}`, { IsActive: false });
    expect(outcome(await byAssertion(assertion()))).toEqual([400, 'inactive_user', 'user is inactive']);
  });

  it('gives a new refresh token for each that is used, and takes none twice', async () => {
    const first = await signInWithPassword('app');
    const second = (await renew(first.refresh_token)).body;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(outcome(await renew(first.refresh_token))).toEqual([400, 'invalid_grant', 'expired access/refresh token']);
    expect((await renew(second.refresh_token)).status).toBe(200);
    expect([await statusWith(first.access_token), await statusWith(second.access_token)]).toEqual([200, 200]);
  });

  it('leaves the refresh token as it is where the app does not rotate', async () => {
    const { refresh_token: refreshToken } = await signInWithPassword('steady');
    for (const _time of [1, 2]) {
      const { status, body } = await renew(refreshToken, { client_id: 'steady' });
      expect([status, body.refresh_token]).toEqual([200, undefined]);
    }
  });

  it.each([
    ['another app', { client_id: 'steady' }, 'expired access/refresh token'],
    ['a wrong secret', { client_id: 'app', client_secret: 'x' }, 'invalid client credentials'],
    ['an unknown app', { client_id: 'x' }, 'client identifier invalid'],
  ])('does not renew for %s', async (_who, client, said) => {
    const { refresh_token: refreshToken } = await signInWithPassword('app');
    expect((await renew(refreshToken, client)).body.error_description).toBe(said);
    expect((await renew(refreshToken)).status).toBe(200);
  });

  it('ends the sessions of a refresh token with it, and an access token alone', async () => {
    const revoke = (text: string) => org.call('POST', `/services/oauth2/revoke?token=${encodeURIComponent(text)}`);
    const first = await signInWithPassword('app');
    const other = await signInWithPassword('app');
    const second = (await renew(first.refresh_token)).body;
    await revoke(first.access_token);
    expect([await statusWith(first.access_token), await statusWith(second.access_token)]).toEqual([401, 200]);
    await revoke(second.refresh_token);
    expect([await statusWith(second.access_token), (await renew(second.refresh_token)).status]).toEqual([401, 400]);
    expect([await statusWith(other.access_token), (await renew(other.refresh_token)).status]).toEqual([200, 200]);
    expect((await revoke('nothing')).body.error).toBe('unsupported_token_type');
  });

  it('ends sessions and refresh tokens when a test says so', async () => {
    const { access_token: accessToken, refresh_token: refreshToken } = await signInWithPassword('app');
    expect((await org.control('sessions', { end: 'access', user: 'rep2' })).body).toEqual({ ended: 0 });
    expect((await org.control('sessions', { end: 'access', user: 'rep' })).body).toEqual({ ended: 1 });
    expect([await statusWith(accessToken), await statusWith('00D000000000001!rep')]).toEqual([401, 200]);
    const next = (await renew(refreshToken)).body;
    expect((await org.control('sessions', { end: 'all' })).body).toEqual({ ended: 2 });
    expect([await statusWith(next.access_token), (await renew(next.refresh_token)).status]).toEqual([401, 400]);
    expect((await org.control('sessions', { end: 'all', user: 'nobody' })).status).toBe(400);
  });

  it('takes the token from the header alone', async () => {
    const { access_token: accessToken } = await signInWithPassword('app');
    const path = `/limits?oauth_token=${encodeURIComponent(accessToken)}&access_token=${encodeURIComponent(accessToken)}`;
    expect((await org.call('GET', path, undefined, { authorization: '' })).status).toBe(401);
  });

  it('goes back to taking every client when it is reset, and says what is wrong with an app', async () => {
    await org.reset();
    expect((await token({ grant_type: 'client_credentials', client_id: 'any', client_secret: 'any' })).status).toBe(200);
    const answer = await org.control('apps', { apps: [{ clientId: 'a', certificate: 'x' }] });
    expect([answer.status, answer.body.problems[0]]).toEqual([
      400,
      { path: 'apps.0.certificate', message: 'expected an RSA certificate or public key as PEM' },
    ]);
  });

  it('serves jsforce: client credentials, an assertion, and a refresh token that rotates', async () => {
    const open = (clientSecret: string) =>
      new Connection({ loginUrl: org.url, version: '66.0', oauth2: { loginUrl: org.url, clientId: 'app', clientSecret } });
    await expect(open('wrong').authorize({ grant_type: 'client_credentials' })).rejects.toThrow('invalid client credentials');
    const byClient = open(SECRET);
    await byClient.authorize({ grant_type: 'client_credentials' });
    expect((await byClient.identity()).username).toBe('integration@acme.example');
    const bySigned = open(SECRET);
    await bySigned.authorize({ grant_type: JWT, assertion: assertion() });
    expect((await bySigned.identity()).username).toBe('rep@acme.example');

    const { access_token: accessToken, refresh_token: refreshToken } = await signInWithPassword('app');
    const renewing = new Connection({
      instanceUrl: org.url,
      version: '66.0',
      accessToken,
      refreshToken,
      oauth2: { loginUrl: org.url, clientId: 'app', clientSecret: SECRET },
    });
    await org.control('sessions', { end: 'access' });
    expect((await renewing.query('SELECT Id FROM Account')).done).toBe(true);
    expect(renewing.accessToken).not.toBe(accessToken);
  });
});
