import { sql } from 'kysely';
import { listenToChanges, type ListenerEnd, type ListenerPauses } from '../../../activities/events/listener.ts';
import type { ActivityDependencies } from '../../../activities/decision/dependencies.ts';
import type { CrmPort } from '../../../crm/port.ts';
import { readChanged, readWantedSweep } from '../../../store/changed-record.ts';
import { setConnectionState } from '../../../store/connection.ts';
import { readEventStream, takeEventStream, type EventStream } from '../../../store/event-stream.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(60_000);

const CRM = 'salesforce';
const PAUSES: ListenerPauses = { watchMs: 50, firstMs: 20, longestMs: 100 };
const HOUR_MS = 3_600_000;

interface Listener {
  /** How it stood, each time that this changed. */
  readonly told: readonly EventStream[];
  readonly ended: Promise<ListenerEnd>;
  stop(): Promise<ListenerEnd>;
}

describe('listening to the changes of a connection', () => {
  let stage: SyncStage;
  let listeners: Listener[] = [];

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(() => stage.reset());
  afterEach(async () => {
    for (const listener of listeners) await listener.stop();
    listeners = [];
  });
  afterAll(() => stage.close());

  function start(changes: Partial<ActivityDependencies> = {}, wrap: (port: CrmPort) => Partial<CrmPort> = () => ({})): Listener {
    const stopping = new AbortController();
    const told: EventStream[] = [];
    const deps = { ...stage.deps, ...changes };
    const connection = deps.connections.get(CRM);
    if (connection === undefined) throw new Error('the stage has no connection');
    const ended = listenToChanges({
      deps,
      name: CRM,
      connection: { ...connection, port: { ...connection.port, ...wrap(connection.port) } },
      signal: stopping.signal,
      tell: (stream) => told.push(stream),
      pauses: PAUSES,
    });
    const listener = {
      told,
      ended,
      stop: () => {
        stopping.abort();
        return ended;
      },
    };
    listeners.push(listener);
    return listener;
  }

  const stream = () => readEventStream(stage.db, CRM);
  const untilState = (state: EventStream['state']) =>
    until(
      `it is ${state}`,
      async () => {
        const now = await stream();
        return now?.state === state ? now : null;
      },
      15_000,
    );
  async function listening(): Promise<Listener> {
    const listener = start();
    // What the store says may be of one that was killed.
    await until('it listens', async () => listener.told.some(({ state }) => state === 'listening'), 15_000);
    return listener;
  }
  const marked = async (objectType: 'registration' | 'partner' | 'account' | 'opportunity' = 'registration') =>
    (await readChanged(stage.db, CRM, objectType, 100)).map(({ remoteId }) => remoteId);
  /** Waits until an event was taken care of: the place has moved since `before`. */
  const untilMoved = (before: EventStream | null) =>
    until('the place moves', async () => JSON.stringify((await stream())?.positions) !== JSON.stringify(before?.positions), 15_000);

  async function settledOne(): Promise<{ readonly id: string; readonly remoteId: string }> {
    const [id = ''] = await stage.settledRegistrations(1);
    return { id, remoteId: await stage.remoteId('registration', id) };
  }

  it('marks what a rep edited and nudges the sync of it, in one with the place', async () => {
    const { id, remoteId } = await settledOne();
    await listening();
    const before = await stream();
    const nudges = await stage.nudgesDuring(async () => {
      await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 31000 });
      await untilMoved(before);
    });
    expect(nudges).toEqual(['salesforce/registration']);
    expect(await marked()).toEqual([remoteId]);
    await stage.pull('registration');
    expect(await marked()).toEqual([]);
    expect((await stage.registration(id)).estimatedValue.amount).toBe('31000.00');
  });

  it('keeps neither the place nor the marks when the transaction fails, and both when it is tried again', async () => {
    const { remoteId } = await settledOne();
    await listening();
    const before = await stream();
    await sql`alter table changed_record add constraint refuse_for_a_while check (false) not valid`.execute(stage.db);
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 31000 });
    await expect(listeners[0]?.ended).rejects.toThrow(/refuse_for_a_while/);
    expect(await stream()).toEqual(before);
    await sql`alter table changed_record drop constraint refuse_for_a_while`.execute(stage.db);
    listeners = [];
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 32000 });
    await listening();
    // Without a place from before it begins with what is new; polls have the rest.
    const at = await stream();
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 33000 });
    await untilMoved(at);
    expect(await marked()).toEqual([remoteId]);
  });

  it('goes on behind the last event when it starts again', async () => {
    const { remoteId } = await settledOne();
    const first = await listening();
    const before = await stream();
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 31000 });
    await untilMoved(before);
    expect(await first.stop()).toBe('stopped');
    expect(await stream()).toMatchObject({ state: 'stopped' });
    await stage.pull('registration');
    const kept = await stream();
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 32000 });
    await listening();
    await untilMoved(kept);
    expect(await marked()).toEqual([remoteId]);
    expect((await stream())?.gapAt).toBeNull();
  });

  it('leaves what we wrote ourselves to the poll', async () => {
    const { id, remoteId } = await settledOne();
    await listening();
    const before = await stream();
    const nudges = await stage.nudgesDuring(async () => {
      await stage.editRegistration(id, { estimatedValue: '31000.00' });
      await stage.push('registration');
      await untilMoved(before);
    });
    // One for the edit of ours that was queued, none for its echo.
    expect(nudges).toEqual(['salesforce/registration']);
    expect(await marked()).toEqual([]);
    expect(remoteId).not.toBe('');
  });

  it('does not lose a rep’s edit in the second of our own write', async () => {
    const { id, remoteId } = await settledOne();
    await listening();
    const before = await stream();
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await stage.push('registration');
    await stage.rep.edit('registration', remoteId, { Expected_Close_Date__c: '2027-05-05' });
    await untilMoved(before);
    await until('the mark of the rep’s edit', async () => (await marked()).includes(remoteId), 15_000);
  });

  it('passes over accounts and opportunities of others, however many change', async () => {
    await settledOne();
    await listening();
    const before = await stream();
    const nudges = await stage.nudgesDuring(async () => {
      const account = await stage.rep.create('Account', { Name: 'Somebody' });
      await stage.rep.edit('Account', account, { Name: 'Somebody else' });
      await stage.rep.create('Opportunity', { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2027-01-31', AccountId: account });
      await untilMoved(before);
      await until('the opportunity', async () => (await stream())?.lastEventAt !== before?.lastEventAt, 15_000);
    });
    expect(nudges).toEqual([]);
    expect([...(await marked('partner')), ...(await marked('account')), ...(await marked('opportunity'))]).toEqual([]);
  });

  it('looks at a partner’s account that is edited, and at one that becomes a partner’s', async () => {
    const partner = await stage.addPartner();
    await stage.settle();
    const account = await stage.remoteId('partner', partner);
    await listening();
    const before = await stream();
    await stage.rep.edit('partner', account, { Name: 'Another name' });
    await untilMoved(before);
    expect(await marked('partner')).toEqual([account]);
    const other = await stage.rep.create('Account', { Name: 'New', Partner_Id__c: 'a-foreign-id' });
    await until('the new one is marked', async () => (await marked('partner')).includes(other), 15_000);
  });

  it.each([
    ['deleted', 'forgets', (id: string) => stage.rep.remove('registration', id)],
    [
      'deleted and brought back',
      'keeps',
      async (id: string) => {
        await stage.rep.remove('registration', id);
        await stage.control('undelete', { sobject: 'Deal_Registration__c', ids: [id], as: 'rep' });
      },
    ],
  ])('a registration that is %s is looked at, and sync %s it', async (_what, follows, act) => {
    const { id, remoteId } = await settledOne();
    await listening();
    const before = await stream();
    await act(remoteId);
    await untilMoved(before);
    await until('the mark', async () => (await marked()).includes(remoteId), 15_000);
    await stage.pull('registration');
    expect(await marked()).toEqual([]);
    expect(await stage.commands(id)).toHaveLength(follows === 'forgets' ? 1 : 0);
  });

  it('follows the merge of a partner’s account without waiting for the poll', async () => {
    const partner = await stage.addPartner();
    await stage.settle();
    const gone = await stage.remoteId('partner', partner);
    const kept = await stage.rep.create('Account', { Name: 'The one that stays' });
    await listening();
    const nudges = await stage.nudgesDuring(async () => {
      await stage.control('merge', { sobject: 'Account', masterId: kept, ids: [gone], as: 'rep' });
      await until('the mark', async () => (await marked('partner')).includes(gone), 15_000);
    });
    expect(nudges).toContain('salesforce/partner');
    await stage.pull('partner');
    expect(await stage.remoteId('partner', partner)).toBe(kept);
  });

  it('has the rows of a gap read again', async () => {
    const { id, remoteId } = await settledOne();
    await stage.control('clock', { advanceMs: 10_000 });
    await stage.cycle();
    await listening();
    const before = await stream();
    // What changed the row gave no event, and its stamp is behind the cursor.
    await stage.control('change-data-capture', { entities: [] });
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 31000 });
    await stage.control('stamp', {
      sobject: 'Deal_Registration__c',
      ids: [remoteId],
      systemModstamp: new Date(Date.now() - HOUR_MS).toISOString(),
    });
    await stage.control('events', { changeType: 'GAP_UPDATE', sobject: 'Deal_Registration__c', ids: [remoteId] });
    await untilMoved(before);
    await until('the mark', async () => (await marked()).includes(remoteId), 15_000);
    await stage.pull('registration');
    expect((await stage.registration(id)).estimatedValue.amount).toBe('31000.00');
  });

  it('has a kind of record swept after an overflow', async () => {
    const { id, remoteId } = await settledOne();
    await stage.control('clock', { advanceMs: 10_000 });
    await stage.cycle();
    await listening();
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 31000 });
    await stage.control('stamp', {
      sobject: 'Deal_Registration__c',
      ids: [remoteId],
      systemModstamp: new Date(Date.now() - 5 * 60_000).toISOString(),
    });
    await stage.control('events', { changeType: 'GAP_OVERFLOW', sobject: 'Deal_Registration__c' });
    await until('the wish', () => readWantedSweep(stage.db, CRM, 'registration'), 15_000);
    // The sweep alone has to find it.
    await sql`delete from changed_record`.execute(stage.db);
    await stage.pull('registration');
    expect((await stage.registration(id)).estimatedValue.amount).toBe('31000.00');
    expect(await readWantedSweep(stage.db, CRM, 'registration')).toBeNull();
  });

  it.each([
    ['an hour', 1, false],
    ['four days', 96, true],
  ])('after %s away with an expired position it nudges all, and sweeps: %s', async (_for, hours, isSwept) => {
    const { remoteId } = await settledOne();
    const first = await listening();
    const before = await stream();
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 31000 });
    await untilMoved(before);
    await first.stop();
    const heardAt = new Date(Date.now() - hours * HOUR_MS).toISOString();
    await stage.db.updateTable('event_stream').set({ heard_at: heardAt }).execute();
    await stage.control('events', { expire: 'all' });
    const nudges = await stage.nudgesDuring(async () => {
      await listening();
    });
    expect([...nudges].sort()).toEqual(['salesforce/account', 'salesforce/opportunity', 'salesforce/partner', 'salesforce/registration']);
    expect((await stream())?.gapAt).not.toBeNull();
    expect((await readWantedSweep(stage.db, CRM, 'registration')) !== null).toBe(isSwept);
  });

  it('lets go of the CRM while the connection is paused, and goes on where it was', async () => {
    const { remoteId } = await settledOne();
    await listening();
    const before = await stream();
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 31000 });
    await untilMoved(before);
    await setConnectionState(stage.db, CRM, 'paused', 'maintenance', stage.deps.now());
    await untilState('paused');
    const paused = await stream();
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 32000 });
    await setConnectionState(stage.db, CRM, 'running', null, stage.deps.now());
    await untilState('listening');
    await untilMoved(paused);
    expect((await stream())?.gapAt).toBeNull();
  });

  it('says once that events are used up, with what follows, and listens again when they are there', async () => {
    const warned: string[] = [];
    const log = { ...stage.deps.log, info: () => undefined, warn: (_fields: object, message: string) => void warned.push(message) };
    await settledOne();
    await stage.control('streaming', { dailyEvents: 1, used: 1 });
    start({ log: log as unknown as ActivityDependencies['log'] });
    const away = await untilState('away');
    expect(away).toMatchObject({ code: 'CRM_EVENTS_EXHAUSTED', remedy: expect.stringContaining('changes are read at each poll') });
    await until('some more tries', async () => (await stream())?.retryAt !== away.retryAt, 15_000);
    expect(warned).toEqual(['the CRM does not tell of changes; they are polled meanwhile']);
    await stage.control('streaming', { dailyEvents: null });
    expect(await untilState('listening')).toMatchObject({ code: null, message: null, remedy: null, retryAt: null });
  });

  it('makes a client anew when the CRM goes silent', async () => {
    await settledOne();
    const quiet = await stage.connect({ eventWait: { timeoutMs: 200, graceMs: 300 } });
    const listener = start({}, () => ({ listen: (request) => quiet.listen?.(request) ?? neverTold() }));
    await untilState('listening');
    await stage.control('streaming', { hold: true });
    expect(await untilState('away')).toMatchObject({ code: 'CRM_UNAVAILABLE', message: 'No complete answer within 500 ms' });
    await stage.control('streaming', { hold: false });
    await untilState('listening');
    expect(listener.told.map(({ state }) => state)).toContain('away');
  });

  it('keeps nothing any more once another one listens', async () => {
    const { remoteId } = await settledOne();
    const first = await listening();
    await takeEventStream(stage.db, CRM, 'another', stage.deps.now());
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 31000 });
    expect(await first.ended).toBe('superseded');
    expect(await marked()).toEqual([]);
  });
});

async function* neverTold(): AsyncGenerator<never> {
  // A port without change events.
}
