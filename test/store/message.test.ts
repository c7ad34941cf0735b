import { sql } from 'kysely';
import { Client } from 'pg';
import type { Database } from '../../store/database.ts';
import { clearHold, disableChannel, holdChannel, readChannelStanding, resumeChannel } from '../../store/message-channel.ts';
import {
  countMessages,
  giveBackMessages,
  giveUpOverdue,
  leaseDueMessages,
  markSent,
  markUndelivered,
  postponeMessage,
  readDueChannels,
  readLongestWaits,
  readMessageBacklog,
} from '../../store/message-delivery.ts';
import { findMessage, listMessages, MESSAGE_CHANNEL, messageIdOf, queueMessages, retryMessage, skipMessage } from '../../store/message.ts';
import { emptyStore } from '../support/decision-stage.ts';
import { endPauses, idsOf, makeOlder, messagesOfLane, newMessage, queue } from '../support/message.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';

jest.setTimeout(60_000);

const DAY_MS = 86_400_000;
const LEASE_MS = 60_000;
const A = 'registration/a';
const B = 'registration/b';

describe('messages in the store', () => {
  let postgres: TestPostgres;
  let db: Database;
  let url: string;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    ({ db, url } = await postgres.openEmpty());
  });
  afterEach(() => emptyStore(db));
  afterAll(() => postgres.stop());

  const lease = (channel: 'webhook' | 'email' = 'webhook', limit = 10) => leaseDueMessages(db, channel, limit, LEASE_MS);
  const inTransaction = <T>(work: Parameters<ReturnType<Database['transaction']>['execute']>[0]) =>
    db.transaction().execute(work) as Promise<T>;

  describe('queueMessages', () => {
    it('keeps a message that is recorded twice once, as it was first', async () => {
      const [id] = await queue(db, newMessage());
      await queue(db, newMessage({ occurredAt: '2027-01-01T00:00:00.000Z' }));
      const stored = await listMessages(db, { lane: newMessage().lane }, { limit: 10 });
      expect(idsOf(stored)).toEqual([id]);
      expect(stored[0]).toMatchObject({ status: 'queued', attempts: 0, occurredAt: '2026-11-16T15:00:00.000Z', sentAt: null });
    });

    it('keeps nothing of a transaction that came to nothing', async () => {
      const failing = db.transaction().execute(async (trx) => {
        await queueMessages(trx, [newMessage()]);
        throw new Error('the decision failed');
      });
      await expect(failing).rejects.toThrow('the decision failed');
      expect(await findMessage(db, messageIdOf(newMessage()))).toBeNull();
    });

    it('tells recipients, channels and events apart', async () => {
      const others = [
        newMessage({ channel: 'email' }),
        newMessage({ identity: 'another event' }),
        newMessage({ recipient: { kind: 'partner', partnerId: '33333333-3333-4333-8333-333333333333' } }),
        newMessage({ recipient: { kind: 'user', alias: '22222222-2222-4222-8222-222222222222' } }),
      ];
      expect(new Set([newMessage(), ...others].map(messageIdOf)).size).toBe(5);
      for (const id of others.map(messageIdOf)) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    });

    it('says on which channel something waits, once a transaction, and nothing of what is skipped', async () => {
      const heard: string[] = [];
      const client = new Client({ connectionString: url });
      await client.connect();
      client.on('notification', ({ payload }) => heard.push(payload ?? ''));
      await client.query(`listen ${MESSAGE_CHANNEL}`);
      await queue(db, newMessage({ identity: '0', channel: 'email', skippedFor: 'CHANNEL_NOT_CONFIGURED' }));
      await queue(db, newMessage({ identity: '1' }), newMessage({ identity: '2' }));
      await until('the webhooks are announced', async () => heard.length > 0);
      expect(heard).toEqual(['webhook']);
      await client.end();
    });
  });

  describe('leaseDueMessages', () => {
    it('takes of an ordered channel the first of each claim and recipient, and the next once that is out', async () => {
      const ofA = await queue(db, ...messagesOfLane(A, 3));
      const ofB = await queue(db, ...messagesOfLane(B, 1));
      const toAnother = await queue(
        db,
        newMessage({ lane: A, identity: 'x', recipient: { kind: 'partner', partnerId: '33333333-3333-4333-8333-333333333333' } }),
      );
      expect(idsOf(await lease())).toEqual([ofA[0], ofB[0], toAnother[0]]);
      expect(await lease()).toEqual([]);
      await inTransaction((trx) => markSent(trx, ofA[0] ?? '', null));
      expect(idsOf(await lease())).toEqual([ofA[1]]);
    });

    it('holds nothing back in a channel without order', async () => {
      const mails = await queue(db, ...messagesOfLane(A, 3, { channel: 'email' }));
      expect(idsOf(await lease('email'))).toEqual(mails);
    });

    it.each([
      ['is put off', async (id: string) => inTransaction((trx) => postponeMessage(trx, { id, attempts: 1 }, 60_000, 'WEBHOOK_FAILED'))],
      ['is under way', async () => undefined],
    ])('holds back what follows one that %s', async (_what, happen) => {
      const [first, second] = await queue(db, ...messagesOfLane(A, 2));
      await lease();
      await happen(first ?? '');
      expect(await lease()).toEqual([]);
      await endPauses(db);
      expect(idsOf(await lease())).toEqual([first]);
      expect(second).toBeDefined();
    });

    it('lets what follows go on once the first was given up', async () => {
      const [first, second] = await queue(db, ...messagesOfLane(A, 2));
      const [leased] = await lease();
      await inTransaction((trx) => markUndelivered(trx, leased as never, 'failed', 'WEBHOOK_FAILED'));
      expect(idsOf(await lease())).toEqual([second]);
      expect(await findMessage(db, first ?? '')).toMatchObject({ status: 'failed', lastError: 'WEBHOOK_FAILED' });
    });

    it('gives two deliverers at once different messages, and every one to exactly one', async () => {
      const lanes = Array.from({ length: 60 }, (_, at) => `registration/${at}`);
      await queue(db, ...lanes.flatMap((lane) => messagesOfLane(lane, 1)));
      const taken = await Promise.all(Array.from({ length: 6 }, () => lease('webhook', 25)));
      const ids = taken.flat().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const rest = await lease('webhook', 60);
      expect(new Set([...ids, ...idsOf(rest)]).size).toBe(60);
    });

    it('passes over what another transaction has locked, without waiting for it', async () => {
      const [first] = await queue(db, ...messagesOfLane(A, 1));
      const [other] = await queue(db, ...messagesOfLane(B, 1));
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const holding = db.transaction().execute(async (trx) => {
        await sql`select from message where id = ${first} for update`.execute(trx);
        await held;
      });
      await until('it is locked', async () => (await sql`select from message for update skip locked`.execute(db)).rows.length === 1);
      expect(idsOf(await lease())).toEqual([other]);
      release();
      await holding;
    });

    it('makes a message due again when whoever took it is gone', async () => {
      const [id] = await queue(db, ...messagesOfLane(A, 1));
      const [first] = await leaseDueMessages(db, 'webhook', 1, 0);
      expect(first).toMatchObject({ id, attempts: 1 });
      expect(await leaseDueMessages(db, 'webhook', 1, LEASE_MS)).toMatchObject([{ id, attempts: 2 }]);
    });
  });

  describe('what became of a message', () => {
    it('is sent once, and with what it is known by there', async () => {
      const [id = ''] = await queue(db, newMessage());
      await lease();
      expect(await inTransaction((trx) => markSent(trx, id, '<ref>'))).toBe(true);
      expect(await inTransaction((trx) => markSent(trx, id, '<other>'))).toBe(false);
      expect(await findMessage(db, id)).toMatchObject({ status: 'sent', providerReference: '<ref>', lastError: null, attempts: 1 });
      expect((await findMessage(db, id))?.sentAt).not.toBeNull();
    });

    it('is not told any more by whoever lost the lease, unless it was delivered', async () => {
      const [id = ''] = await queue(db, newMessage());
      const [slow] = await leaseDueMessages(db, 'webhook', 1, 0);
      await lease();
      expect(await inTransaction((trx) => postponeMessage(trx, slow as never, 60_000, 'WEBHOOK_FAILED'))).toBe('lost');
      expect(await inTransaction((trx) => markUndelivered(trx, slow as never, 'failed', 'WEBHOOK_FAILED'))).toBe(false);
      await giveBackMessages(db, [slow as never]);
      expect(await findMessage(db, id)).toMatchObject({ status: 'queued', attempts: 2, lastError: null });
      expect(await inTransaction((trx) => markSent(trx, id, null))).toBe(true);
    });

    it('counts no attempt where it was handed back', async () => {
      const [id = ''] = await queue(db, newMessage());
      await giveBackMessages(db, await lease());
      expect(await findMessage(db, id)).toMatchObject({ attempts: 0 });
      expect(idsOf(await lease())).toEqual([id]);
    });

    it.each([
      ['webhook', 3 * DAY_MS - 60_000, 'postponed', 'queued'],
      ['webhook', 3 * DAY_MS, 'given_up', 'failed'],
      ['email', DAY_MS - 60_000, 'postponed', 'queued'],
      ['email', DAY_MS, 'given_up', 'failed'],
    ] as const)('a %s message that waits for %d ms is %s when it fails again', async (channel, ageMs, answer, status) => {
      const [id = ''] = await queue(db, newMessage({ channel }));
      await makeOlder(db, [id], ageMs);
      const [leased] = await lease(channel);
      expect(await inTransaction((trx) => postponeMessage(trx, leased as never, 1_000, 'MAIL_DEFERRED'))).toBe(answer);
      expect(await findMessage(db, id)).toMatchObject({ status, lastError: 'MAIL_DEFERRED', attempts: 1 });
    });

    it('is given up with all that are overdue when the channel takes none, but not what is under way', async () => {
      const [old = '', young = '', taken = ''] = await queue(db, ...[A, B, 'registration/c'].flatMap((lane) => messagesOfLane(lane, 1)));
      await makeOlder(db, [old, taken], 3 * DAY_MS);
      await sql`update message set not_before = now() + interval '1 minute' where id = ${taken}`.execute(db);
      const given = await inTransaction<readonly { id: string }[]>((trx) => giveUpOverdue(trx, 'webhook', 'WEBHOOK_UNREACHABLE', 10));
      expect(idsOf(given)).toEqual([old]);
      expect(await findMessage(db, old)).toMatchObject({ status: 'failed', lastError: 'WEBHOOK_UNREACHABLE' });
      expect(await findMessage(db, young)).toMatchObject({ status: 'queued' });
    });

    it('is tried again on command, with its full time and its attempts kept; nothing else can be', async () => {
      const [failed = '', sent = '', queued = ''] = await queue(db, ...[A, B, 'registration/c'].flatMap((lane) => messagesOfLane(lane, 1)));
      for (const leased of await lease()) {
        if (leased.id === failed) await inTransaction((trx) => markUndelivered(trx, leased, 'failed', 'WEBHOOK_FAILED'));
        if (leased.id === sent) await inTransaction((trx) => markSent(trx, sent, null));
      }
      await makeOlder(db, [failed], 30 * DAY_MS);
      const retry = (id: string) => inTransaction<boolean>((trx) => retryMessage(trx, { id, channel: 'webhook' }));
      expect([await retry(failed), await retry(sent), await retry(queued)]).toEqual([true, false, false]);
      const [again] = await lease();
      expect(again).toMatchObject({ id: failed, attempts: 2, lastError: null });
      expect(await inTransaction((trx) => postponeMessage(trx, again as never, 1_000, 'WEBHOOK_FAILED'))).toBe('postponed');
    });

    it('is set aside on command, and can be tried again then', async () => {
      const [id = ''] = await queue(db, newMessage());
      const skip = () => inTransaction<boolean>((trx) => skipMessage(trx, id));
      expect([await skip(), await skip()]).toEqual([true, false]);
      expect(await lease()).toEqual([]);
      await inTransaction((trx) => retryMessage(trx, { id, channel: 'webhook' }));
      expect(idsOf(await lease())).toEqual([id]);
    });
  });

  describe('what is seen of them', () => {
    it('lists those of a claim, also about its cases, and those of a case, of all its sides, in pages', async () => {
      const ofClaim = await queue(db, ...messagesOfLane(A, 2), newMessage({ lane: A, subject: 'case/c', identity: 'c/a' }));
      const [ofOther] = await queue(db, newMessage({ lane: B, subject: 'case/c', identity: 'c/b' }));
      expect(idsOf(await listMessages(db, { lane: A }, { limit: 10 }))).toEqual(ofClaim);
      expect(idsOf(await listMessages(db, { subject: 'case/c' }, { limit: 10 }))).toEqual([ofClaim[2], ofOther]);
      const [first] = await listMessages(db, { lane: A }, { limit: 1 });
      expect(idsOf(await listMessages(db, { lane: A }, { limit: 10, afterSequence: first?.sequence }))).toEqual(ofClaim.slice(1));
    });

    it('counts what waits, since when, what is due and what failed', async () => {
      expect(await readMessageBacklog(db, 'webhook')).toEqual({ waiting: 0, oldestWaitingSince: null, code: null, failed: 0, dueNow: 0 });
      const ids = await queue(db, ...messagesOfLane(A, 3), ...messagesOfLane(B, 1), ...messagesOfLane('registration/c', 1));
      await makeOlder(db, [ids[0] ?? ''], 3_600_000);
      expect(await readMessageBacklog(db, 'webhook')).toMatchObject({ waiting: 5, dueNow: 3, failed: 0 });
      for (const leased of await lease()) {
        if (leased.lane === A) await inTransaction((trx) => postponeMessage(trx, leased, 30_000, 'WEBHOOK_FAILED'));
        if (leased.lane === B) await inTransaction((trx) => markUndelivered(trx, leased, 'failed', 'WEBHOOK_FAILED'));
      }
      const backlog = await readMessageBacklog(db, 'webhook');
      expect(backlog).toMatchObject({ waiting: 4, dueNow: 0, failed: 1, code: 'WEBHOOK_FAILED' });
      expect(backlog.nextInMs).toBeGreaterThan(25_000);
      expect(backlog.nextInMs).toBeLessThanOrEqual(30_000);
      expect(Date.now() - Date.parse(backlog.oldestWaitingSince ?? '')).toBeGreaterThanOrEqual(3_600_000);
      const counts = await countMessages(db);
      expect(counts).toHaveLength(2);
      expect(counts).toContainEqual({ channel: 'webhook', status: 'failed', count: 1 });
      expect(counts).toContainEqual({ channel: 'webhook', status: 'queued', count: 4 });
      const [longest] = await readLongestWaits(db);
      expect(longest?.channel).toBe('webhook');
      expect(longest?.seconds).toBeGreaterThanOrEqual(3_600);
      expect(await readDueChannels(db)).toEqual(['webhook']);
    });
  });

  describe('the standing of a channel', () => {
    const standing = () => readChannelStanding(db, 'webhook');

    it('is open, held for a while, open again with what it failed with, and forgotten once it delivers', async () => {
      expect(await standing()).toEqual({ state: 'open', code: null, failures: 0, heldForMs: 0 });
      await holdChannel(db, 'webhook', 60_000, 'WEBHOOK_BUSY');
      await holdChannel(db, 'webhook', 60_000, 'WEBHOOK_UNREACHABLE');
      const held = await standing();
      expect(held).toMatchObject({ state: 'held', code: 'WEBHOOK_UNREACHABLE', failures: 2 });
      expect(held.heldForMs).toBeGreaterThan(50_000);
      await endPauses(db);
      expect(await standing()).toMatchObject({ state: 'open', code: 'WEBHOOK_UNREACHABLE', failures: 2, heldForMs: 0 });
      await clearHold(db, 'webhook');
      expect(await standing()).toMatchObject({ state: 'open', failures: 0 });
    });

    it('stays disabled until somebody resumes it', async () => {
      await holdChannel(db, 'webhook', 60_000, 'WEBHOOK_BUSY');
      await inTransaction((trx) => disableChannel(trx, 'webhook', 'WEBHOOK_GONE', '2026-11-16T15:00:00.000Z'));
      await clearHold(db, 'webhook');
      expect(await standing()).toMatchObject({ state: 'disabled', code: 'WEBHOOK_GONE' });
      await inTransaction((trx) => resumeChannel(trx, 'webhook'));
      expect(await standing()).toMatchObject({ state: 'open' });
    });
  });
});
