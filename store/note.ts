import { sql } from 'kysely';
import { notInJob } from './bulk-write.ts';
import type { Database } from './database.ts';
import type { PendingPush } from './push-queue.ts';

/** Of the due tasks those that ask nothing, longest waiting first: a CRM may have another kind of record for them. */
export async function readDueNotes(db: Database, connection: string, limit: number): Promise<readonly PendingPush[]> {
  const rows = await db
    .selectFrom('push_queue')
    .innerJoin('task', 'task.id', 'push_queue.local_id')
    .select(['push_queue.local_id', 'push_queue.version', 'push_queue.attempts'])
    .where('push_queue.connection', '=', connection)
    .where('push_queue.object_type', '=', 'task')
    .where('task.kind', '=', 'note')
    .where('push_queue.not_before', '<=', sql<string>`now()`)
    .where(notInJob())
    .orderBy('push_queue.queued_at')
    .orderBy('push_queue.local_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ localId: row.local_id, version: row.version, attempts: row.attempts }));
}
