import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../../../support/temporary-folder.ts';
import { METADATA_ROOT, openOrg } from '../opened-org.ts';
import type { OpenedOrg } from '../opened-org.ts';
import { headersOf, listenTo, shakeHands } from './bayeux-call.ts';
import type { Message } from './bayeux-call.ts';

const HOUR_MS = 60 * 60 * 1000;
const ALL = '/data/ChangeEvents';
const invalid = (id: unknown) =>
  `400::The replayId {${JSON.stringify(id)}} you provided was invalid. Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.`;

const addAccount = async (org: OpenedOrg, Name: string): Promise<string> => (await org.call('POST', '/sobjects/Account', { Name })).body.id;
const namesOf = (events: readonly Message[]) => events.map((each) => each.data.payload.Name);
const idsOf = (events: readonly Message[]): number[] => events.map((each) => each.data.event.replayId);

/** What a new client is given that subscribes from `replayId` on. */
async function replay(org: OpenedOrg, replayId: unknown, channel = ALL): Promise<Message[]> {
  const client = await shakeHands(org);
  expect(await client.subscribe(channel, replayId)).toMatchObject({ subscription: channel, successful: true });
  return client.events();
}

describe('replaying change events', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  it('gives all that are kept, those after an event, or only new ones', async () => {
    for (const name of ['A', 'B', 'C']) await addAccount(org, name);
    const all = await replay(org, -2);
    expect(namesOf(all)).toEqual(['A', 'B', 'C']);
    expect(namesOf(await replay(org, idsOf(all)[0]))).toEqual(['B', 'C']);
    const fresh = await shakeHands(org);
    await fresh.subscribe(ALL, -1);
    await addAccount(org, 'D');
    expect(namesOf(await fresh.events())).toEqual(['D']);
    expect(await fresh.events()).toEqual([]);
  });

  it('counts ids up, with gaps, in the same way each time', async () => {
    const write = async () => {
      for (let index = 0; index < 20; index += 1) await addAccount(org, `A${index}`);
      return idsOf(await replay(org, -2));
    };
    const ids = await write();
    const steps = ids.slice(1).map((id, index) => id - (ids[index] ?? 0));
    expect(steps.every((step) => step >= 1)).toBe(true);
    expect(steps.some((step) => step > 1)).toBe(true);
    await org.reset();
    expect(await write()).toEqual(ids);
  });

  it.each([3, 1_000_000, 0, -3, 1.5, '1003', null])('refuses the id %p', async (id) => {
    await addAccount(org, 'A');
    const client = await shakeHands(org);
    const reply = { clientId: client.id, channel: '/meta/subscribe', subscription: ALL, successful: false, error: invalid(id) };
    expect(await client.subscribe(ALL, id)).toEqual(reply);
    await addAccount(org, 'B');
    expect(await client.events()).toEqual([]);
  });

  it('refuses a map of ids that does not name the channel, as two channels of one jsforce client send it', async () => {
    const client = await shakeHands(org);
    const [reply] = await client.send('/meta/subscribe', { subscription: '/data/A', ext: { replay: { '/data/B': 9, '/data/C': -1 } } });
    expect(reply.error).toBe('400::The channel you requested to subscribe to does not exist {/data/A}');
    const [other] = await client.send('/meta/subscribe', { subscription: ALL, ext: { replay: { '/data/B': 9, '/data/C': -1 } } });
    expect(other.error).toBe(
      `400::The replayId for channel {${ALL}} wasn't found using the provided replay ID map {{/data/B=9, /data/C=-1}}. Ensure that the channel name you provided in the replay map is valid and matches the channel name used for subscribing.`,
    );
  });

  it.each([
    ['at 72 hours', 72 * HOUR_MS, ['A', 'B']],
    ['a millisecond later', 72 * HOUR_MS + 1, ['B']],
  ])('keeps an event %s of the clock', async (_when, advanceMs, names) => {
    await addAccount(org, 'A');
    const [id] = idsOf(await replay(org, -2));
    await org.control('clock', { advanceMs: HOUR_MS });
    await addAccount(org, 'B');
    await org.control('clock', { advanceMs: advanceMs - HOUR_MS });
    expect(namesOf(await replay(org, -2))).toEqual(names);
    expect((await org.control('events')).body).toMatchObject({ count: names.length });
    const client = await shakeHands(org);
    expect((await client.subscribe(ALL, id)).error).toBe(names.includes('A') ? undefined : invalid(id));
  });

  it('forgets events on request, so that an id is one of none', async () => {
    for (const name of ['A', 'B', 'C']) await addAccount(org, name);
    const [first, second] = idsOf(await replay(org, -2));
    expect((await org.control('events', { expire: second })).body).toEqual({ expired: 2 });
    const client = await shakeHands(org);
    expect((await client.subscribe(ALL, first)).error).toBe(invalid(first));
    expect(namesOf(await replay(org, -2))).toEqual(['C']);
    expect((await org.control('events', { expire: 'all' })).body).toEqual({ expired: 1 });
    expect((await org.control('events')).body).toEqual({ count: 0, oldest: null, newest: null });
  });

  it('makes up for an answer that was lost', async () => {
    const client = await listenTo(org, ALL);
    await addAccount(org, 'A');
    const [before] = idsOf(await client.events());
    await addAccount(org, 'B');
    await org.control('faults', { rules: [{ method: 'POST', path: '/cometd', fault: 'lost_answer' }] });
    await expect(client.events()).rejects.toThrow('fetch failed');
    expect(await client.events()).toEqual([]);
    expect(namesOf(await replay(org, before))).toEqual(['B']);
  });

  it('gives many events in several answers, in their order and each once', async () => {
    for (let start = 0; start < 450; start += 150) {
      const records = Array.from({ length: 150 }, (_each, index) => ({ attributes: { type: 'Account' }, Name: `A${start + index}` }));
      await org.call('POST', '/composite/sobjects', { records });
    }
    const client = await shakeHands(org);
    await client.subscribe(ALL, -2);
    const answers = [await client.events(), await client.events(), await client.events()];
    expect(answers.map((each) => each.length)).toEqual([200, 200, 50]);
    expect(namesOf(answers.flat())).toEqual(Array.from({ length: 450 }, (_each, index) => `A${index}`));
  });
});

describe('change events of an org that is kept in a file', () => {
  const folder = makeTemporaryFolder('change-events');
  afterAll(() => folder.remove());

  it('survive a restart, and ids go on; clients have to shake hands again', async () => {
    const dataFile = join(folder.path, 'org.sqlite');
    const first = await openOrg({ dataFile });
    const client = await listenTo(first, ALL);
    await addAccount(first, 'A');
    const [id] = idsOf(await client.events());
    await addAccount(first, 'B');
    await first.close();

    const second = await openOrg({ dataFile });
    const stranger = await shakeHands(second);
    expect(stranger.id).not.toBe(client.id);
    const [reply] = await stranger.send('/meta/connect', { clientId: client.id });
    expect(reply.error).toBe('403::Unknown client');
    await addAccount(second, 'C');
    const events = await replay(second, id);
    expect(namesOf(events)).toEqual(['B', 'C']);
    expect(idsOf(events).every((each) => each > (id ?? Infinity))).toBe(true);
    await second.close();
  });
});

describe('a custom channel', () => {
  const folder = makeTemporaryFolder('custom-channel');
  const CHANNEL = '/data/Partner_Sales__chn';
  let org: OpenedOrg;
  const ship = (type: string, name: string, content: string) => {
    const root = `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
    mkdirSync(join(folder.path, `${type}s`), { recursive: true });
    writeFileSync(
      join(folder.path, `${type}s`, `${name}.${type}-meta.xml`),
      `<?xml version="1.0" encoding="UTF-8"?><${root}>${content}</${root}>`,
    );
  };
  const member = (channel: string, event: string, ...enriched: readonly string[]) =>
    `${enriched.map((name) => `<enrichedFields><name>${name}</name></enrichedFields>`).join('')}<eventChannel>${channel}</eventChannel><selectedEntity>${event}</selectedEntity>`;
  beforeAll(async () => {
    cpSync(METADATA_ROOT, folder.path, { recursive: true });
    ship('platformEventChannel', 'Partner_Sales__chn', '<channelType>data</channelType><label>Partner sales</label>');
    ship(
      'platformEventChannelMember',
      'Deal',
      member('Partner_Sales__chn', 'Deal_Registration__ChangeEvent', 'Registration_Id__c', 'Sync_Note__c'),
    );
    ship('platformEventChannelMember', 'Contact', member('Partner_Sales__chn', 'ContactChangeEvent', 'Name'));
    org = await openOrg({ metadataRoot: folder.path });
  });
  beforeEach(() => org.reset());
  afterAll(async () => {
    await org.close();
    folder.remove();
  });

  const update = (records: readonly object[]) => org.call('PATCH', '/composite/sobjects', { records });
  const addDeal = async (fields: object): Promise<string> => (await org.call('POST', '/sobjects/Deal_Registration__c', fields)).body.id;

  it('carries its members only, and adds the enriched fields that are filled to updates and deletions', async () => {
    const client = await listenTo(org, CHANNEL);
    const plain = await listenTo(org, '/data/Deal_Registration__ChangeEvent');
    await addAccount(org, 'A');
    const id = await addDeal({ Registration_Id__c: 'r-1' });
    await org.call('PATCH', `/sobjects/Deal_Registration__c/${id}`, { Estimated_Value__c: 5 });
    await org.call('DELETE', `/sobjects/Deal_Registration__c/${id}`);
    const [made, changed, gone, ...rest] = (await client.events()).map((each) => each.data.payload);
    expect(rest).toEqual([]);
    expect(made).not.toHaveProperty('Sync_Note__c');
    expect(changed).toMatchObject({ Registration_Id__c: 'r-1', Estimated_Value__c: 5 });
    expect(changed.ChangeEventHeader.changedFields).not.toContain('Registration_Id__c');
    expect(changed).not.toHaveProperty('Sync_Note__c');
    expect(gone).toMatchObject({ Registration_Id__c: 'r-1', ChangeEventHeader: { changeType: 'DELETE' } });
    expect((await plain.events()).map((each) => each.data.payload)[1]).not.toHaveProperty('Registration_Id__c');
  });

  it('gives merged events one by one, under the same id', async () => {
    const ids = [await addDeal({ Registration_Id__c: 'r-1' }), await addDeal({ Registration_Id__c: 'r-2' })];
    const [client, all] = [await listenTo(org, CHANNEL), await listenTo(org, ALL)];
    await update(ids.map((id) => ({ attributes: { type: 'Deal_Registration__c' }, id, Estimated_Value__c: 7 })));
    expect(headersOf(await all.events()).map((header) => header.recordIds)).toEqual([ids]);
    const events = await client.events();
    expect(headersOf(events).map((header) => header.recordIds)).toEqual([[ids[0]], [ids[1]]]);
    expect(events.map((each) => each.data.payload.Registration_Id__c)).toEqual(['r-1', 'r-2']);
    expect(new Set(idsOf(events)).size).toBe(1);
  });

  it('adds what a field is at delivery, and leaves alone what the event itself changed', async () => {
    const id = await addDeal({ Registration_Id__c: 'r-1', Sync_Note__c: 'first' });
    const client = await listenTo(org, CHANNEL);
    await org.call('PATCH', `/sobjects/Deal_Registration__c/${id}`, { Estimated_Value__c: 5 });
    await org.call('PATCH', `/sobjects/Deal_Registration__c/${id}`, { Sync_Note__c: 'second' });
    await org.call('PATCH', `/sobjects/Deal_Registration__c/${id}`, { Sync_Note__c: null });
    await org.call('PATCH', `/sobjects/Deal_Registration__c/${id}`, { Sync_Note__c: 'third' });
    expect((await client.events()).map((each) => each.data.payload.Sync_Note__c)).toEqual(['third', 'second', null, 'third']);
  });

  it('adds a compound field with its filled parts', async () => {
    const { body } = await org.call('POST', '/sobjects/Contact', { LastName: 'King' });
    const client = await listenTo(org, CHANNEL);
    await org.call('PATCH', `/sobjects/Contact/${body.id}`, { Title: 'Countess' });
    expect((await client.events()).map((each) => each.data.payload)).toMatchObject([{ Title: 'Countess', Name: { LastName: 'King' } }]);
  });

  it('has its members captured although they are not selected otherwise', async () => {
    await org.control('change-data-capture', { entities: ['Account'] });
    const [client, all] = [await listenTo(org, CHANNEL), await listenTo(org, ALL)];
    await addDeal({});
    await addAccount(org, 'A');
    expect(headersOf(await client.events()).map((header) => header.entityName)).toEqual(['Deal_Registration__c']);
    expect(headersOf(await all.events()).map((header) => header.entityName)).toEqual(['Account']);
  });
});
