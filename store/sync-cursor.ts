import type { Instant, ObjectType } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

export interface SyncCursor {
  /** Where the next page begins; null before the first. An empty id includes every row of the stamp. */
  readonly position: { readonly stamp: Instant; readonly id: string } | null;
  /** When the overlap behind the position was last swept, in the CRM's clock. */
  readonly sweptAt: Instant | null;
  /** When a page was last committed, in our clock. */
  readonly pulledAt: Instant | null;
}

export async function readCursor(db: Database | Transaction, connection: string, objectType: ObjectType): Promise<SyncCursor> {
  const row = await db
    .selectFrom('sync_cursor')
    .selectAll()
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .executeTakeFirst();
  if (row === undefined) return { position: null, sweptAt: null, pulledAt: null };
  return { position: row.stamp === null ? null : { stamp: row.stamp, id: row.remote_id }, sweptAt: row.swept_at, pulledAt: row.pulled_at };
}

/** Moves the cursor; call it in the transaction that stores the rows it passed. */
export async function saveCursor(trx: Transaction, connection: string, objectType: ObjectType, cursor: SyncCursor): Promise<void> {
  const values = {
    stamp: cursor.position?.stamp ?? null,
    remote_id: cursor.position?.id ?? '',
    swept_at: cursor.sweptAt,
    pulled_at: cursor.pulledAt,
  };
  await trx
    .insertInto('sync_cursor')
    .values({ connection, object_type: objectType, ...values })
    .onConflict((conflict) => conflict.columns(['connection', 'object_type']).doUpdateSet(values))
    .execute();
}
