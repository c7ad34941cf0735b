import { Writable } from 'node:stream';
import { pino } from 'pino';
import { API_TOKEN, apiDependencies, mediaTypeOf, PARTNER, registrationBody, startTestApi, type TestApi } from '../support/api.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres | undefined;
let api: TestApi;
let readiness = { ready: true, reasons: [] as string[] };
const logged: string[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
  const { db } = await postgres.openEmpty();
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      logged.push(chunk.toString());
      done();
    },
  });
  api = await startTestApi(apiDependencies(db, { logger: pino({ level: 'trace' }, sink), readiness: async () => readiness }));
  await api.call('PUT', '/v1/partners/P-1', PARTNER);
}, 60_000);

afterAll(async () => {
  await api?.close();
  await postgres?.stop();
});

describe('the token', () => {
  const challenge = 'Bearer realm="dealkeeper"';
  const wrong = `${challenge}, error="invalid_token"`;
  it.each([
    ['none', {}, challenge],
    ['another scheme', { authorization: `Basic ${API_TOKEN}` }, challenge],
    ['an empty one', { authorization: 'Bearer ' }, challenge],
    ['another one', { authorization: 'Bearer a-token-for-tests-0123456780' }, wrong],
    ['the beginning of it', { authorization: `Bearer ${API_TOKEN.slice(0, -1)}` }, wrong],
    ['one that only begins with it', { authorization: `Bearer ${API_TOKEN}1` }, wrong],
  ])('is refused with a challenge: %s', async (_what, headers, expected) => {
    for (const [method, path] of [
      ['GET', '/v1/registrations'],
      ['POST', '/v1/registrations'],
      ['GET', '/v1/nothing'],
    ] as const) {
      const answer = await api.call(method, path, method === 'POST' ? '{"broken' : undefined, headers);
      expect([answer.status, mediaTypeOf(answer), answer.headers.get('www-authenticate')]).toEqual([
        401,
        'application/problem+json',
        expected,
      ]);
    }
  });

  it.each([`Bearer ${API_TOKEN}`, `bearer ${API_TOKEN}`])('is accepted as %s', async (authorization) => {
    expect((await api.call('GET', '/v1/registrations', undefined, { authorization })).status).toBe(200);
  });

  it.each([
    '/healthz',
    '/readyz',
    '/metrics',
    '/docs',
    '/docs/swagger-ui-bundle.js',
    '/docs/swagger-ui.css',
    '/docs/start.js',
    '/openapi.json',
  ])('is not needed at %s', async (path) => {
    expect((await api.call('GET', path, undefined, {})).status).toBe(200);
  });
});

describe('what there is not', () => {
  it('answers 404 at an unknown address, and 405 with the possible methods at a known one', async () => {
    expect([(await api.call('GET', '/v1/nothing')).status, (await api.call('GET', '/nothing')).status]).toEqual([404, 404]);
    const answer = await api.call('DELETE', '/v1/registrations/x');
    expect([answer.status, mediaTypeOf(answer), answer.headers.get('allow')]).toEqual([405, 'application/problem+json', 'GET, HEAD']);
    expect((await api.call('PATCH', '/v1/partners/P-1', {})).headers.get('allow')).toBe('PUT, GET, HEAD');
  });

  it('knows no connection of HubSpot yet', async () => {
    const answer = await api.call('POST', '/webhooks/hubspot/main', [], {});
    expect([answer.status, answer.body]).toMatchObject([404, { detail: 'connection unknown' }]);
  });
});

describe('/readyz', () => {
  it('answers 503 with the reasons while something is missing', async () => {
    readiness = { ready: false, reasons: ['no worker polls', 'the mirror is not complete'] };
    const answer = await api.call('GET', '/readyz', undefined, {});
    readiness = { ready: true, reasons: [] };
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(answer.text).toMatch(/no worker polls.*the mirror is not complete/);
    expect((await api.call('GET', '/readyz', undefined, {})).status).toBe(200);
  });
});

describe('/openapi.json', () => {
  const calls = [
    'put /v1/partners/{externalId}',
    'get /v1/partners/{id}',
    'post /v1/registrations',
    'get /v1/registrations',
    'post /v1/registrations/preview',
    'get /v1/registrations/{id}',
    'get /v1/registrations/{id}/explanation',
    'get /v1/registrations/{id}/outlook',
    'get /v1/registrations/{id}/comments',
    ...['decisions', 'amend', 'withdraw', 'extend', 'appeal', 'revoke', 'transfer', 'delegate', 'reassign', 'comments', 'opportunity'].map(
      (command) => `post /v1/registrations/{id}/${command}`,
    ),
    'get /v1/cases',
    'get /v1/cases/{id}',
    'get /v1/cases/{id}/comments',
    'get /v1/precedents',
    'get /v1/cases/{id}/statements',
    ...['resolution', 'statements', 'delegate', 'reassign', 'comments'].map((command) => `post /v1/cases/{id}/${command}`),
    'get /v1/users/{alias}/questions',
    'get /v1/users/{alias}/absences',
    'post /v1/users/{alias}/absences',
    'post /v1/users/{alias}/absences/{id}/end',
    'get /v1/sync/status',
    'get /v1/sync/issues',
    'post /v1/sync/issues/{id}/retry',
    'post /v1/sync/issues/{id}/skip',
    'post /v1/sync/backfills',
    'get /v1/sync/backfills/{connection}',
    'get /v1/registrations/{id}/messages',
    'get /v1/cases/{id}/messages',
    'get /v1/messages/status',
    'post /v1/messages/{id}/retry',
    'post /v1/messages/{id}/skip',
    'post /v1/messages/channels/{channel}/resume',
    'get /healthz',
    'get /readyz',
    'get /metrics',
    'post /webhooks/hubspot/{connection}',
  ];

  it('describes every call of the contract with its bodies and problems', async () => {
    const { paths, openapi } = (await api.call('GET', '/openapi.json', undefined, {})).body as {
      openapi: string;
      paths: Record<string, Record<string, object>>;
    };
    const described = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    expect([openapi, [...described].sort()]).toEqual(['3.1.0', [...calls].sort()]);
    const post = paths['/v1/registrations']?.['post'];
    expect(post).toMatchObject({
      requestBody: {
        content: { 'application/json': { schema: { required: expect.arrayContaining(['externalId', 'customer', 'estimatedValue']) } } },
      },
      responses: {
        200: expect.anything(),
        201: expect.anything(),
        default: { content: { 'application/problem+json': expect.anything() } },
      },
    });
  });
});

describe('/metrics', () => {
  it('counts requests by route and never by address, registrations by status, and waiting messages', async () => {
    await api.call('POST', '/v1/registrations', registrationBody({ externalId: 'metrics' }));
    await api.call('GET', '/v1/registrations/11111111-1111-4111-8111-111111111111');
    const { text } = await api.call('GET', '/metrics', undefined, {});
    expect(text).toContain('dealkeeper_http_request_duration_seconds_count{method="GET",route="/v1/registrations/:id",status="404"} 1');
    expect(text).toContain('dealkeeper_registrations{status="submitted"} 1');
    expect(text).toMatch(/dealkeeper_outbox_messages 1\n/);
    expect(text).not.toContain('11111111');
  });
});

describe('the log', () => {
  it('has a line a request, and nothing of the people in it nor of the token', async () => {
    const body = registrationBody({
      externalId: 'ext-secret',
      contact: { name: 'Wilhelmina Quill', email: 'w.quill@quillworks.example' },
      description: 'unspeakable',
    });
    await api.call('POST', '/v1/registrations', body);
    await api.call('POST', '/v1/registrations', { ...body, productLines: ['teleport'] });
    await api.call('PUT', '/v1/partners/ext-secret', PARTNER);
    const text = logged.join('');
    expect(text).toContain('"route":"/v1/registrations"');
    expect(text).toContain('"requestId"');
    for (const secret of ['Quill', 'quillworks', 'unspeakable', 'ext-secret', API_TOKEN]) expect(text).not.toContain(secret);
  });
});

describe('a fault on our side', () => {
  it('is a 500 that tells nothing, with a log line that says where, without the values of the statement', async () => {
    const { db } = await (postgres as TestPostgres).openEmpty();
    const lines: string[] = [];
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(chunk.toString());
        done();
      },
    });
    const broken = await startTestApi(apiDependencies(db, { logger: pino(sink), now: () => '2026-11-23 secret-value' }));
    const answer = await broken.call('PUT', '/v1/partners/P-1', PARTNER);
    await broken.close();
    expect([answer.status, mediaTypeOf(answer)]).toEqual([500, 'application/problem+json']);
    expect(answer.text).not.toContain('secret-value');
    expect(lines.join('')).toContain('"type":"DatabaseError"');
    expect(lines.join('')).not.toContain('secret-value');
  });
});
