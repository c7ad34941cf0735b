import { sql, type Selectable } from 'kysely';
import { CHANNELS, type ChannelName } from '../program/notification/channel.ts';
import type { Database, Transaction } from './database.ts';
import { messageOf, type StoredMessage } from './message.ts';
import type { MessageTable } from './schema.ts';

/**
 * Takes the due messages of a channel, oldest first, at most `limit`: for `leaseMs` they are the caller's alone, and each counts an attempt.
 *
 * Of an ordered channel only the first of each lane and recipient is taken; while it is under way, or put off, the later ones wait. Rows that another deliverer is taking at
 * this moment are passed over. A lease that ran out, since its holder died, makes the message due again: `attempts` then tells the two apart.
 */
export async function leaseDueMessages(
  db: Database,
  channel: ChannelName,
  limit: number,
  leaseMs: number,
): Promise<readonly StoredMessage[]> {
  const { rows } = await sql<Selectable<MessageTable>>`
    with due as materialized (
      select id from message
      where channel = ${channel} and status = 'queued' and not_before <= now() and ${isFirstOf(channel)}
      order by sequence limit ${limit} for update skip locked
    )
    update message set attempts = attempts + 1, not_before = now() + ${leaseMs} * interval '1 millisecond'
    from due where message.id = due.id
    returning message.*`.execute(db);
  return rows.map(messageOf).toSorted((a, b) => a.sequence - b.sequence);
}

/** What was delivered is so, whoever holds it by now. False where that was known. */
export async function markSent(trx: Transaction, id: string, providerReference: string | null): Promise<boolean> {
  const result = await trx
    .updateTable('message')
    .set({ status: 'sent', sent_at: sql<string>`now()`, last_error: null, provider_reference: providerReference })
    .where('id', '=', id)
    .where('status', 'in', ['queued', 'skipped'])
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

type Leased = Pick<StoredMessage, 'id' | 'attempts'>;

/** Ends a message undelivered: given up, or left out since it cannot go to anybody. Nothing happens, and false is answered, once the lease is another's. */
export async function markUndelivered(
  trx: Transaction,
  { id, attempts }: Leased,
  status: 'failed' | 'skipped',
  code: string,
): Promise<boolean> {
  const result = await trx
    .updateTable('message')
    .set({ status, last_error: code })
    .where('id', '=', id)
    .where('status', '=', 'queued')
    .where('attempts', '=', attempts)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Puts a message off that was tried in vain. When its time is over it is given up instead. `lost`: the lease is another's by now. */
export async function postponeMessage(
  trx: Transaction,
  { id, attempts }: Leased,
  pauseMs: number,
  code: string,
): Promise<'postponed' | 'given_up' | 'lost'> {
  const row = await trx
    .updateTable('message')
    .set({
      status: sql<'queued'>`case when give_up_at <= now() then 'failed' else 'queued' end`,
      not_before: sql<string>`now() + ${pauseMs} * interval '1 millisecond'`,
      last_error: code,
    })
    .where('id', '=', id)
    .where('status', '=', 'queued')
    .where('attempts', '=', attempts)
    .returning('status')
    .executeTakeFirst();
  if (row === undefined) return 'lost';
  return row.status === 'queued' ? 'postponed' : 'given_up';
}

/** Hands back what was taken and not tried. */
export async function giveBackMessages(db: Database, leased: readonly Leased[]): Promise<void> {
  for (const { id, attempts } of leased) {
    await db
      .updateTable('message')
      .set({ attempts: attempts - 1, not_before: sql<string>`now()` })
      .where('id', '=', id)
      .where('status', '=', 'queued')
      .where('attempts', '=', attempts)
      .execute();
  }
}

/** Gives up the messages of a channel whose time is over, when it is known that it takes none: at most `limit`, oldest first. */
export async function giveUpOverdue(
  trx: Transaction,
  channel: ChannelName,
  code: string,
  limit: number,
): Promise<readonly StoredMessage[]> {
  const { rows } = await sql<Selectable<MessageTable>>`
    with overdue as materialized (
      select id from message
      where channel = ${channel} and status = 'queued' and give_up_at <= now() and not_before <= now()
      order by sequence limit ${limit} for update skip locked
    )
    update message set status = 'failed', last_error = ${code} from overdue where message.id = overdue.id
    returning message.*`.execute(trx);
  return rows.map(messageOf);
}

export interface MessageBacklog {
  readonly waiting: number;
  readonly oldestWaitingSince: string | null;
  /** What the one that waits longest of those that were tried failed with last. */
  readonly code: string | null;
  readonly failed: number;
  /** Could be taken now. */
  readonly dueNow: number;
  /** When the next of those that were put off is due, in milliseconds from now; missing where none was. */
  readonly nextInMs?: number;
}

/** What waits for a channel, and what it failed with. In an ordered channel only the first of each lane can be due. */
export async function readMessageBacklog(db: Database, channel: ChannelName): Promise<MessageBacklog> {
  const queued = await db
    .selectFrom('message')
    .select([
      sql<string>`count(*)`.as('waiting'),
      sql<string | null>`min(created_at)`.as('oldest'),
      sql<string | null>`(array_agg(last_error order by sequence) filter (where last_error is not null))[1]`.as('code'),
      sql<string>`count(*) filter (where not_before <= now() and ${isFirstOf(channel)})`.as('due'),
      sql<string | null>`ceil(extract(epoch from min(not_before) filter (where not_before > now()) - now()) * 1000)`.as('next'),
    ])
    .where('channel', '=', channel)
    .where('status', '=', 'queued')
    .executeTakeFirstOrThrow();
  const failed = await db
    .selectFrom('message')
    .select(sql<string>`count(*)`.as('count'))
    .where('channel', '=', channel)
    .where('status', '=', 'failed')
    .executeTakeFirstOrThrow();
  return {
    waiting: Number(queued.waiting),
    oldestWaitingSince: queued.oldest,
    code: queued.code,
    failed: Number(failed.count),
    dueNow: Number(queued.due),
    ...(queued.next === null ? {} : { nextInMs: Number(queued.next) }),
  };
}

/** The channels that have something to send now. */
export async function readDueChannels(db: Database): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('message')
    .select('channel')
    .distinct()
    .where('status', '=', 'queued')
    .where('not_before', '<=', sql<string>`now()`)
    .execute();
  return rows.map(({ channel }) => channel);
}

/** How many messages each channel has in each status. One scan of an index. */
export async function countMessages(
  db: Database,
): Promise<readonly { readonly channel: string; readonly status: string; readonly count: number }[]> {
  const rows = await db
    .selectFrom('message')
    .select(['channel', 'status', sql<string>`count(*)`.as('count')])
    .groupBy(['channel', 'status'])
    .execute();
  return rows.map(({ channel, status, count }) => ({ channel, status, count: Number(count) }));
}

/** How long the message of each channel waits that waits longest, where any does. */
export async function readLongestWaits(db: Database): Promise<readonly { readonly channel: string; readonly seconds: number }[]> {
  const rows = await db
    .selectFrom('message')
    .select(['channel', sql<number>`extract(epoch from now() - min(created_at))::float8`.as('seconds')])
    .where('status', '=', 'queued')
    .groupBy('channel')
    .execute();
  return rows;
}

function isFirstOf(channel: ChannelName) {
  return CHANNELS[channel].isOrdered
    ? sql<boolean>`not exists (
        select from message earlier
        where earlier.channel = message.channel and earlier.status = 'queued' and earlier.lane = message.lane
          and earlier.recipient_id = message.recipient_id and earlier.sequence < message.sequence)`
    : sql<boolean>`true`;
}
