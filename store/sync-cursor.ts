import type { Instant, ObjectType } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

export interface SyncCursor {
  /** Where the next page begins; null before the first. An empty id includes every row of the stamp. */
  readonly position: { readonly stamp: Instant; readonly id: string } | null;
  /** When the overlap behind the position was last swept, in the CRM's clock. */
  readonly sweptAt: Instant | null;
  /** A sweep of the overlap that is under way; null between two. */
  readonly sweep: SweepPosition | null;
  /** When a page was last committed, in our clock. */
  readonly pulledAt: Instant | null;
  /** The last round through lookups that may change without their row; it stays as it was where it is left out. */
  readonly lookups?: LookupRound | null;
}

/** `after`: where the round goes on, with all behind this key; null once it is over. */
export interface LookupRound {
  /** In the CRM's clock. */
  readonly beganAt: Instant;
  readonly after: string | null;
  readonly pages: number;
}

export interface SweepPosition {
  readonly after: { readonly stamp: Instant; readonly id: string };
  /** In the CRM's clock. */
  readonly startedAt: Instant;
}

export async function readCursor(db: Database | Transaction, connection: string, objectType: ObjectType): Promise<SyncCursor> {
  const row = await db
    .selectFrom('sync_cursor')
    .selectAll()
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .executeTakeFirst();
  if (row === undefined) return { position: null, sweptAt: null, sweep: null, pulledAt: null };
  const { sweep_stamp: stamp, sweep_id: id, sweep_started_at: startedAt } = row;
  const { lookups_began_at: beganAt, lookups_after: after, lookups_pages: pages } = row;
  return {
    position: row.stamp === null ? null : { stamp: row.stamp, id: row.remote_id },
    sweptAt: row.swept_at,
    sweep: stamp === null || startedAt === null ? null : { after: { stamp, id: id ?? '' }, startedAt },
    pulledAt: row.pulled_at,
    lookups: beganAt === null ? null : { beganAt, after, pages },
  };
}

/** Moves the cursor; call it in the transaction that stores the rows it passed. */
export async function saveCursor(trx: Transaction, connection: string, objectType: ObjectType, cursor: SyncCursor): Promise<void> {
  const values = {
    stamp: cursor.position?.stamp ?? null,
    remote_id: cursor.position?.id ?? '',
    swept_at: cursor.sweptAt,
    sweep_stamp: cursor.sweep?.after.stamp ?? null,
    sweep_id: cursor.sweep?.after.id ?? null,
    sweep_started_at: cursor.sweep?.startedAt ?? null,
    pulled_at: cursor.pulledAt,
    ...columnsOf(cursor.lookups ?? null),
  };
  await trx
    .insertInto('sync_cursor')
    .values({ connection, object_type: objectType, ...values })
    .onConflict((conflict) => conflict.columns(['connection', 'object_type']).doUpdateSet(values))
    .execute();
}

function columnsOf(round: LookupRound | null) {
  if (round === null) return {};
  return { lookups_began_at: round.beganAt, lookups_after: round.after, lookups_pages: round.pages };
}
