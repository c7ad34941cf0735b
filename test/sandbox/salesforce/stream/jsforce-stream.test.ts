import { Connection } from 'jsforce';
import { StreamingExtension } from 'jsforce/lib/api/streaming.js';
import { until } from '../../../support/until.ts';
import { openOrg } from '../opened-org.ts';
import type { OpenedOrg } from '../opened-org.ts';

/** What jsforce's types leave out of Faye's client. */
interface FayeClient {
  subscribe(channel: string, listener: (data: unknown) => void): PromiseLike<void>;
  disconnect(): PromiseLike<void>;
}

describe("jsforce's streaming client", () => {
  let org: OpenedOrg;
  const opened: FayeClient[] = [];
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterEach(async () => {
    // Faye keeps a timer for each message that was not answered, so its last one is waited for.
    for (const client of opened.splice(0)) await client.disconnect();
  });
  afterAll(() => org.close());

  const connection = (alias = 'integration') =>
    new Connection({ instanceUrl: org.url, accessToken: `00D000000000001!${alias}`, version: '66.0' });

  /** Subscribes by Faye, which jsforce brings, and gives what arrives. */
  const subscribe = async (channel: string, replayId: number | null = null) => {
    const extensions = replayId === null ? [] : [new StreamingExtension.Replay(channel, replayId)];
    const client = connection().streaming.createClient(extensions) as unknown as FayeClient;
    opened.push(client);
    // oxlint-disable-next-line typescript/no-explicit-any
    const received: any[] = [];
    await client.subscribe(channel, (data) => void received.push(data));
    return received;
  };
  const arrival = (received: readonly unknown[], count: number) => until(`${count} events`, async () => received.length >= count, 10_000);

  it('receives the change of a record', async () => {
    const received = await subscribe('/data/AccountChangeEvent');
    const { id } = await connection('rep').sobject('Account').create({ Name: 'Globex' });
    await arrival(received, 1);
    expect(received).toMatchObject([
      { payload: { Name: 'Globex', ChangeEventHeader: { entityName: 'Account', changeType: 'CREATE', recordIds: [id] } } },
    ]);
  });
});
