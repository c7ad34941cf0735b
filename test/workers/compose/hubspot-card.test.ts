import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { saveUsers } from '../../../store/crm-mirror.ts';
import type { Database } from '../../../store/database.ts';
import { saveLink } from '../../../store/link.ts';
import { openApi, type OpenApi } from '../../../workers/compose/open-api.ts';
import { signingPortals } from '../../../workers/compose/signing-portals.ts';
import { readConfiguration } from '../../../workers/config.ts';
import { startDecisionServer, type DecisionServer } from '../../support/decision-server.ts';
import { createDecisionStage, type DecisionStage } from '../../support/decision-stage.ts';
import { describeWith, findServers } from '../../support/find-servers.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

/** Requests of the card as HubSpot sends and signs them, to the API as it is put together from the environment, over HTTP. */

jest.setTimeout(120_000);

const SECRET = 'a-client-secret-of-the-app';
/** HubSpot calls a proxy; the API itself hears another host and a shorter path. */
const PUBLIC_URL = 'https://deals.example.com/dealkeeper';
const PORTAL = '424242';
const CUSTOM_TYPE = '2-3000001';
const MINUTE_MS = 60_000;
const MEGABYTE = 1024 * 1024;
const inSixtyDays = new Date(Date.now() + 60 * 24 * 60 * MINUTE_MS).toISOString().slice(0, 10);

/** As https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation lists what is decoded in an address before it is signed. */
const DECODED: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

interface Asked {
  readonly record: string;
  readonly person?: string;
  readonly portalId?: string;
  readonly objectTypeId?: string;
  readonly connection?: string;
  /** Further parameters, escaped. */
  readonly tail?: string;
  /** A press of a button: what is sent, as it stands. */
  readonly body?: string;
  readonly atMs?: number;
  readonly secret?: string;
}

interface Sent {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** `escapes`: those that are undone before the address is signed. */
function signedRequest(
  { record, person = 'manager@acme.example', portalId = PORTAL, objectTypeId = CUSTOM_TYPE, connection = 'hubspot', ...more }: Asked,
  escapes: Readonly<Record<string, string>> = DECODED,
): Sent {
  const { tail = '', body, atMs = Date.now(), secret = SECRET } = more;
  const method = body === undefined ? 'GET' : 'POST';
  const place = `/crm-card/hubspot/${connection}/registrations/${record}${body === undefined ? '' : '/commands'}`;
  const path = `${place}?objectTypeId=${objectTypeId}&userId=7&userEmail=${encodeURIComponent(person)}&portalId=${portalId}&appId=900100${tail}`;
  const address = `${PUBLIC_URL}${path}`.replaceAll(/%[0-9A-F]{2}/g, (escape) => escapes[escape] ?? escape);
  const signature = createHmac('sha256', secret)
    .update(`${method}${address}${body ?? ''}${atMs}`, 'utf8')
    .digest('base64');
  const headers = {
    'x-hubspot-signature-v3': signature,
    'x-hubspot-request-timestamp': String(atMs),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  return { method, path, headers, ...(body === undefined ? {} : { body }) };
}

describeWith(findServers().temporal, 'the card, asked by HubSpot', (program) => {
  let postgres: TestPostgres | undefined;
  let server: DecisionServer | undefined;
  let db: Database;
  let stage: DecisionStage;
  const opened: OpenApi[] = [];
  let url: string;

  /** The API as `npm run api` opens it for these variables. */
  async function open(environment: Readonly<Record<string, string>>): Promise<string> {
    if (server === undefined) throw new Error('there is no Temporal server');
    const reading = readConfiguration(['connections'], {
      HUBSPOT_ACCESS_TOKEN: 'pat-of-the-portal',
      HUBSPOT_CLIENT_SECRET: SECRET,
      HUBSPOT_PUBLIC_URL: `${PUBLIC_URL}/`,
      ...environment,
    });
    if (reading.kind !== 'configuration') throw new Error(reading.problems.join('\n'));
    const api = await openApi({
      db,
      temporal: server.client,
      connections: ['hubspot'],
      apiToken: 'a-token-for-tests-0123456789',
      hubspotPortals: signingPortals(reading.configuration.connections),
      programId: 'acme',
      logger: false,
    });
    opened.push(api);
    return api.app.listen({ host: '127.0.0.1', port: 0 });
  }

  beforeAll(async () => {
    postgres = await startTestPostgres();
    ({ db } = await postgres.openEmpty());
    server = await startDecisionServer(program);
    stage = createDecisionStage(db, { now: () => new Date().toISOString() });
    await server.startWorker(stage.deps);
    url = await open({ HUBSPOT_PORTAL_ID: PORTAL });
    const person = (alias: string, email: string) => ({
      connection: 'hubspot',
      remote_id: `owner-${email}`,
      alias,
      email,
      name: null,
      is_active: true,
      manager_remote_id: null,
      stamp: new Date().toISOString(),
      deleted: false,
    });
    const people = ['manager', 'rep', 'ada+deals'].map((alias) => person(alias, `${alias}@acme.example`));
    await db.transaction().execute((trx) => saveUsers(trx, people));
  });
  afterAll(async () => {
    for (const api of opened) await api.close();
    await server?.stop();
    await postgres?.stop();
  });

  let count = 0;
  /** In review with the manager, and on a record of the portal. */
  async function inReview(): Promise<{ readonly id: string; readonly record: string }> {
    count += 1;
    const { registrationId: id } = await stage.receiveAndEvaluate({
      customer: { name: `Customer ${count}`, domain: `customer${count}.example` },
      estimatedValue: { amount: '90000.00', currency: 'USD' },
      expectedCloseDate: inSixtyDays,
    });
    const record = String(70_000_000_000 + count);
    const stamp = new Date().toISOString();
    const link = { localId: id, remoteId: record, base: { status: 'in_review' }, remoteStamp: stamp };
    await db.transaction().execute((trx) => saveLink(trx, 'hubspot', 'registration', link, stamp));
    return { id, record };
  }

  async function send({ method, path, headers, body }: Sent, to = url): Promise<Answer> {
    const answer = await fetch(`${to}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  }
  const ask = (asked: Asked): Promise<Answer> => send(signedRequest(asked));
  const press = (action: string, key: string, comment = ''): string => JSON.stringify({ action, comment, key });
  const label = async (record: string): Promise<unknown> => (await ask({ record })).body['label'];
  const decisions = async (id: string): Promise<readonly unknown[]> =>
    db
      .selectFrom('audit_entry')
      .select(['kind', 'actor'])
      .where('subject', '=', `registration/${id}`)
      .where('kind', '=', 'approved')
      .execute();

  it('is answered where the address is signed as HubSpot signs it: with its escapes undone', async () => {
    const { id, record } = await inReview();
    const asked = signedRequest({ record });
    expect(asked.path).toContain('userEmail=manager%40acme.example');
    expect(await send(asked)).toMatchObject({ status: 200, body: { registrationId: id, label: 'In review', hint: null } });
  });

  it.each(Object.entries(DECODED))('takes %s for %s', async (escape, character) => {
    const { record } = await inReview();
    const asked = { record, tail: `&more=a${escape}b` };
    expect((await ask(asked)).status).toBe(200);
    // Signed as it was sent, it is not what HubSpot signs.
    const { [escape]: left, ...others } = DECODED;
    expect(left).toBe(character);
    expect((await send(signedRequest(asked, others))).status).toBe(401);
  });

  it.each([
    ['%2B', '+'],
    ['%26', '&'],
    ['%3D', '='],
    ['%20', ' '],
  ])('leaves %s as it is', async (escape, character) => {
    const { record } = await inReview();
    const asked = { record, tail: `&more=a${escape}b` };
    expect((await ask(asked)).status).toBe(200);
    expect((await send(signedRequest(asked, { ...DECODED, [escape]: character }))).status).toBe(401);
  });

  it('knows a person by an address with a plus', async () => {
    const { record } = await inReview();
    expect((await ask({ record, person: 'ada+deals@acme.example' })).body).toMatchObject({ hint: 'manager is asked to decide.' });
  });

  it('carries out a press once, however often the same request comes', async () => {
    const { id, record } = await inReview();
    const pressed = signedRequest({ record, body: press('approve', 'press-once-1') });
    expect(await send(pressed)).toMatchObject({ status: 200, body: { label: 'Approved', message: 'Your approval is recorded.' } });
    const replayed = await Promise.all([send(pressed), send(pressed), send(pressed)]);
    expect(replayed.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await decisions(id)).toEqual([{ kind: 'approved', actor: 'manager' }]);
  });

  it('refuses who may not decide, and shows them why', async () => {
    const { record } = await inReview();
    expect(await ask({ record, person: 'rep@acme.example' })).toMatchObject({ status: 200, body: { actions: [] } });
    for (const person of ['rep@acme.example', 'stranger@acme.example']) {
      const refused = await ask({ record, person, body: press('approve', 'press-not-1') });
      expect([person, refused.status]).toEqual([person, 403]);
    }
    expect(await label(record)).toBe('In review');
  });

  const otherBody = (request: Sent): Sent => ({ ...request, body: press('approve', 'press-forged') });
  it.each<[string, (record: string) => Sent]>([
    [
      'without a signature',
      (record) => ({ ...signedRequest({ record, body: press('approve', 'press-none') }), headers: { 'content-type': 'application/json' } }),
    ],
    ['signed with another secret', (record) => signedRequest({ record, secret: 'another', body: press('approve', 'press-secret') })],
    ['whose body was changed', (record) => otherBody(signedRequest({ record, body: press('deny', 'press-forged') }))],
    [
      'whose person was changed',
      (record) => {
        const request = signedRequest({ record, person: 'rep@acme.example', body: press('approve', 'press-person') });
        return { ...request, path: request.path.replace('rep%40', 'manager%40') };
      },
    ],
    [
      'whose record was changed',
      (record) => {
        const request = signedRequest({ record: '1', body: press('approve', 'press-record') });
        return { ...request, path: request.path.replace('registrations/1/', `registrations/${record}/`) };
      },
    ],
    [
      'whose time was changed',
      (record) => {
        const request = signedRequest({ record, atMs: Date.now() - 10 * MINUTE_MS, body: press('approve', 'press-time') });
        return { ...request, headers: { ...request.headers, 'x-hubspot-request-timestamp': String(Date.now()) } };
      },
    ],
    [
      'that is older than five minutes',
      (record) => signedRequest({ record, atMs: Date.now() - 5 * MINUTE_MS - 1, body: press('approve', 'press-stale') }),
    ],
    ['from the future', (record) => signedRequest({ record, atMs: Date.now() + 2 * MINUTE_MS, body: press('approve', 'press-future') })],
  ])('refuses a request %s, in the same words each time', async (_what, request) => {
    const { id, record } = await inReview();
    const refused = await send(request(record));
    expect([refused.status, refused.body['detail']]).toEqual([401, 'The signature is not valid.']);
    expect(await label(record)).toBe('In review');
    expect(await decisions(id)).toEqual([]);
  });

  it('still takes one that is nearly five minutes old', async () => {
    const { record } = await inReview();
    expect((await ask({ record, atMs: Date.now() - 4.5 * MINUTE_MS })).status).toBe(200);
  });

  it('hears the people of one portal alone, on one connection, about records that are registrations', async () => {
    const { record } = await inReview();
    const refusals: readonly (readonly [Asked, number, string])[] = [
      [{ record, portalId: '999' }, 404, 'Portal 999 is not the one of the connection hubspot'],
      [{ record, connection: 'other' }, 404, 'connection unknown'],
      [{ record: '1' }, 404, 'no deal registration'],
      [{ record, objectTypeId: '0-3' }, 404, 'not kept in records of this type'],
      [{ record, objectTypeId: '0-2' }, 404, 'not kept in records of this type'],
      [{ record, objectTypeId: 'deals' }, 400, ''],
      // A card can add parameters to those of HubSpot; it cannot be somebody else by that.
      [{ record, person: 'rep@acme.example', tail: '&userEmail=manager%40acme.example' }, 400, ''],
      [{ record, tail: '&portalId=999' }, 400, ''],
    ];
    for (const [asked, status, detail] of refusals) {
      const answer = await ask(asked);
      expect([asked, answer.status]).toEqual([asked, status]);
      expect(answer.body['detail']).toContain(detail);
      expect((await ask({ ...asked, body: press('approve', 'press-elsewhere') })).status).toBe(status);
    }
    expect(await label(record)).toBe('In review');
  });

  it('is on deals, and on no custom object, where registrations are deals', async () => {
    const { record } = await inReview();
    const ofDeals = await open({ HUBSPOT_REGISTRATION_OBJECT: 'deals' });
    expect(await send(signedRequest({ record, objectTypeId: '0-3' }), ofDeals)).toMatchObject({ status: 200 });
    expect(await send(signedRequest({ record, objectTypeId: CUSTOM_TYPE }), ofDeals)).toMatchObject({ status: 404 });
    // The app of a fixed token is in one portal alone, and its signature says which.
    expect(await send(signedRequest({ record, objectTypeId: '0-3', portalId: '777' }), ofDeals)).toMatchObject({ status: 200 });
  });

  it('is not there without a public address', () => {
    const reading = readConfiguration(['connections'], { HUBSPOT_ACCESS_TOKEN: 'pat' });
    if (reading.kind !== 'configuration') throw new Error(reading.problems.join('\n'));
    expect(signingPortals(reading.configuration.connections).size).toBe(0);
    expect(signingPortals({ hubspot: null }).size).toBe(0);
  });

  it('refuses a body of 10 MB before it came, signed or not, and says how much is read', async () => {
    const { record } = await inReview();
    const request = signedRequest({ record, body: press('approve', 'press-large') });
    const told = await begin(request, { 'content-length': String(10 * MEGABYTE) }, null);
    expect([told.status, told.body['detail']]).toEqual([413, 'The body is larger than 65536 bytes.']);
    const untold = await begin(request, { 'transfer-encoding': 'chunked' }, Buffer.alloc(65_537, ' '));
    expect(untold.status).toBe(413);
    const atTheEdge = signedRequest({ record, body: press('deny', 'press-edge', 'No budget.').padEnd(65_536, ' ') });
    expect((await send(atTheEdge)).status).toBe(200);
  });

  /** Sends the head of a request and `sent`, and no end of the body. */
  async function begin({ path, headers }: Sent, more: Readonly<Record<string, string>>, sent: Uint8Array | null): Promise<Answer> {
    const request = httpRequest(`${url}${path}`, { method: 'POST', headers: { ...headers, ...more } });
    // The server closes the connection once it has answered.
    request.on('error', () => undefined);
    request.flushHeaders();
    if (sent !== null) request.write(sent);
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    const said = await text(answer);
    request.destroy();
    return { status: answer.statusCode ?? 0, body: JSON.parse(said) as Answer['body'] };
  }
});
