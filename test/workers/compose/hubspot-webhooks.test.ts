import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { Client } from 'pg';
import { hubspotMapping } from '../../../mappings/hubspot/mapping.ts';
import { registerConnection } from '../../../store/connection.ts';
import { expectWebhooks } from '../../../store/event-stream.ts';
import { readChanged } from '../../../store/changed-record.ts';
import type { Database } from '../../../store/database.ts';
import { PUSH_CHANNEL } from '../../../store/outbox.ts';
import { openHubspotWebhooks } from '../../../workers/compose/hubspot-webhooks.ts';
import { apiDependencies, mediaTypeOf, NOW, startTestApi, type ApiAnswer, type TestApi } from '../../support/api.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

const SECRET = 'a-client-secret';
const PORTAL = 424_242;
const PATH = '/webhooks/hubspot/main';
/** HubSpot calls a proxy; the API itself hears another host and a shorter path. */
const PUBLIC_URL = 'https://deals.example.com/dealkeeper';
const NOW_MS = Date.parse(NOW);

let postgres: TestPostgres;
let db: Database;
let databaseUrl: string;
let api: TestApi;
const logged: { readonly passedOver?: object }[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ db, url: databaseUrl } = await postgres.openEmpty());
  const portals = new Map([['main', { clientSecret: SECRET, publicUrl: `${PUBLIC_URL}/`, portalId: PORTAL, mapping: hubspotMapping }]]);
  const log = { info: (fields: object) => void logged.push(fields) };
  api = await startTestApi(apiDependencies(db, { hubspotWebhooks: openHubspotWebhooks({ db, portals, now: () => NOW, log }) }));
}, 60_000);
beforeEach(async () => {
  logged.splice(0);
  await db.deleteFrom('changed_record').execute();
});
afterAll(async () => {
  await api?.close();
  await postgres?.stop();
});

function signed(body: string, { path = PATH, secret = SECRET, atMs = NOW_MS } = {}): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`POST${PUBLIC_URL}${path}${body}${atMs}`).digest('base64');
  return { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(atMs) };
}

function deliver(events: unknown, path = PATH): Promise<ApiAnswer> {
  const body = typeof events === 'string' ? events : JSON.stringify(events);
  return api.call('POST', path, body, signed(body, { path }));
}

function event(objectId: number, more: object = {}): object {
  return {
    eventId: objectId,
    subscriptionId: 1,
    portalId: PORTAL,
    appId: 900_100,
    occurredAt: NOW_MS - 1_000,
    subscriptionType: 'object.propertyChange',
    objectTypeId: '2-11',
    propertyName: 'estimated_value',
    propertyValue: '1',
    attemptNumber: 0,
    objectId,
    changeSource: 'CRM_UI',
    sourceId: 'userId:7',
    ...more,
  };
}

const numbered = (count: number): readonly object[] => Array.from({ length: count }, (_, index) => event(index + 1));
const marks = async (): Promise<readonly string[]> =>
  (await readChanged(db, 'main', 'registration', 1_000)).map(({ remoteId }) => remoteId);

/** Sends the head of a request and `sent`, and no end of the body. */
async function begin(headers: Readonly<Record<string, string>>, sent: Uint8Array | null): Promise<number | undefined> {
  const request = httpRequest(`${api.url}${PATH}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } });
  // The server closes the connection once it has answered.
  request.on('error', () => undefined);
  request.flushHeaders();
  if (sent !== null) request.write(sent);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  await text(answer).catch(() => undefined);
  request.destroy();
  return answer.statusCode;
}

describe('a webhook of HubSpot', () => {
  it('is answered once the records that it names are marked, and their sync nudged, without the operator’s token', async () => {
    const heard: string[] = [];
    const listener = new Client({ connectionString: databaseUrl });
    listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
    await listener.connect();
    await listener.query(`listen ${PUSH_CHANNEL}`);
    const answer = await deliver([event(7), event(8)]);
    await listener.query('select 1');
    await listener.end();
    expect([answer.status, answer.body]).toEqual([200, { taken: 2, ignored: 0 }]);
    expect(await marks()).toEqual(['7', '8']);
    expect(heard).toEqual(['main/registration']);
  });

  it('is signed over the public address with its query, whatever host it reaches', async () => {
    expect((await deliver([event(7)], `${PATH}?from=hubspot&list=1,2`)).status).toBe(200);
    expect(await marks()).toEqual(['7']);
  });

  it.each([
    ['nothing of a signature', {}],
    ['another secret', signed('[]', { secret: 'another' })],
    ['a signature of another body', signed('[ ]')],
    ['a signature of another connection', signed('[]', { path: '/webhooks/hubspot/other' })],
    ['five minutes and a millisecond of age', signed('[]', { atMs: NOW_MS - 300_001 })],
    ['a time from the future', signed('[]', { atMs: NOW_MS + 3_600_000 })],
  ])('is refused with %s, always in the same words', async (_what, headers) => {
    const refused = await api.call('POST', PATH, '[]', headers);
    expect([refused.status, mediaTypeOf(refused), refused.body]).toEqual([
      401,
      'application/problem+json',
      {
        type: 'urn:dealkeeper:problem:unauthorized',
        title: 'A valid token is needed',
        status: 401,
        detail: 'The signature is not valid.',
      },
    ]);
  });

  it('is not parsed before its signature was judged', async () => {
    expect((await api.call('POST', PATH, '{"broken', {})).status).toBe(401);
    expect((await deliver('{"broken')).status).toBe(400);
  });

  it('to a connection that is not there is answered 404, whatever it holds', async () => {
    const answer = await api.call('POST', '/webhooks/hubspot/other', '{"broken', {});
    expect([answer.status, answer.body]).toMatchObject([404, { detail: 'connection unknown' }]);
  });

  it('of another type than JSON is refused', async () => {
    const answer = await fetch(`${api.url}${PATH}`, { method: 'POST', body: 'a=1', headers: { 'content-type': 'text/plain' } });
    expect(answer.status).toBe(415);
  });

  it('that says it has 10 MB is refused before any of them came', async () => {
    expect(await begin({ 'content-length': String(10 * 1024 * 1024) }, null)).toBe(413);
  });

  it('that does not say how long it is is refused as soon as it is too long', async () => {
    expect(await begin({ 'transfer-encoding': 'chunked' }, Buffer.alloc(1024 * 1024 + 1, ' '))).toBe(413);
    expect((await deliver(`[]${' '.repeat(1024 * 1024 - 2)}`)).status).toBe(200);
  });

  it('has a hundred events at most', async () => {
    expect((await deliver(numbered(100))).body).toEqual({ taken: 100, ignored: 0 });
    expect(await marks()).toHaveLength(100);
    const refused = await deliver(numbered(101));
    expect([refused.status, refused.body]).toMatchObject([400, { errors: [{ field: 'body', message: 'has more than 100 events' }] }]);
    expect((await deliver({ events: [] })).status).toBe(400);
    expect((await deliver([{ eventId: 1 }])).status).toBe(400);
  });

  it('is taken although it has events that nobody knows, which are counted in the log', async () => {
    const odd = [event(1, { subscriptionType: 'object.renamed' }), event(2, { portalId: 1 }), event(3, { objectId: 'none' })];
    const answer = await deliver([...odd, event(7)]);
    expect([answer.status, answer.body]).toEqual([200, { taken: 1, ignored: 3 }]);
    expect(await marks()).toEqual(['7']);
    expect(logged).toEqual([{ connection: 'main', events: 4, passedOver: { unknown: 1, foreign: 1, unreadable: 1 } }]);
  });

  it('leaves what the app itself wrote to the poll', async () => {
    expect((await deliver([event(7, { changeSource: 'INTEGRATION', sourceId: '900100' })])).status).toBe(200);
    expect(await marks()).toEqual([]);
  });

  it('may come again: the same records are marked, each once', async () => {
    const [body, headers] = [JSON.stringify(numbered(3)), signed(JSON.stringify(numbered(3)))];
    for (const _ of [1, 2, 3]) expect((await api.call('POST', PATH, body, headers)).status).toBe(200);
    expect((await marks()).toSorted()).toEqual(['1', '2', '3']);
  });

  it('may come with others at the same time, each in an order of its own', async () => {
    const [forth, back] = [numbered(100), numbered(100).toReversed()];
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => deliver(index % 2 === 0 ? forth : back)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await marks()).toHaveLength(100);
  });

  it('is not answered with a success when it could not be kept, and is kept when it comes again', async () => {
    await sql`alter table changed_record add constraint refuse_for_a_while check (false) not valid`.execute(db);
    expect((await deliver([event(7)])).status).toBe(500);
    await sql`alter table changed_record drop constraint refuse_for_a_while`.execute(db);
    expect((await deliver([event(7)])).status).toBe(200);
    expect(await marks()).toEqual(['7']);
  });

  it('is seen in the status of sync once it was taken, with the latest change that it told of', async () => {
    await registerConnection(db, 'main', NOW);
    await expectWebhooks(db, 'main', NOW);
    const events = async (): Promise<unknown> =>
      ((await api.call('GET', '/v1/sync/status')).body as { connections: readonly { events: unknown }[] }).connections[0]?.events;
    const told = {
      state: 'listening',
      channels: [{ name: 'webhooks', position: null }],
      code: null,
      message: null,
      remedy: null,
      retryAt: null,
    };
    expect(await events()).toEqual({ ...told, heardSeconds: null, lastEventSeconds: null });
    expect((await api.call('POST', PATH, '[]', signed('[]', { secret: 'another' }))).status).toBe(401);
    expect(await events()).toMatchObject({ heardSeconds: null });
    await deliver([event(7, { occurredAt: NOW_MS - 90_000 }), event(8, { occurredAt: NOW_MS - 60_000 })]);
    expect(await events()).toEqual({ ...told, heardSeconds: 0, lastEventSeconds: 60 });
    // Older news that comes later does not make it older.
    await deliver([event(9, { occurredAt: NOW_MS - 80_000 })]);
    expect(await events()).toMatchObject({ lastEventSeconds: 60 });
  });

  it('is described, as a call without the operator’s token', async () => {
    const { paths } = (await api.call('GET', '/openapi.json')).body as { paths: Record<string, Record<string, { security?: unknown[] }>> };
    const described = paths['/webhooks/hubspot/{connection}']?.['post'];
    expect(described).toMatchObject({ security: [], requestBody: { content: { 'application/json': { schema: { maxItems: 100 } } } } });
    expect(paths['/v1/registrations']?.['get']?.security).toBeUndefined();
  });
});
