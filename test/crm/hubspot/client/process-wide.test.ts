import { Client } from '@hubspot/api-client';
import { connectTo, failureOf, openStubPortal, sendJson, type StubPortal } from '../stub-portal.ts';

let portal: StubPortal;
beforeEach(async () => {
  portal = await openStubPortal();
  portal.answer = (_request, response) => sendJson(response, 500, { status: 'error', message: 'internal error' });
});
afterEach(() => portal.close());

describe('the options of two connections in one process', () => {
  it('the client takes those of the one that was made last, for both', async () => {
    const log = jest.spyOn(console, 'error').mockImplementation(() => {});
    const options = { accessToken: 'x', basePath: portal.url };
    const patient = new Client({ ...options, numberOfApiCallRetries: 3 });
    const hasty = new Client({ ...options, numberOfApiCallRetries: 1 });
    await expect(patient.crm.companies.basicApi.getById('1')).rejects.toMatchObject({ code: 500 });
    // Asked for three attempts, it made one; and the number that is named for repetitions is that of attempts.
    expect(portal.requests).toHaveLength(1);
    await expect(hasty.crm.deals.basicApi.getById('1')).rejects.toMatchObject({ code: 500 });
    expect(portal.requests).toHaveLength(2);
    log.mockRestore();
  });

  it('each of ours keeps its own', async () => {
    const patient = connectTo(portal, { patience: { repeats: 1, pauseMs: 1_000 } });
    const hasty = connectTo(portal);
    await failureOf(patient.describe('companies'));
    expect(portal.requests).toHaveLength(2);
    await failureOf(hasty.describe('companies'));
    expect(portal.requests).toHaveLength(3);
  });
});

describe('the configuration that is handed over', () => {
  it('the client writes into it', async () => {
    const defaultHeaders: Record<string, string> = {};
    await new Client({ accessToken: 'x', basePath: portal.url, defaultHeaders }).crm.companies.basicApi.getById('1').catch(() => null);
    expect(Object.keys(defaultHeaders)).toEqual(['User-agent']);
  });

  it('ours may be frozen', async () => {
    const patience = Object.freeze({ repeats: 0, pauseMs: 0 });
    await failureOf(connectTo(portal, Object.freeze({ patience })).describe('companies'));
    expect(patience).toEqual({ repeats: 0, pauseMs: 0 });
  });
});

it('a new token makes a new limiter for the client, which forgets what was called; ours are paced by the connection', async () => {
  const client = new Client({ accessToken: 'x', basePath: portal.url, numberOfApiCallRetries: 1 });
  const before = client.crm;
  client.setAccessToken('y');
  expect(client.crm).not.toBe(before);

  const crm = connectTo(portal, { pace: { callsPerTenSeconds: 10_000, searchesPerSecond: 2 } });
  portal.answer = (request, response) =>
    sendJson(
      response,
      200,
      request.path.includes('/properties/') ? { results: [{ name: 'name', type: 'string', fieldType: 'text' }] } : { results: [] },
    );
  const startedAt = performance.now();
  for (let count = 0; count < 4; count += 1) await crm.find('companies', 'name', ['x'], []);
  // Two of the four wait for the next second.
  expect(performance.now() - startedAt).toBeGreaterThan(990);
});
