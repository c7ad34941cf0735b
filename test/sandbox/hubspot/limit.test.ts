import { OBJECTS, openPortal } from './opened-portal.ts';
import type { OpenedPortal } from './opened-portal.ts';

let portal: OpenedPortal;
beforeAll(async () => {
  portal = await openPortal();
});
beforeEach(() => portal.reset());
afterAll(() => portal.close());

const read = () => portal.call('GET', `${OBJECTS}/deals`);
const search = () => portal.call('POST', `${OBJECTS}/deals/search`, {});

it('ten seconds: the last call that is allowed, the first that is not, and again once the oldest is ten seconds old', async () => {
  await portal.control('limits', { tenSecondly: 2 });
  await read();
  const last = await read();
  expect([last.status, last.headers.get('x-hubspot-ratelimit-max'), last.headers.get('x-hubspot-ratelimit-remaining')]).toEqual([
    200,
    '2',
    '0',
  ]);
  const refused = await read();
  expect(refused.body).toEqual({
    status: 'error',
    message: 'You have reached your ten_secondly_rolling limit.',
    correlationId: expect.any(String),
    errorType: 'RATE_LIMIT',
    policyName: 'TEN_SECONDLY_ROLLING',
  });
  await portal.control('clock', { advanceMs: 9_999 });
  expect((await read()).status).toBe(429);
  await portal.control('clock', { advanceMs: 1 });
  expect((await read()).status).toBe(200);
});

it('ten seconds are counted for each app, the day for all of them', async () => {
  const as = (user: string) => portal.call('GET', `${OBJECTS}/deals`, undefined, { authorization: `Bearer pat-sandbox-${user}` });
  await portal.control('limits', { tenSecondly: 1, daily: 3 });
  await as('integration');
  expect((await as('integration')).body.policyName).toBe('TEN_SECONDLY_ROLLING');
  expect((await as('rep')).headers.get('x-hubspot-ratelimit-remaining')).toBe('0');
  await as('rep2');
  expect((await as('manager')).body.policyName).toBe('DAILY');
});

it('search has a limit of its own and no headers', async () => {
  await portal.control('limits', { search: 1 });
  const first = await search();
  expect([first.status, first.headers.get('x-hubspot-ratelimit-max')]).toEqual([200, null]);
  const refused = await search();
  expect([refused.status, refused.body.policyName, refused.headers.get('x-hubspot-ratelimit-max')]).toEqual([429, 'SECONDLY', null]);
  expect((await read()).status).toBe(200);
  await portal.control('clock', { advanceMs: 1000 });
  expect((await search()).status).toBe(200);
});

it('the day begins anew at midnight of the portal, not of UTC', async () => {
  await portal.control('limits', { daily: 1 });
  expect((await read()).headers.get('x-hubspot-ratelimit-daily-remaining')).toBe('0');
  expect(await read()).toMatchObject({ status: 429, body: { policyName: 'DAILY' } });
  // New York is five hours behind.
  await portal.control('clock', { now: '2026-03-03T04:59:59.999Z' });
  expect((await read()).status).toBe(429);
  await portal.control('clock', { advanceMs: 1 });
  expect((await read()).status).toBe(200);
});

it('who calls by OAuth is not told of the day', async () => {
  const query = new URLSearchParams({ client_id: 'a', redirect_uri: 'http://127.0.0.1/back', scope: 'crm.objects.deals.read', as: 'rep' });
  const back = await fetch(`${portal.url}/oauth/authorize?${query.toString()}`, { redirect: 'manual' });
  const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const form = { client_id: 'a', client_secret: 'b', grant_type: 'authorization_code', redirect_uri: 'http://127.0.0.1/back', code };
  const tokens = await fetch(`${portal.url}/oauth/v1/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = (await tokens.json()) as { access_token: string };
  const { status, headers } = await portal.call('GET', `${OBJECTS}/deals`, undefined, { authorization: `Bearer ${token}` });
  expect([status, headers.get('x-hubspot-ratelimit-max')]).toEqual([200, '1000000']);
  expect([headers.get('x-hubspot-ratelimit-daily'), headers.get('x-hubspot-ratelimit-daily-remaining')]).toEqual([null, null]);
});
