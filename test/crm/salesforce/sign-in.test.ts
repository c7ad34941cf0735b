import { generateKeyPairSync } from 'node:crypto';
import { createMemoryShelf } from './memory-shelf.ts';
import { CLIENT, CLIENT_SECRET, openRegisteredOrg, SIGNED, type RegisteredOrg } from './registered-org.ts';
import { connectTo, failureOf, openStubOrg, sendJson } from './stub-org.ts';

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const MINUTE_MS = 60_000;

let org: RegisteredOrg;
beforeAll(async () => void (org = await openRegisteredOrg()));
beforeEach(() => org.reset());
afterAll(() => org.close());

const describeAccount = async (crm: { describe(object: string): Promise<{ readonly name: string }> }) =>
  (await crm.describe('Account')).name;
/** Every call of these is a round trip, other than describe, whose answer is kept. */
const usersOf = async (crm: Awaited<ReturnType<RegisteredOrg['connect']>>) => (await crm.find('User', 'Alias', ['rep'], ['Alias'])).length;

describe('a sign-in that the org refuses', () => {
  it.each([
    [
      'a wrong secret',
      { ...CLIENT, clientSecret: 'wrong-secret' },
      'invalid_client: invalid client credentials. Compare the client secret',
    ],
    ['an unknown app', { ...CLIENT, clientId: 'nobody' }, 'invalid_client_id: client identifier invalid. Compare the client id'],
    ['an unknown app that signs', { ...SIGNED, clientId: 'nobody' }, 'invalid_client_id: client identifier invalid. Compare the client id'],
    ['a key of another certificate', { ...SIGNED, privateKeyPem: stranger }, 'invalid_grant: invalid assertion. Upload the certificate'],
    ['a wrong audience', { ...SIGNED, audience: 'https://example.com' }, 'invalid_grant: audience is invalid. The audience is'],
    [
      'an unknown user',
      { ...SIGNED, username: 'nobody@acme.example' },
      "invalid_grant: user hasn't approved this consumer. Check the username",
    ],
  ])('for %s says so, and what to do', async (_why, auth, message) => {
    const failure = await failureOf(describeAccount(await org.connect(auth)));
    expect([failure.code, failure.message.slice(0, message.length)]).toEqual(['CRM_AUTH_FAILED', message]);
    expect(await org.tokenCalls()).toBe(1);
  });

  it('for a refresh token that was revoked says to authorize the app again', async () => {
    const auth = await org.authorize();
    await org.control('sessions', { end: 'all' });
    const failure = await failureOf(describeAccount(await org.connect(auth, createMemoryShelf())));
    expect(failure).toMatchObject({
      code: 'CRM_AUTH_FAILED',
      message: 'invalid_grant: expired access/refresh token. Authorize the app again and give the connection its new refresh token',
    });
  });

  it('repeats no secret, even where the answer does', async () => {
    const stub = await openStubOrg();
    const lines: unknown[] = [];
    const log = { info: (...line: unknown[]) => void lines.push(line), warn: (...line: unknown[]) => void lines.push(line) };
    stub.answer = (request, response) => {
      const form = new URLSearchParams(request.body);
      const told = [form.get('client_secret'), form.get('refresh_token'), form.get('assertion')].join(' ');
      sendJson(response, 400, { error: 'invalid_request', error_description: `cannot read ${told}` });
    };
    for (const auth of [
      CLIENT,
      SIGNED,
      { kind: 'refresh_token', clientId: 'c', clientSecret: CLIENT_SECRET, refreshToken: '5Aep' } as const,
    ]) {
      const failure = await failureOf(describeAccount(await connectTo(stub, { auth }, undefined, createMemoryShelf(), log)));
      expect(failure.message).toMatch(/^invalid_request: cannot read .*\(secret\)/);
      expect(JSON.stringify([failure.message, failure.cause ?? null, lines])).not.toMatch(/the-consumer-secret|5Aep|eyJ/);
    }
    await stub.close();
  });
});

describe('an assertion', () => {
  it.each([
    ['right', 0, 1],
    ['two minutes behind that of the org', 2 * MINUTE_MS, 1],
    ['ten minutes behind that of the org', 10 * MINUTE_MS, 2],
    ['ten minutes ahead of that of the org', -10 * MINUTE_MS, 2],
    ['a year behind that of the org', 365 * 24 * 60 * MINUTE_MS, 2],
  ])('signs in where our clock is %s', async (_how, advanceMs, tokenCalls) => {
    await org.control('clock', { advanceMs });
    const crm = await org.connect(SIGNED);
    expect(await describeAccount(crm)).toBe('Account');
    expect(await org.tokenCalls()).toBe(tokenCalls);
    await org.control('sessions', { end: 'access' });
    await usersOf(crm);
    // From then on it is signed by the org's clock.
    expect(await org.tokenCalls()).toBe(tokenCalls + 1);
  });

  it('is signed anew only where the clock was the reason', async () => {
    await org.control('clock', { advanceMs: 10 * MINUTE_MS });
    const failure = await failureOf(describeAccount(await org.connect({ ...SIGNED, privateKeyPem: stranger })));
    expect(failure.message).toMatch(/invalid assertion/);
    expect(await org.tokenCalls()).toBe(2);
  });
});

describe('a session that ends', () => {
  const expire = () => org.control('sessions', { end: 'access' });

  it.each([
    ['client credentials', async () => CLIENT],
    ['a signed assertion', async () => SIGNED],
    ['a refresh token', () => org.authorize()],
  ])('is renewed by %s, with one call for all who wait', async (_how, authenticate) => {
    const crm = await org.connect(await authenticate(), createMemoryShelf());
    await usersOf(crm);
    for (const round of [2, 3]) {
      await expire();
      await Promise.all([usersOf(crm), usersOf(crm), usersOf(crm)]);
      expect(await org.tokenCalls()).toBe(round);
    }
  });

  it('in the middle of a page is renewed there, and no row is lost or doubled', async () => {
    const crm = await org.connect(CLIENT);
    for (let created = 0; created < 2_100; created += 100) {
      const records = Array.from({ length: 100 }, () => ({ attributes: { type: 'Account' }, Name: 'Same' }));
      const response = await fetch(`${org.url}/services/data/v66.0/composite/sobjects`, {
        method: 'POST',
        headers: { authorization: 'Bearer 00D000000000001!rep', 'content-type': 'application/json' },
        body: JSON.stringify({ records }),
      });
      expect(response.status).toBe(200);
    }
    await org.control('faults', { rules: [{ method: 'GET', path: '/query/', nth: 1, times: 1, fault: 'unauthorized' }] });
    const found = await crm.find('Account', 'Name', ['Same'], ['Name']);
    expect([found.length, new Set(found.map(({ id }) => id)).size, await org.tokenCalls()]).toEqual([2_100, 2_100, 2]);
  });

  it('is not renewed for ever: two refusals in a row are the end', async () => {
    const crm = await org.connect(await org.authorize(), createMemoryShelf());
    await org.control('faults', { rules: [{ method: 'GET', path: '/query', nth: 1, times: 1_000, fault: 'unauthorized' }] });
    expect(await failureOf(usersOf(crm))).toMatchObject({
      code: 'CRM_AUTH_FAILED',
      message: 'A renewed session was refused: Session expired or invalid',
    });
    expect(await org.tokenCalls()).toBe(2);
  });
});

describe('a token endpoint that does not answer as it should', () => {
  const fault = (rule: object) => org.control('faults', { rules: [{ path: '/services/oauth2/token', nth: 1, times: 1, ...rule }] });

  it.each([
    ['is down', { fault: 'unavailable' }],
    ['is busy', { fault: 'status', status: 420 }],
    ['cuts the connection', { fault: 'drop' }],
  ])('%s is asked again with the same refresh token', async (_how, rule) => {
    const crm = await org.connect(await org.authorize(), createMemoryShelf());
    await fault(rule);
    expect(await failureOf(usersOf(crm))).toMatchObject({ code: 'CRM_UNAVAILABLE' });
    expect(await usersOf(crm)).toBe(1);
  });

  it('loses the successor of a refresh token with its answer, and that is said', async () => {
    const crm = await org.connect(await org.authorize(), createMemoryShelf());
    await fault({ fault: 'lost_answer' });
    expect(await failureOf(usersOf(crm))).toMatchObject({ code: 'CRM_UNAVAILABLE' });
    expect(await failureOf(usersOf(crm))).toMatchObject({
      code: 'CRM_AUTH_FAILED',
      message: expect.stringMatching(/Authorize the app again/),
    });
  });

  it('costs nothing where an assertion is signed anew', async () => {
    const crm = await org.connect(SIGNED, createMemoryShelf());
    await fault({ fault: 'lost_answer' });
    await failureOf(usersOf(crm));
    expect(await usersOf(crm)).toBe(1);
  });
});

describe('several processes', () => {
  it('sign in with one call, and renew with one', async () => {
    const shelf = createMemoryShelf();
    const all = await Promise.all([1, 2, 3].map(() => org.connect(CLIENT, shelf)));
    await Promise.all(all.map(usersOf));
    expect(await org.tokenCalls()).toBe(1);
    await org.control('sessions', { end: 'access' });
    await Promise.all(all.map(usersOf));
    expect(await org.tokenCalls()).toBe(2);
  });

  it('keep the refresh token that was given last, whichever of them got it', async () => {
    const shelf = createMemoryShelf();
    const auth = await org.authorize();
    const [one, two] = await Promise.all([org.connect(auth, shelf), org.connect(auth, shelf)]);
    for (const crm of [one, two, two, one]) {
      await usersOf(crm);
      await org.control('sessions', { end: 'access' });
    }
    const later = await org.connect(auth, shelf);
    expect(await usersOf(later)).toBe(1);
  });

  it('ask the org where what another had got is over, too', async () => {
    const shelf = createMemoryShelf();
    const [early, late] = await Promise.all([org.connect(CLIENT, shelf), org.connect(CLIENT, shelf)]);
    await usersOf(early);
    await org.control('sessions', { end: 'access' });
    await usersOf(late);
    await org.control('sessions', { end: 'access' });
    // Its own session is refused, so is the one on the shelf; the third is good.
    expect(await usersOf(early)).toBe(1);
    expect(await org.tokenCalls()).toBe(3);
  });

  it('go on with a refresh token that could not be stored, and store it as soon as they can', async () => {
    const shelf = createMemoryShelf();
    const auth = await org.authorize();
    const crm = await org.connect(auth, shelf);
    shelf.isBroken = true;
    expect(await usersOf(crm)).toBe(1);
    expect(shelf.kept.size).toBe(0);
    shelf.isBroken = false;
    await usersOf(crm);
    expect(shelf.kept.size).toBe(1);
    await org.control('sessions', { end: 'access' });
    expect(await usersOf(await org.connect(auth, shelf))).toBe(1);
  });

  it('leave no token on the shelf that could be read, and open none of other credentials', async () => {
    const shelf = createMemoryShelf();
    const auth = await org.authorize();
    await usersOf(await org.connect(auth, shelf));
    const [[, sealed] = ['', '']] = [...shelf.kept];
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toMatch(/00D|5Aep|accessToken/);
    await usersOf(await org.connect(await org.authorize(), shelf));
    expect(shelf.kept.size).toBe(2);
  });

  it('do without a session on the shelf that nobody can open', async () => {
    const shelf = createMemoryShelf();
    await usersOf(await org.connect(CLIENT, shelf));
    for (const name of shelf.kept.keys()) shelf.kept.set(name, 'bm90aGluZw==');
    expect(await usersOf(await org.connect(CLIENT, shelf))).toBe(1);
  });

  it('wait for a store that is away', async () => {
    const shelf = { alone: () => Promise.reject(new Error(`postgres://u:${CLIENT_SECRET}@db`)) };
    const failure = await failureOf(usersOf(await org.connect(CLIENT, shelf)));
    expect(failure).toMatchObject({
      code: 'CRM_UNAVAILABLE',
      message: 'The store in which the processes share the session did not answer',
    });
    expect(failure.cause).toBeUndefined();
  });

  it('need a store where they have a refresh token', async () => {
    expect(await failureOf(org.connect(await org.authorize()))).toMatchObject({
      code: 'CRM_REQUEST_INVALID',
      message: 'Connection salesforce: a refresh token needs a store for its successors',
    });
  });
});
