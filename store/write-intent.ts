import { sql } from 'kysely';
import type { CanonicalRecord } from '../program/merge-plan.ts';
import type { Instant, ObjectType } from '../program/vocabulary.ts';
import { notInJob } from './bulk-write.ts';
import type { Database, Transaction } from './database.ts';

/** What is about to be written of one record. It stands in the queue from before the call until its outcome is known. */
export interface WriteIntent {
  readonly localId: string;
  readonly sent: CanonicalRecord;
  /** What the CRM had when it was read for the plan; null where the record is to be made. */
  readonly seen: CanonicalRecord | null;
  /** When it was read, by the CRM's clock. */
  readonly seenAt: Instant;
}

/** An intent whose outcome nobody kept: the worker died, or the answer was lost. Whether the write landed is not known. */
export interface UnsettledWrite extends WriteIntent {
  readonly remoteId: string;
  readonly seen: CanonicalRecord;
}

/**
 * Remembers writes before they are made. When the answer is lost, the values are known to be ours where they are met, and not taken for edits that somebody
 * made later than ours; and edits that the write covered are still found.
 */
export async function saveIntents(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  intents: readonly WriteIntent[],
): Promise<void> {
  if (intents.length === 0) return;
  const rows = JSON.stringify(intents.map(({ localId, sent, seen, seenAt }) => ({ local_id: localId, sent, seen, seen_at: seenAt })));
  await sql`
    update push_queue set sent = intent.sent, seen = nullif(intent.seen, 'null'), seen_at = intent.seen_at
    from jsonb_to_recordset(${rows}::jsonb) as intent(local_id uuid, sent jsonb, seen jsonb, seen_at timestamptz)
    where connection = ${connection} and object_type = ${objectType} and push_queue.local_id = intent.local_id`.execute(trx);
}

/** The values of writes whose outcome is not known, by our ids. */
export async function readSentValues(
  db: Database | Transaction,
  connection: string,
  objectType: ObjectType,
  localIds: readonly string[],
): Promise<ReadonlyMap<string, CanonicalRecord>> {
  if (localIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('push_queue')
    .select(['local_id', 'sent'])
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('local_id', 'in', [...localIds])
    .where('sent', 'is not', null)
    .execute();
  return new Map(rows.flatMap((row) => (row.sent === null ? [] : [[row.local_id, row.sent] as const])));
}

/** At most `limit` writes to records that exist in the CRM, whose outcome nobody kept and of which it was not yet looked up what they covered. */
export async function readUnsettledWrites(
  db: Database,
  connection: string,
  objectType: ObjectType,
  limit: number,
): Promise<readonly UnsettledWrite[]> {
  const rows = await db
    .selectFrom('push_queue')
    .innerJoin('link', (join) =>
      join
        .onRef('link.connection', '=', 'push_queue.connection')
        .onRef('link.object_type', '=', 'push_queue.object_type')
        .onRef('link.local_id', '=', 'push_queue.local_id'),
    )
    .select(['push_queue.local_id', 'link.remote_id', 'sent', 'seen', 'seen_at'])
    .where('push_queue.connection', '=', connection)
    .where('push_queue.object_type', '=', objectType)
    .where('seen', 'is not', null)
    .where(notInJob())
    .orderBy('push_queue.local_id')
    .limit(limit)
    .execute();
  return rows.flatMap(({ local_id, remote_id, sent, seen, seen_at }) =>
    sent === null || seen === null || seen_at === null ? [] : [{ localId: local_id, remoteId: remote_id, sent, seen, seenAt: seen_at }],
  );
}

/** It was looked up what these writes covered. Their values stay known as ours. */
export async function markLookedUp(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  localIds: readonly string[],
): Promise<void> {
  if (localIds.length === 0) return;
  await trx
    .updateTable('push_queue')
    .set({ seen: null, seen_at: null })
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('local_id', 'in', [...localIds])
    .execute();
}

/** The outcome of these writes is known: the values are in the CRM, or the CRM refused them. */
export async function forgetIntents(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  localIds: readonly string[],
): Promise<void> {
  if (localIds.length === 0) return;
  await trx
    .updateTable('push_queue')
    .set({ sent: null, seen: null, seen_at: null })
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('local_id', 'in', [...localIds])
    .where('sent', 'is not', null)
    .execute();
}
