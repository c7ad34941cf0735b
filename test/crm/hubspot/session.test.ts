import type { HubspotAuth } from '../../../crm/hubspot/sign-in.ts';
import type { SessionParts } from '../../../crm/hubspot/session.ts';
import type { CrmPort } from '../../../crm/port.ts';
import { createMemoryShelf } from '../salesforce/memory-shelf.ts';
import { authorize, CLIENT, registerApp } from './authorized-app.ts';
import { openHubspotFixture, type HubspotFixture } from './sandbox-fixture.ts';
import { connectTo, failureOf, openStubPortal, sendJson } from './stub-portal.ts';

jest.setTimeout(60_000);

const MINUTE_MS = 60_000;

let fixture: HubspotFixture;
let statuses: (readonly [operation: string, status: number | null])[];
beforeEach(async () => {
  fixture = await openHubspotFixture();
  await registerApp(fixture.url, true);
  statuses = [];
});
afterEach(() => fixture.close());

const connect = (auth: HubspotAuth, parts: SessionParts = { shelf: createMemoryShelf() }): CrmPort =>
  fixture.connect({ auth }, ({ operation, status }) => void statuses.push([operation, status]), parts);
/** Every call of these is a round trip. */
const people = async (crm: CrmPort): Promise<number> => (await crm.find('owners', 'email', ['rep@acme.example'], ['email'])).length;
const signIns = (): number => statuses.filter(([operation]) => operation === 'sign_in').length;
const refusals = (): number => statuses.filter(([operation, status]) => operation !== 'sign_in' && status === 401).length;

describe('an access token', () => {
  it('is got before the first call, once for all who wait for it', async () => {
    const crm = connect(await authorize(fixture.url));
    await Promise.all([people(crm), people(crm), people(crm)]);
    expect([statuses[0], signIns(), refusals()]).toEqual([['sign_in', 200], 1, 0]);
  });

  it.each(['v3', '2026-03', '2026-09'] as const)('comes from the token endpoint of version %s', async (apiVersion) => {
    const auth = await authorize(fixture.url);
    const crm = fixture.connect({ auth, apiVersion }, undefined, { shelf: createMemoryShelf() });
    const path = `POST /oauth/${apiVersion === 'v3' ? 'v1' : apiVersion}/token`;
    const before = (await fixture.byRoute())[path] ?? 0;
    expect(await people(crm)).toBe(1);
    expect(((await fixture.byRoute())[path] ?? 0) - before).toBe(1);
  });

  it('is renewed before it ends, so that no call is spent on it', async () => {
    const crm = connect(await authorize(fixture.url));
    await people(crm);
    await fixture.advanceClock(27 * MINUTE_MS);
    await people(crm);
    await people(crm);
    expect(signIns()).toBe(1);
    await fixture.advanceClock(1.5 * MINUTE_MS);
    // The answer to this one tells the time, and the next one finds the token about to end.
    await people(crm);
    await Promise.all([people(crm), people(crm)]);
    expect([signIns(), refusals()]).toEqual([2, 0]);
  });

  it('that ended without our knowing is renewed once, for all who are refused, and their calls are repeated', async () => {
    const crm = connect(await authorize(fixture.url));
    await people(crm);
    await fixture.advanceClock(31 * MINUTE_MS);
    expect(await Promise.all([people(crm), people(crm), people(crm)])).toEqual([1, 1, 1]);
    expect(signIns()).toBe(2);
    expect(refusals()).toBeLessThanOrEqual(3);
  });

  it('is renewed for a write that was refused, which is carried out once', async () => {
    const crm = connect(await authorize(fixture.url));
    await people(crm);
    await fixture.advanceClock(31 * MINUTE_MS);
    const row = { target: { kind: 'external_id', field: 'registration_id', value: 'r-1' }, fields: {} } as const;
    expect(await crm.write('deal_registration', [row])).toMatchObject([{ kind: 'written', created: true }]);
    expect(await crm.find('deal_registration', 'registration_id', ['r-1'], [])).toHaveLength(1);
  });

  it('that is refused as soon as it was granted is the end of it', async () => {
    const crm = connect(await authorize(fixture.url));
    await fixture.control('faults', { rules: [{ method: 'GET', path: '/crm/owners', nth: 1, times: 1_000, fault: 'unauthorized' }] });
    expect(await failureOf(people(crm))).toMatchObject({
      code: 'CRM_AUTH_FAILED',
      message: expect.stringMatching(/^A new access token was refused: /),
    });
    expect(signIns()).toBe(2);
  });

  it('that is fixed is not renewed', async () => {
    const crm = connect({ kind: 'token', accessToken: 'nobody-has-it' });
    expect(await failureOf(people(crm))).toMatchObject({ code: 'CRM_AUTH_FAILED' });
    expect([signIns(), refusals()]).toEqual([0, 1]);
  });
});

describe('a token endpoint', () => {
  const fault = (rule: object) =>
    fixture.control('faults', { rules: [{ method: 'POST', path: '/oauth/token', nth: 1, times: 1, ...rule }] });

  it.each([
    ['is down', { fault: 'unavailable' }],
    ['cuts the connection', { fault: 'drop' }],
  ])('that %s is asked again with the same refresh token', async (_how, rule) => {
    const crm = connect(await authorize(fixture.url));
    await fault(rule);
    expect(await failureOf(people(crm))).toMatchObject({ code: 'CRM_UNAVAILABLE' });
    expect(await people(crm)).toBe(1);
  });

  it('that is down while a token is about to end does not stop the calls: the token is used to its end', async () => {
    const crm = connect(await authorize(fixture.url));
    await people(crm);
    await fault({ fault: 'unavailable', times: 1_000 });
    await fixture.advanceClock(29 * MINUTE_MS);
    expect([await people(crm), await people(crm)]).toEqual([1, 1]);
    expect(statuses).toContainEqual(['sign_in', 503]);
    await fixture.advanceClock(2 * MINUTE_MS);
    expect(await failureOf(people(crm))).toMatchObject({ code: 'CRM_UNAVAILABLE' });
  });

  it('that lost the successor of a refresh token with its answer leaves no way but to let the app in again, and that is said', async () => {
    const crm = connect(await authorize(fixture.url));
    await fault({ fault: 'lost_answer' });
    await failureOf(people(crm));
    expect(await failureOf(people(crm))).toMatchObject({
      code: 'CRM_AUTH_FAILED',
      message: expect.stringMatching(/Let the app into the portal again/),
    });
  });
});

describe('a sign-in that is refused says why and what to do', () => {
  it('for a refresh token that was revoked', async () => {
    const auth = await authorize(fixture.url);
    await fixture.control('sessions', { end: 'all' });
    expect(await failureOf(people(connect(auth)))).toMatchObject({
      code: 'CRM_AUTH_FAILED',
      message:
        'BAD_REFRESH_TOKEN: missing or invalid refresh token. Let the app into the portal again and give the connection its new refresh token',
    });
  });

  it.each([
    ['an unknown app', { clientId: 'nobody' }, /^BAD_CLIENT_ID: .*\. Compare the client id/],
    ['a wrong secret', { clientSecret: 'wrong' }, /^BAD_CLIENT_SECRET: .*\. Compare the client secret/],
  ])('for %s', async (_what, change, message) => {
    const failure = await failureOf(people(connect({ ...(await authorize(fixture.url)), ...change })));
    expect(failure).toMatchObject({ code: 'CRM_AUTH_FAILED', message: expect.stringMatching(message) });
    expect(signIns()).toBe(1);
  });

  it('and repeats no secret, even where the answer does', async () => {
    const portal = await openStubPortal();
    const lines: unknown[] = [];
    const log = { info: (...line: unknown[]) => void lines.push(line), warn: (...line: unknown[]) => void lines.push(line) };
    portal.answer = ({ body }, response) =>
      sendJson(response, 400, { status: 'BAD_GRANT', message: `cannot read ${body['client_secret']} ${body['refresh_token']}` });
    const auth = { kind: 'refresh_token', ...CLIENT, refreshToken: 'na1-secret' } as const;
    const failure = await failureOf(people(connectTo(portal, { auth }, undefined, { log, shelf: createMemoryShelf() })));
    expect(failure.message).toBe('BAD_GRANT: cannot read (secret) (secret)');
    expect(lines).toHaveLength(1);
    expect(JSON.stringify([failure.message, failure.cause ?? null, lines])).not.toMatch(/the-client-secret|na1-secret/);
    await portal.close();
  });
});

describe('several processes', () => {
  it('get one access token, and renew with one call', async () => {
    const shelf = createMemoryShelf();
    const auth = await authorize(fixture.url);
    const all = [1, 2, 3].map(() => connect(auth, { shelf }));
    await Promise.all(all.map(people));
    expect(signIns()).toBe(1);
    await fixture.advanceClock(31 * MINUTE_MS);
    expect(await Promise.all(all.map(people))).toEqual([1, 1, 1]);
    expect(signIns()).toBe(2);
  });

  it('do not take over a token that is about to end', async () => {
    const shelf = createMemoryShelf();
    const auth = await authorize(fixture.url);
    await people(connect(auth, { shelf }));
    await fixture.advanceClock(29 * MINUTE_MS);
    const late = connect(auth, { shelf });
    await people(late);
    // It took the token over before it knew the time.
    await people(late);
    expect([signIns(), refusals()]).toEqual([2, 0]);
  });

  it('go on with a refresh token that could not be stored, and store it as soon as they can', async () => {
    const shelf = createMemoryShelf();
    const auth = await authorize(fixture.url);
    const crm = connect(auth, { shelf });
    shelf.isBroken = true;
    expect(await people(crm)).toBe(1);
    shelf.isBroken = false;
    await people(crm);
    expect(shelf.kept.size).toBe(1);
    expect(await people(connect(auth, { shelf }))).toBe(1);
  });

  it('leave no token on the shelf that could be read', async () => {
    const shelf = createMemoryShelf();
    await people(connect(await authorize(fixture.url), { shelf }));
    const [[, sealed] = ['', '']] = [...shelf.kept];
    expect(sealed.length).toBeGreaterThan(50);
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toMatch(/sandbox-|accessToken/);
  });

  it('need a store where they have a refresh token', async () => {
    const auth = await authorize(fixture.url);
    expect(() => fixture.connect({ auth })).toThrow('Connection hubspot: a refresh token needs a store for its successors');
  });
});
