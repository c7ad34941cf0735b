import { OBJECTS, openPortal } from './opened-portal.ts';
import type { OpenedPortal } from './opened-portal.ts';

let portal: OpenedPortal;
beforeAll(async () => {
  portal = await openPortal();
});
beforeEach(() => portal.reset());
afterAll(() => portal.close());

const arrange = (rule: object) => portal.control('faults', { rules: [{ path: '/crm/objects/', ...rule }] });
const read = (path = `${OBJECTS}/deals`) => portal.call('GET', path);

it.each([
  [{ fault: 'status', status: 423 }, 423, { status: 'error' }],
  [{ fault: 'status', status: 477 }, 477, { status: 'error' }],
  [{ fault: 'status', status: 502 }, 502, expect.stringContaining('<html>')],
  [{ fault: 'unauthorized' }, 401, { category: 'EXPIRED_AUTHENTICATION' }],
  [{ fault: 'limit' }, 429, { policyName: 'DAILY' }],
  [{ fault: 'concurrent_limit' }, 429, { policyName: 'TEN_SECONDLY_ROLLING' }],
])('%j is answered once, in every version', async (rule, status, body) => {
  for (const path of [`${OBJECTS}/deals`, '/crm/objects/2026-09/deals']) {
    await arrange(rule);
    const answer = await read(path);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual(typeof answer.body === 'string' ? body : expect.objectContaining(body));
    expect(answer.headers.get('retry-after')).toBe(status === 477 ? '60' : null);
    expect((await read(path)).status).toBe(200);
  }
});

it.each([
  ['drop', 'fetch failed'],
  ['truncate', 'terminated'],
  ['lost_answer', 'fetch failed'],
])('%s fails the call', async (fault, words) => {
  await arrange({ fault });
  await expect(read()).rejects.toThrow(words);
  expect((await read()).status).toBe(200);
});

it('a hung call gets no answer', async () => {
  await arrange({ fault: 'hang' });
  const hung = fetch(`${portal.url}${OBJECTS}/deals`, { signal: AbortSignal.timeout(200) });
  await expect(hung).rejects.toMatchObject({ name: 'TimeoutError' });
});

it('an answer that is lost was carried out', async () => {
  await arrange({ fault: 'lost_answer', method: 'POST' });
  await expect(portal.add('companies', { name: 'Kept' })).rejects.toThrow('fetch failed');
  expect((await read(`${OBJECTS}/companies`)).body.results).toMatchObject([{ properties: { name: 'Kept' } }]);
});

it('a rule tells how many calls it hit, and may say when to come back', async () => {
  await arrange({ fault: 'status', status: 477, times: 2, retryAfterSeconds: 86_400 });
  const hits = async () => (await portal.control('faults')).body.rules.map((rule: { hits: number }) => rule.hits);
  expect(await hits()).toEqual([0]);
  expect((await read()).headers.get('retry-after')).toBe('86400');
  await read();
  await read();
  expect(await hits()).toEqual([2]);
  await portal.reset();
  expect(await hits()).toEqual([]);
});

it('calls are counted by route, with the ids left out', async () => {
  await read(`${OBJECTS}/deals/123`);
  await read('/crm/objects/2026-03/deals/456');
  await portal.call('POST', `${OBJECTS}/deals/search`, {});
  expect((await portal.control('calls')).body).toEqual({
    total: 3,
    byRoute: {
      'GET /crm/objects/2026-03/deals/{id}': 1,
      'GET /crm/v3/objects/deals/{id}': 1,
      'POST /crm/v3/objects/deals/search': 1,
    },
  });
});
