import { sql } from 'kysely';
import type { OutboxMessage } from '../program/outbox-message.ts';
import type { Database, Transaction } from './database.ts';

/** The channel on which the database tells the dispatcher that something was committed. */
export const OUTBOX_CHANNEL = 'dealkeeper_outbox';
export const PUSH_CHANNEL = 'dealkeeper_push';

export interface OutboxEntry {
  readonly id: string;
  readonly subject: string;
  readonly kind: string;
  readonly payload: object;
  readonly attempts: number;
}

/**
 * Leaves a message for the workflow of `subject`; it is delivered after the commit, at least once, and in order per subject.
 * Queues keep the database's clock, which all processes share, whatever time the message is about.
 */
export async function enqueue(trx: Transaction, subject: string, message: OutboxMessage): Promise<void> {
  await enqueueEach(trx, [subject], message);
}

/** The same message for several workflows. */
export async function enqueueEach(trx: Transaction, subjects: readonly string[], message: OutboxMessage): Promise<void> {
  if (subjects.length === 0) return;
  const now = sql<string>`now()`;
  const payload = JSON.stringify(message.payload);
  await trx
    .insertInto('outbox')
    .values(subjects.map((subject) => ({ subject, kind: message.kind, payload, not_before: now, created_at: now })))
    .execute();
  await sql`select pg_notify(${OUTBOX_CHANNEL}, '')`.execute(trx);
}

/**
 * Hands the first due message of each subject to `deliver`, at most `limit`, and removes what was delivered.
 *
 * The rows stay locked meanwhile, so another dispatcher takes others; when this process dies, its locks and so its messages are free at once.
 * A message that fails is put off with a growing pause (at most a minute) and holds back the later ones of its subject.
 * Returns how many were delivered and how many failed.
 */
export async function dispatchDue(
  db: Database,
  limit: number,
  deliver: (entry: OutboxEntry) => Promise<void>,
): Promise<{ readonly delivered: number; readonly failed: number }> {
  return db.transaction().execute(async (trx) => {
    const entries = await trx
      .selectFrom('outbox')
      .select(['id', 'subject', 'kind', 'payload', 'attempts'])
      .where('not_before', '<=', sql<string>`now()`)
      .where(sql<boolean>`not exists (select from outbox earlier where earlier.subject = outbox.subject and earlier.id < outbox.id)`)
      .orderBy('id')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .execute();
    const results = await Promise.allSettled(entries.map(deliver));
    const delivered = entries.filter((_entry, index) => results[index]?.status === 'fulfilled').map((entry) => entry.id);
    const failed = entries.filter((_entry, index) => results[index]?.status === 'rejected');
    if (delivered.length > 0) await trx.deleteFrom('outbox').where('id', 'in', delivered).execute();
    for (const entry of failed) {
      const pauseMs = Math.min(60_000, 500 * 2 ** entry.attempts);
      await trx
        .updateTable('outbox')
        .set({ attempts: entry.attempts + 1, not_before: sql<string>`now() + ${pauseMs} * interval '1 millisecond'` })
        .where('id', '=', entry.id)
        .execute();
    }
    return { delivered: delivered.length, failed: failed.length };
  });
}
