import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CrmFailure } from '../../../../crm/failures.ts';
import type { CrmPort } from '../../../../crm/port.ts';
import { connectSalesforce } from '../../../../crm/salesforce/connect.ts';
import type { SalesforceCall } from '../../../../crm/salesforce/session.ts';
import { channelOfObject, SHIPPED_CHANNEL } from '../../../../crm/salesforce/stream/event-channel.ts';
import { openSalesforceSandbox } from '../../../../sandbox/salesforce/open-sandbox.ts';
import { hearNews, type HeardNews } from '../../../support/heard-news.ts';
import { makeTemporaryFolder } from '../../../support/temporary-folder.ts';
import { until } from '../../../support/until.ts';

jest.setTimeout(60_000);

const SHIPPED = join(process.cwd(), 'crm/salesforce/force-app');
const SESSION = '00D000000000001!';
const REGISTRATION = 'Deal_Registration__c';
/** Short, so that a silence is noticed within a test. */
const WAIT = { timeoutMs: 400, graceMs: 800 };

interface Org {
  readonly url: string;
  /** A connection of its own: nothing is known to it yet. */
  connect(by?: 'token' | 'client'): Promise<CrmPort>;
  readonly exchanges: SalesforceCall[];
  control(path: string, body: object): Promise<void>;
  create(fields?: object, object?: string): Promise<string>;
  edit(id: string, fields: object, as?: string, object?: string): Promise<void>;
  request(method: string, path: string, as?: string, body?: object): Promise<void>;
  clients(): Promise<readonly { readonly subscriptions: Readonly<Record<string, number>> }[]>;
  close(): Promise<void>;
}

async function openOrg(metadataRoot = SHIPPED): Promise<Org> {
  const sandbox = await openSalesforceSandbox({ port: 0, dataFile: ':memory:', metadataRoot, sampleFile: null, seed: 1 });
  const exchanges: SalesforceCall[] = [];
  const call = async (method: string, path: string, as: string, body?: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${SESSION}${as}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const response = await fetch(sandbox.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const rows = (object: string): string => `/services/data/v66.0/sobjects/${object}`;
  return {
    url: sandbox.url,
    exchanges,
    connect: (by = 'token') =>
      connectSalesforce(
        {
          connection: 'salesforce',
          instanceUrl: sandbox.url,
          auth:
            by === 'token'
              ? { kind: 'token', accessToken: `${SESSION}integration` }
              : { kind: 'client_credentials', clientId: 'dealkeeper', clientSecret: 'secret' },
          apiVersion: '66.0',
          requestTimeoutMs: 5_000,
          eventWait: WAIT,
        },
        undefined,
        (one) => exchanges.push(one),
      ),
    control: async (path, body) => void (await call('POST', `/_sandbox/${path}`, 'rep', body)),
    create: async (fields = { Customer_Name__c: 'Northwind' }, object = REGISTRATION) =>
      ((await call('POST', rows(object), 'rep', fields)) as { id: string }).id,
    edit: async (id, fields, as = 'rep', object = REGISTRATION) => void (await call('PATCH', `${rows(object)}/${id}`, as, fields)),
    request: async (method, path, as = 'rep', body) => void (await call(method, path, as, body)),
    clients: async () => ((await call('GET', '/_sandbox/streaming', 'rep')) as { clients: never[] }).clients,
    close: () => sandbox.close(),
  };
}

describe('listening to change events', () => {
  let org: Org;
  let heard: HeardNews;

  beforeAll(async () => {
    org = await openOrg();
  });
  beforeEach(() => org.control('reset', {}));
  afterAll(() => org.close());

  const listen = async (positions: Readonly<Record<string, string>> = {}, port?: CrmPort): Promise<void> => {
    heard = hearNews(port ?? (await org.connect()), { positions });
    await heard.untilHeard('listening');
  };

  it('tells of a rep’s edit, by one subscription to the shipped channel, and leaves in order', async () => {
    const id = await org.create();
    await listen();
    expect(heard.news[0]).toEqual({ kind: 'listening', channels: [SHIPPED_CHANNEL] });
    expect((await org.clients()).map(({ subscriptions }) => Object.keys(subscriptions))).toEqual([[SHIPPED_CHANNEL]]);
    await org.edit(id, { Estimated_Value__c: 31000 });
    expect(await heard.untilNamed(id)).toMatchObject({ object: REGISTRATION, what: 'updated', isOwn: false });
    expect(Object.keys(heard.positions())).toEqual([SHIPPED_CHANNEL]);
    await heard.stop();
    expect(await org.clients()).toEqual([]);
  });

  it('knows what its own user wrote', async () => {
    const id = await org.create();
    await listen();
    await org.edit(id, { Estimated_Value__c: 31000 }, 'integration');
    expect(await heard.untilNamed(id)).toMatchObject({ isOwn: true });
    await heard.stop();
  });

  it('tells of deletes, undeletes and merges, each of the records that they concern', async () => {
    const [kept, gone] = [await org.create({ Name: 'A' }, 'Account'), await org.create({ Name: 'B' }, 'Account')];
    const id = await org.create();
    await listen();
    await org.request('DELETE', `/services/data/v66.0/sobjects/${REGISTRATION}/${id}`);
    await org.control('undelete', { sobject: REGISTRATION, ids: [id] });
    await org.control('merge', { sobject: 'Account', masterId: kept, ids: [gone] });
    await heard.untilNamed(gone);
    const told = heard.hints().flatMap(({ what, ids }) => ids.map((each) => [what, each]));
    expect(told).toEqual(
      expect.arrayContaining([
        ['deleted', id],
        ['undeleted', id],
        ['deleted', gone],
      ]),
    );
    await heard.stop();
  });

  it('goes on behind the last event that was taken, and misses none in between', async () => {
    const id = await org.create();
    await listen();
    await org.edit(id, { Estimated_Value__c: 31000 });
    await heard.untilNamed(id);
    const positions = heard.positions();
    await heard.stop();
    const other = await org.create();
    await listen(positions);
    await heard.untilNamed(other);
    expect(heard.hints().flatMap(({ ids }) => ids)).toEqual([other]);
    await heard.stop();
  });

  it('takes each record of an edit of many, of which the enriched events share a replay id', async () => {
    const ids = [await org.create(), await org.create(), await org.create()];
    await listen();
    const records = ids.map((id) => ({ attributes: { type: REGISTRATION }, id, Status__c: 'in_review' }));
    await org.request('PATCH', '/services/data/v66.0/composite/sobjects', 'rep', { allOrNone: false, records });
    for (const id of ids) await heard.untilNamed(id);
    expect(heard.hints()).toHaveLength(ids.length);
    expect(new Set(heard.news.flatMap((one) => (one.kind === 'changes' ? Object.values(one.positions) : []))).size).toBe(1);
    await heard.stop();
  });

  it('names records of a gap, and none of an overflow', async () => {
    const id = await org.create();
    await listen();
    await org.control('events', { changeType: 'GAP_UPDATE', sobject: REGISTRATION, ids: [id] });
    expect(await heard.untilNamed(id)).toMatchObject({ what: 'unknown' });
    await org.control('events', { changeType: 'GAP_OVERFLOW', sobject: 'Account' });
    await until('the overflow', async () => heard.hints().some(({ object, ids }) => object === 'Account' && ids.length === 0), 10_000);
    await heard.stop();
  });

  it('says that its place is gone when the position expired, and goes on with what is new', async () => {
    const id = await org.create();
    await listen();
    await org.edit(id, { Estimated_Value__c: 31000 });
    await heard.untilNamed(id);
    const positions = heard.positions();
    await heard.stop();
    await org.control('events', { expire: 'all' });
    await listen(positions);
    expect(heard.news.slice(0, 2)).toEqual([
      { kind: 'gap', channel: SHIPPED_CHANNEL },
      { kind: 'listening', channels: [SHIPPED_CHANNEL] },
    ]);
    const other = await org.create();
    await heard.untilNamed(other);
    await heard.stop();
  });

  it.each(['handshake', 'none'] as const)('shakes hands again when the org forgot it and advises %s', async (advice) => {
    await listen();
    const before = await org.create();
    await heard.untilNamed(before);
    await org.control('streaming', { drop: 'all', advice });
    const id = await org.create();
    await heard.untilNamed(id);
    expect(heard.gaps()).toEqual([]);
    await heard.stop();
  });

  it('does not stay silent when it was forgotten and its position expired as well', async () => {
    await listen();
    await heard.untilNamed(await org.create());
    await org.control('events', { expire: 'all' });
    await org.control('streaming', { drop: 'all', advice: 'none' });
    await heard.untilHeard('gap');
    await heard.untilNamed(await org.create());
    await heard.stop();
  });

  it('gives up on an org that forgets each client at once', async () => {
    await org.control('streaming', {
      refuse: [{ channel: '/meta/connect', error: '403::Unknown client', reconnect: 'handshake', times: 10 }],
    });
    heard = hearNews(await org.connect());
    expect(await heard.ended).toMatchObject({ code: 'CRM_UNAVAILABLE' });
  });

  it('renews a session that ended while it listened, and goes on from where it was', async () => {
    await listen({}, await org.connect('client'));
    await heard.untilNamed(await org.create());
    await org.control('sessions', { end: 'access' });
    const id = await org.create();
    await heard.untilNamed(id);
    expect(heard.gaps()).toEqual([]);
    await heard.stop();
  });

  it('takes the session that another call renewed meanwhile', async () => {
    const port = await org.connect('client');
    await listen({}, port);
    await org.control('sessions', { end: 'access' });
    await port.read('Account', [await org.create({ Name: 'A' }, 'Account')], ['Name']);
    await heard.untilNamed(await org.create());
    await heard.stop();
  });

  it('ends where a renewed session is refused, too', async () => {
    await org.control('streaming', {
      refuse: [{ channel: '/meta/handshake', error: '403::Handshake denied', failureReason: '401::Authentication invalid', times: 10 }],
    });
    heard = hearNews(await org.connect('client'));
    expect(await heard.ended).toMatchObject({ code: 'CRM_AUTH_FAILED' });
  });

  it('does not wait for ever for an org that holds its answers back', async () => {
    await listen();
    await org.control('streaming', { hold: true });
    const since = performance.now();
    expect(await heard.ended).toMatchObject({ code: 'CRM_UNAVAILABLE', message: 'No complete answer within 1200 ms' });
    expect(performance.now() - since).toBeLessThan(5_000);
  });

  it('says that the allowance of events is used up', async () => {
    await listen();
    await org.control('streaming', { dailyEvents: 1, used: 1 });
    expect(await heard.ended).toMatchObject({
      code: 'CRM_EVENTS_EXHAUSTED',
      message: '403::Organization total events daily limit exceeded',
    });
  });

  it.each([
    ['has no more clients to give', { mostClients: 0 }, 'CRM_RATE_LIMITED'],
    [
      'denies the handshake',
      { refuse: [{ channel: '/meta/handshake', error: '403::Handshake denied', reconnect: 'none' }] },
      'CRM_EVENTS_UNAVAILABLE',
    ],
    ['fails', { refuse: [{ channel: '/meta/subscribe', error: '500::Something went wrong' }] }, 'CRM_UNAVAILABLE'],
  ])('fails with a code where the org %s', async (_what, control, code) => {
    await org.control('streaming', control);
    heard = hearNews(await org.connect());
    expect(await heard.ended).toMatchObject({ code });
  });

  it.each([
    [501, 'CRM_EVENTS_UNAVAILABLE'],
    [403, 'CRM_EVENTS_UNAVAILABLE'],
    [503, 'CRM_UNAVAILABLE'],
  ])('fails with a code where the address answers HTTP %d', async (status, code) => {
    await org.control('faults', { rules: [{ method: 'POST', path: '/cometd', nth: 1, times: 1, fault: 'status', status }] });
    heard = hearNews(await org.connect());
    const failure = await heard.ended;
    expect(failure).toBeInstanceOf(CrmFailure);
    expect(failure).toMatchObject({ code });
  });

  it('brings the cookies back that the org asks for', async () => {
    await org.control('streaming', { requireCookies: true });
    await listen();
    await heard.untilNamed(await org.create());
    await heard.stop();
  });
});

describe('listening in an org without the shipped channel', () => {
  const folder = makeTemporaryFolder('channel');
  let org: Org;

  beforeAll(async () => {
    cpSync(SHIPPED, folder.path, { recursive: true });
    for (const kind of ['platformEventChannels', 'platformEventChannelMembers'])
      rmSync(join(folder.path, 'main/default', kind), { recursive: true });
    org = await openOrg(folder.path);
  });
  afterAll(async () => {
    await org.close();
    folder.remove();
  });

  const OWN = ['Account', REGISTRATION, 'Opportunity'].map(channelOfObject);

  it('takes the channel of each object, each with a position of its own', async () => {
    const first = hearNews(await org.connect());
    await first.untilHeard('listening');
    expect(first.news[0]).toEqual({ kind: 'listening', channels: OWN });
    const [account, registration] = [await org.create({ Name: 'A' }, 'Account'), await org.create()];
    await first.untilNamed(account);
    await first.untilNamed(registration);
    const positions = first.positions();
    await first.stop();
    expect(Object.keys(positions).sort()).toEqual([channelOfObject('Account'), channelOfObject(REGISTRATION)]);
    expect(new Set(Object.values(positions)).size).toBe(2);

    const missed = await org.create();
    const second = hearNews(await org.connect(), { positions });
    await second.untilNamed(missed);
    expect(second.hints().flatMap(({ ids }) => ids)).toEqual([missed]);
    await second.stop();
  });

  it('says so where there is none at all', async () => {
    const heard = hearNews(await org.connect(), { objects: ['Nothing__c', 'Nobody'] });
    expect(await heard.ended).toMatchObject({ code: 'CRM_EVENTS_UNAVAILABLE' });
  });
});
