import { Connection } from 'jsforce';
import { StreamingExtension } from 'jsforce/lib/api/streaming.js';
import { until } from '../../../support/until.ts';
import { openOrg } from '../opened-org.ts';
import type { OpenedOrg } from '../opened-org.ts';
import type { Message } from './bayeux-call.ts';

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
  const subscribe = async (channel: string, replayId: number | null = null, alias = 'integration') => {
    const extensions = replayId === null ? [] : [new StreamingExtension.Replay(channel, replayId)];
    const client = connection(alias).streaming.createClient(extensions) as unknown as FayeClient;
    opened.push(client);
    // oxlint-disable-next-line typescript/no-explicit-any
    const received: any[] = [];
    await client.subscribe(channel, (data) => void received.push(data));
    return received;
  };
  const arrival = (received: readonly unknown[], count: number) => until(`${count} events`, async () => received.length >= count, 20_000);
  const typesOf = (received: readonly Message[]) => received.map((each) => each.payload.ChangeEventHeader.changeType);

  it('receives creation, change and deletion of a record, as long as it listens', async () => {
    const received = await subscribe('/data/Deal_Registration__ChangeEvent');
    const deals = connection('rep').sobject('Deal_Registration__c');
    const { id = '' } = await deals.create({ Registration_Id__c: 'r-1' });
    await arrival(received, 1);
    await deals.update({ Id: id, Requested_Decision__c: 'approve' });
    await arrival(received, 2);
    await deals.destroy(id);
    await arrival(received, 3);
    expect(typesOf(received)).toEqual(['CREATE', 'UPDATE', 'DELETE']);
    expect(received.map((each) => each.payload.ChangeEventHeader.recordIds)).toEqual([[id], [id], [id]]);
    expect(received[1].payload).toMatchObject({ Requested_Decision__c: 'approve' });
  });

  it('receives what it missed, from all that is kept and from an event on', async () => {
    await connection()
      .sobject('Account')
      .create([{ Name: 'A' }, { Name: 'B' }, { Name: 'C' }]);
    const all = await subscribe('/data/ChangeEvents', -2);
    await arrival(all, 3);
    const later = await subscribe('/data/ChangeEvents', all[0].event.replayId);
    await arrival(later, 2);
    expect([all, later].map((each) => each.map(({ payload }) => payload.Name))).toEqual([
      ['A', 'B', 'C'],
      ['B', 'C'],
    ]);
  });

  it('shakes hands again when the server no longer knows it, and goes on from where it was', async () => {
    const received = await subscribe('/data/AccountChangeEvent', -1);
    await connection().sobject('Account').create({ Name: 'A' });
    await arrival(received, 1);
    expect((await org.control('streaming', { drop: 'all' })).body).toEqual({ dropped: 1 });
    await connection().sobject('Account').create({ Name: 'B' });
    await arrival(received, 2);
    expect(received.map((each) => each.payload.Name)).toEqual(['A', 'B']);
  });

  it('learns that a channel does not exist, or is not built', async () => {
    const refusal = (message: string) => ({ message: expect.stringContaining(message) });
    await expect(subscribe('/data/NopeChangeEvent')).rejects.toMatchObject(refusal('does not exist {/data/NopeChangeEvent}'));
    await expect(subscribe('/topic/AccountUpdates')).rejects.toMatchObject(refusal('PushTopic channels are not built'));
    await expect(subscribe('/data/ChangeEvents', 3)).rejects.toMatchObject(refusal('The replayId {3} you provided was invalid.'));
  });

  it('learns that its session is at its end', async () => {
    const failures: Message[] = [];
    const stranger = new Connection({ instanceUrl: org.url, accessToken: 'x', version: '66.0' });
    const ended = new StreamingExtension.AuthFailure((message: Message) => void failures.push(message));
    const client = stranger.streaming.createClient([ended]) as unknown as FayeClient;
    void client.subscribe('/data/ChangeEvents', () => undefined);
    await until('the refusal', async () => failures.length > 0, 10_000);
    expect(failures).toMatchObject([{ error: '403::Handshake denied', ext: { sfdc: { failureReason: '401::Authentication invalid' } } }]);
  });
});
