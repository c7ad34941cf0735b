import { openOrg, ORG_START } from './opened-org.ts';
import type { Answer, OpenedOrg } from './opened-org.ts';

const HOUR_MS = 60 * 60 * 1000;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('sessions', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  const post = (path: string, form: Record<string, string>): Promise<Answer> =>
    org.call('POST', path, new URLSearchParams(form).toString(), FORM);
  const token = (form: Record<string, string>) => post('/services/oauth2/token', form);
  const statusWith = async (accessToken: string) =>
    (await org.call('GET', '/limits', undefined, { authorization: `Bearer ${accessToken}` })).status;
  const assertion = (claims: object) =>
    ['{"alg":"RS256"}', JSON.stringify(claims), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.');
  const CLIENT = { client_id: 'app', client_secret: 'secret' };
  const JWT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

  it('a client signs in as the integration user, and the token works', async () => {
    const { status, body } = await token({ grant_type: 'client_credentials', ...CLIENT });
    expect([status, body]).toEqual([
      200,
      {
        access_token: expect.stringMatching(/^00D\w{12}!.+/),
        instance_url: org.url,
        id: expect.stringMatching(/\/id\/00D000000000001EAA\/005\w{15}$/),
        token_type: 'Bearer',
        issued_at: String(ORG_START),
        scope: 'api id',
        signature: expect.any(String),
      },
    ]);
    expect(await statusWith(body.access_token)).toBe(200);
    const identity = await org.call('GET', new URL(body.id).pathname, undefined, { authorization: `Bearer ${body.access_token}` });
    expect(identity.body).toMatchObject({ username: 'integration@acme.example', organization_id: '00D000000000001EAA' });
  });

  it.each([
    [
      'a JWT',
      () =>
        token({
          grant_type: JWT,
          assertion: assertion({ iss: 'app', sub: 'rep@acme.example', aud: 'https://login.salesforce.com', exp: ORG_START / 1000 + 60 }),
        }),
    ],
    ['a password', () => token({ grant_type: 'password', ...CLIENT, username: 'rep@acme.example', password: 'any' })],
  ])('%s signs its user in', async (_how, ask) => {
    const { body } = await ask();
    const info = await org.call('GET', '/services/oauth2/userinfo', undefined, { authorization: `Bearer ${body.access_token}` });
    expect(info.body).toMatchObject({
      preferred_username: 'rep@acme.example',
      email: 'rep@acme.example',
      organization_id: '00D000000000001EAA',
    });
  });

  it.each([
    ['an unknown grant', { grant_type: 'magic' }, 'unsupported_grant_type', 'grant type not supported'],
    ['no client', { grant_type: 'client_credentials' }, 'invalid_client_id', 'client identifier invalid'],
    [
      'an unknown refresh token',
      { grant_type: 'refresh_token', ...CLIENT, refresh_token: 'x' },
      'invalid_grant',
      'expired access/refresh token',
    ],
    [
      'a JWT that expired',
      { grant_type: JWT, assertion: assertion({ iss: 'a', sub: 'rep@acme.example', aud: 'x', exp: 1 }) },
      'invalid_grant',
      'expired authorization code',
    ],
    ['what is no JWT', { grant_type: JWT, assertion: 'x' }, 'invalid_grant', 'invalid assertion'],
    [
      'an unknown user',
      { grant_type: 'password', ...CLIENT, username: 'nobody@acme.example', password: 'x' },
      'invalid_grant',
      'authentication failure',
    ],
  ])('%s is refused with an object', async (_what, form, error, description) => {
    const { status, body } = await token(form);
    expect([status, body]).toEqual([400, { error, error_description: description }]);
  });

  it('a refresh token renews until it is revoked', async () => {
    const { body } = await token({ grant_type: 'password', ...CLIENT, username: 'rep@acme.example', password: 'x' });
    const renew = () => token({ grant_type: 'refresh_token', ...CLIENT, refresh_token: body.refresh_token });
    expect((await renew()).status).toBe(200);
    expect((await post('/services/oauth2/revoke', { token: body.refresh_token })).status).toBe(200);
    expect((await renew()).status).toBe(400);
  });

  it.each([
    ['two hours without a call', 2 * HOUR_MS, 200],
    ['a moment more', 2 * HOUR_MS + 1, 401],
  ])('an issued token after %s answers %i', async (_when, advanceMs, status) => {
    const { body } = await token({ grant_type: 'client_credentials', ...CLIENT });
    await org.control('clock', { advanceMs });
    expect(await statusWith(body.access_token)).toBe(status);
    expect(await statusWith('00D000000000001!integration')).toBe(200);
  });

  it('a fixed token ends when it is revoked, until the next reset', async () => {
    await post('/services/oauth2/revoke', { token: '00D000000000001!rep' });
    expect([await statusWith('00D000000000001!rep'), await statusWith('00D000000000001!rep2')]).toEqual([401, 200]);
    await org.reset();
    expect(await statusWith('00D000000000001!rep')).toBe(200);
  });

  it.each(['', 'Bearer ', 'Bearer nonsense', 'Bearer 00D000000000001!nobody', 'Basic cmVwOng='])(
    '%p opens nothing',
    async (authorization) => {
      const answer = await org.call('GET', '/limits', undefined, { authorization });
      expect([answer.status, answer.body]).toEqual([401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]]);
    },
  );

  it('a user who was made inactive is out', async () => {
    const [rep] = await org.query("SELECT Id FROM User WHERE Alias = 'rep'");
    await org.call('PATCH', `/sobjects/User/${String(rep?.['Id'])}`, { IsActive: false });
    expect(await statusWith('00D000000000001!rep')).toBe(401);
  });
});
