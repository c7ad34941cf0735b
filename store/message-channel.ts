import { sql } from 'kysely';
import type { ChannelName } from '../program/notification/channel.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import { announce } from './message.ts';

/** How a channel stands: open; held, since it took nothing when it was tried last; or disabled, since its other side wants nothing any more. */
export interface ChannelStanding {
  readonly state: 'open' | 'held' | 'disabled';
  readonly code: string | null;
  /** In vain one after another, as a whole channel. */
  readonly failures: number;
  /** How much longer it is held. */
  readonly heldForMs: number;
}

const OPEN: ChannelStanding = { state: 'open', code: null, failures: 0, heldForMs: 0 };

/** A channel whose hold is over is open, and still knows what it failed with: the next delivery shows whether that is past. */
export async function readChannelStanding(db: Database | Transaction, channel: ChannelName): Promise<ChannelStanding> {
  const row = await db
    .selectFrom('message_channel')
    .select([
      'failures',
      'code',
      'disabled_at',
      sql<string>`greatest(0, ceil(coalesce(extract(epoch from held_until - now()), 0) * 1000))`.as('held_for'),
    ])
    .where('channel', '=', channel)
    .executeTakeFirst();
  if (row === undefined) return OPEN;
  const heldForMs = Number(row.held_for);
  const state = row.disabled_at !== null ? 'disabled' : heldForMs > 0 ? 'held' : 'open';
  return { state, code: row.code, failures: row.failures, heldForMs };
}

/** Nothing is tried for a while. */
export async function holdChannel(db: Database, channel: ChannelName, pauseMs: number, code: string): Promise<void> {
  const held_until = sql<string>`now() + ${pauseMs} * interval '1 millisecond'`;
  await db
    .insertInto('message_channel')
    .values({ channel, failures: 1, held_until, code })
    .onConflict((conflict) =>
      conflict.column('channel').doUpdateSet({ failures: sql<number>`message_channel.failures + 1`, held_until, code }),
    )
    .execute();
}

/** It delivered: what it failed with is past. One that was disabled stays so until somebody resumes it. */
export async function clearHold(db: Database, channel: ChannelName): Promise<void> {
  await db.deleteFrom('message_channel').where('channel', '=', channel).where('disabled_at', 'is', null).execute();
}

export async function disableChannel(trx: Transaction, channel: ChannelName, code: string, at: Instant): Promise<void> {
  const values = { code, disabled_at: at };
  await trx
    .insertInto('message_channel')
    .values({ channel, ...values, held_until: null })
    .onConflict((conflict) => conflict.column('channel').doUpdateSet(values))
    .execute();
}

/** Tries again at once, whatever it failed with before. */
export async function resumeChannel(trx: Transaction, channel: ChannelName): Promise<void> {
  await trx.deleteFrom('message_channel').where('channel', '=', channel).execute();
  await announce(trx, channel);
}
