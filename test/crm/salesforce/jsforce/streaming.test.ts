import { StreamingExtension } from 'jsforce/lib/api/streaming.js';
import { until } from '../../../support/until.ts';
import { openRecordedOrg, type RecordedOrg } from './recorded-org.ts';

/** Why jsforce's streaming client is not used: what it does by itself. */

jest.setTimeout(60_000);

/** What jsforce's types leave out of Faye's client. */
interface FayeClient {
  subscribe(channel: string, listener: (data: unknown) => void): PromiseLike<void>;
  disconnect(): PromiseLike<void>;
}

interface Meta {
  readonly channel: string;
  readonly subscription?: string;
  readonly ext?: { readonly replay?: Readonly<Record<string, number>> };
}

const ACCOUNTS = '/data/AccountChangeEvent';
const OPPORTUNITIES = '/data/OpportunityChangeEvent';

describe("jsforce's streaming client", () => {
  let org: RecordedOrg;
  const opened: FayeClient[] = [];
  beforeAll(async () => void (org = await openRecordedOrg()));
  beforeEach(() => org.reset());
  afterEach(async () => {
    for (const client of opened.splice(0)) await client.disconnect();
  });
  afterAll(() => org.close());

  const clientWith = (...extensions: readonly InstanceType<typeof StreamingExtension.Replay>[]): FayeClient => {
    const client = org.naked().streaming.createClient([...extensions]) as unknown as FayeClient;
    opened.push(client);
    return client;
  };
  const addAccount = (name: string) => org.naked().sobject('Account').create({ Name: name });
  /** The subscriptions that were sent, in their order, each with what was answered in the same exchange. */
  const subscriptions = (): readonly (Meta & { readonly answer: string })[] =>
    org.calls
      .filter(({ url, method }) => method === 'POST' && url.startsWith('/cometd'))
      .flatMap(({ body, answer }) => (JSON.parse(body) as Meta[]).map((message) => ({ ...message, answer })))
      .filter(({ channel }) => channel === '/meta/subscribe');

  it('mixes up the places of two channels: of both it sends the last one, with which the first is refused', async () => {
    const client = clientWith(new StreamingExtension.Replay(ACCOUNTS, -2), new StreamingExtension.Replay(OPPORTUNITIES, -1));
    await expect(client.subscribe(ACCOUNTS, () => undefined)).rejects.toMatchObject({
      message: expect.stringContaining(`wasn't found using the provided replay ID map {{${OPPORTUNITIES}=-1}}`),
    });
    expect(subscriptions()[0]?.ext?.replay).toEqual({ [OPPORTUNITIES]: -1 });
  });

  it('moves its place when an event arrives, whether or not anybody kept it', async () => {
    let arrived = 0;
    const client = clientWith(new StreamingExtension.Replay(ACCOUNTS, -1));
    // Whoever hears of it has not stored anything yet, and cannot say so.
    await client.subscribe(ACCOUNTS, () => void (arrived += 1));
    await addAccount('A');
    await until('the first event', async () => arrived === 1);
    await org.control('streaming', { drop: 'all' });
    await until('the second subscription', async () => subscriptions().length === 2);
    const [first, second] = subscriptions();
    expect(first?.ext?.replay).toEqual({ [ACCOUNTS]: -1 });
    expect(second?.ext?.replay?.[ACCOUNTS]).toBeGreaterThan(0);
  });

  it('is deaf and silent when its place has expired once it was dropped', async () => {
    const received: unknown[] = [];
    const client = clientWith(new StreamingExtension.Replay(ACCOUNTS, -1));
    await client.subscribe(ACCOUNTS, (data) => void received.push(data));
    await addAccount('A');
    await until('an event', async () => received.length === 1);
    await org.control('events', { expire: 'all' });
    await org.control('streaming', { drop: 'all' });
    const refused = await until('the refusal', async () =>
      subscriptions().find(({ answer }) => answer.includes('you provided was invalid')),
    );
    expect(refused.subscription).toBe(ACCOUNTS);
    // Nobody was told, and nothing is subscribed any more.
    await addAccount('B');
    expect(await org.listening()).toEqual([]);
    expect(received).toHaveLength(1);
  });

  it('signs its calls with OAuth in place of Bearer, and tries a web socket first', async () => {
    const client = clientWith();
    await client.subscribe(ACCOUNTS, () => undefined);
    const cometd = org.calls.filter(({ url }) => url.startsWith('/cometd'));
    expect(cometd.find(({ method }) => method === 'POST')?.headers.authorization).toMatch(/^OAuth 00D/);
    expect(cometd.some(({ method, headers }) => method === 'GET' && headers.upgrade === 'websocket')).toBe(true);
    expect(cometd.find(({ body }) => body.includes('/meta/handshake'))?.body).toContain('"websocket"');
  });
});
