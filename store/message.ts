import { createHash } from 'node:crypto';
import { sql, type Selectable } from 'kysely';
import { CHANNELS, type ChannelName } from '../program/notification/channel.ts';
import type { EventType } from '../program/notification/event-table.ts';
import type { MessagePayload } from '../program/notification/payload.ts';
import { recipientId, type Recipient } from '../program/notification/recipient.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import type { MessageTable } from './schema.ts';

/** On which the database says that a message was queued, by the name of its channel. */
export const MESSAGE_CHANNEL = 'dealkeeper_message';

/** A message before it is stored. */
export interface NewMessage {
  /** Of the event: recorded again, it is the same message. */
  readonly identity: string;
  /** What it is about, `registration/<id>` or `case/<id>`. */
  readonly subject: string;
  /** Within it a recipient gets messages in their order: the claim, also for what a partner is told of its case. */
  readonly lane: string;
  readonly event: EventType;
  readonly recipient: Recipient;
  readonly channel: ChannelName;
  readonly payload: MessagePayload;
  readonly occurredAt: Instant;
  /** Why it is only kept on record and never sent; null when it is sent. */
  readonly skippedFor: string | null;
}

export interface StoredMessage {
  readonly id: string;
  readonly sequence: number;
  readonly subject: string;
  readonly lane: string;
  readonly event: EventType;
  readonly recipient: Recipient;
  readonly channel: ChannelName;
  readonly payload: MessagePayload;
  readonly status: MessageTable['status'];
  readonly attempts: number;
  readonly occurredAt: Instant;
  readonly createdAt: Instant;
  readonly sentAt: Instant | null;
  readonly lastError: string | null;
  readonly providerReference: string | null;
}

/** A UUID that anyone can derive again from event, recipient and channel (RFC 9562, version 8: custom). It is the key by which a recipient knows a repetition. */
export function messageIdOf({ identity, recipient, channel }: Pick<NewMessage, 'identity' | 'recipient' | 'channel'>): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([identity, recipient.kind, recipientId(recipient), channel]))
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * Keeps messages in the transaction of the event that they tell, in the order given. One that is known already stays as it is.
 * They are numbered as they are stored: the lock of the claim, which its transaction holds, makes that the order of the commits within a lane.
 */
export async function queueMessages(trx: Transaction, messages: readonly NewMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const now = sql<string>`now()`;
  const stored = await trx
    .insertInto('message')
    .values(
      messages.map((message) => ({
        id: messageIdOf(message),
        subject: message.subject,
        lane: message.lane,
        event: message.event,
        recipient_kind: message.recipient.kind,
        recipient_id: recipientId(message.recipient),
        channel: message.channel,
        payload: JSON.stringify(message.payload),
        occurred_at: message.occurredAt,
        created_at: now,
        not_before: now,
        give_up_at: giveUpTime(message.channel),
        status: message.skippedFor === null ? ('queued' as const) : ('skipped' as const),
        last_error: message.skippedFor,
      })),
    )
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning(['channel', 'status'])
    .execute();
  const queued = new Set(stored.flatMap(({ channel, status }) => (status === 'queued' ? [channel] : [])));
  for (const channel of queued) await announce(trx, channel);
}

export async function findMessage(db: Database | Transaction, id: string): Promise<StoredMessage | null> {
  const row = await db.selectFrom('message').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : messageOf(row);
}

/** In their order. A claim's messages are those of its lane, also about its cases; a case's are those about it, of all its sides. */
export async function listMessages(
  db: Database,
  about: { readonly lane: string } | { readonly subject: string },
  page: { readonly afterSequence?: number | undefined; readonly limit: number },
): Promise<readonly StoredMessage[]> {
  let query = db.selectFrom('message').selectAll().orderBy('sequence').limit(page.limit);
  query = 'lane' in about ? query.where('lane', '=', about.lane) : query.where('subject', '=', about.subject);
  if (page.afterSequence !== undefined) query = query.where('sequence', '>', String(page.afterSequence));
  return (await query.execute()).map(messageOf);
}

/** Has a message that failed or was skipped tried again from now on, with its full time; false where it is on its way or was sent. Its attempts count on. */
export async function retryMessage(trx: Transaction, { id, channel }: Pick<StoredMessage, 'id' | 'channel'>): Promise<boolean> {
  const result = await trx
    .updateTable('message')
    .set({ status: 'queued', not_before: sql<string>`now()`, give_up_at: giveUpTime(channel), last_error: null })
    .where('id', '=', id)
    .where('status', 'in', ['failed', 'skipped'])
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) return false;
  await announce(trx, channel);
  return true;
}

/** Sets a message aside that waits or failed, so that nobody needs to look after it; false where it was sent or is set aside. What is being sent may still arrive. */
export async function skipMessage(trx: Transaction, id: string): Promise<boolean> {
  const result = await trx
    .updateTable('message')
    .set({ status: 'skipped' })
    .where('id', '=', id)
    .where('status', 'in', ['queued', 'failed'])
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Tells the dispatchers of a channel that it has something to send. */
export async function announce(trx: Transaction, channel: string): Promise<void> {
  await sql`select pg_notify(${MESSAGE_CHANNEL}, ${channel})`.execute(trx);
}

export function messageOf(row: Selectable<MessageTable>): StoredMessage {
  return {
    id: row.id,
    sequence: Number(row.sequence),
    subject: row.subject,
    lane: row.lane,
    event: row.event as EventType,
    recipient:
      row.recipient_kind === 'partner' ? { kind: 'partner', partnerId: row.recipient_id } : { kind: 'user', alias: row.recipient_id },
    channel: row.channel as ChannelName,
    payload: row.payload,
    status: row.status,
    attempts: row.attempts,
    occurredAt: row.occurred_at,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    lastError: row.last_error,
    providerReference: row.provider_reference,
  };
}

function giveUpTime(channel: ChannelName) {
  return sql<string>`now() + ${CHANNELS[channel].giveUpAfterMs} * interval '1 millisecond'`;
}
