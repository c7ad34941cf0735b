import { sql, type Selectable } from 'kysely';
import { OBJECT_TYPES, type Instant, type ObjectType } from '../program/vocabulary.ts';
import type { BulkTables } from './bulk-table.ts';
import type { Database, Transaction } from './database.ts';
import { PUSH_CHANNEL } from './outbox.ts';

/** How far the last backfill of a record type has come. */
export interface Backfill {
  readonly connection: string;
  readonly objectType: ObjectType;
  /** `waiting`: it was asked for, and is not begun. */
  readonly state: 'waiting' | 'reading' | 'done';
  /** Why it does not go on for now; null where it does. */
  readonly reason: string | null;
  readonly done: number;
  /** How many there were when it was begun; null before. */
  readonly total: number | null;
  /** Where the next page begins, where pages are read; null: at the beginning. */
  readonly after: { readonly stamp: Instant; readonly id: string } | null;
  readonly askedAt: Instant;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
}

/** What the workers are told when a backfill was asked for, beside the names of lanes. */
const LANE = 'backfill';

/** The connection of which such a name tells; null for that of a lane. */
export function connectionOfBackfill(name: string): string | null {
  return name.endsWith(`/${LANE}`) ? name.slice(0, -LANE.length - 1) : null;
}

/** Asks for backfills, of which the workers hear when the transaction is committed. One that is under way goes on as it is. */
export async function askForBackfill(
  trx: Transaction,
  connection: string,
  objectTypes: readonly ObjectType[],
  now: Instant,
): Promise<void> {
  const fresh = {
    state: 'waiting',
    reason: null,
    rows_done: 0,
    rows_total: null,
    after_stamp: null,
    after_id: null,
    asked_at: now,
    started_at: null,
    ended_at: null,
  } as const;
  await trx
    .insertInto('backfill')
    .values(objectTypes.map((objectType) => ({ connection, object_type: objectType, ...fresh })))
    .onConflict((conflict) => conflict.columns(['connection', 'object_type']).doUpdateSet(fresh).where('backfill.state', '=', 'done'))
    .execute();
  await sql`select pg_notify(${PUSH_CHANNEL}, ${`${connection}/${LANE}`})`.execute(trx);
}

/** In the order in which they are carried out: what others point to comes first. */
export async function readBackfills(db: Database | Transaction, connection: string): Promise<readonly Backfill[]> {
  const rows = await db.selectFrom('backfill').selectAll().where('connection', '=', connection).execute();
  return rows.map(backfillOf).toSorted((one, other) => OBJECT_TYPES.indexOf(one.objectType) - OBJECT_TYPES.indexOf(other.objectType));
}

/** The connections on which something is left to be read. */
export async function findUnfinishedBackfills(db: Database): Promise<readonly string[]> {
  const rows = await db.selectFrom('backfill').select('connection').distinct().where('state', '!=', 'done').execute();
  return rows.map(({ connection }) => connection);
}

export async function changeBackfill(
  db: Database | Transaction,
  { connection, objectType }: Pick<Backfill, 'connection' | 'objectType'>,
  change: Partial<Pick<Backfill, 'state' | 'reason' | 'total' | 'after' | 'startedAt' | 'endedAt'>> & { readonly read?: number },
): Promise<void> {
  const { state, reason, total, after, startedAt, endedAt, read } = change;
  await db
    .updateTable('backfill')
    .set({
      ...(state === undefined ? {} : { state }),
      ...(total === undefined ? {} : { rows_total: total }),
      ...(after === undefined ? {} : { after_stamp: after?.stamp ?? null, after_id: after?.id ?? null }),
      ...(startedAt === undefined ? {} : { started_at: startedAt }),
      ...(endedAt === undefined ? {} : { ended_at: endedAt }),
      ...(read === undefined ? {} : { rows_done: sql<number>`rows_done + ${read}` }),
      reason: reason ?? null,
    })
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .execute();
}

/** Queues our records that have no link to the CRM: all of theirs were read, so they are not there. One statement however many they are. */
export async function queueUnlinked(trx: Transaction, connection: string, objectType: 'partner' | 'registration'): Promise<void> {
  await sql`
    insert into push_queue (connection, object_type, local_id, not_before, queued_at)
    select ${connection}, ${objectType}, id, now(), now() from ${sql.table(objectType)} as ours
    where not exists (select from link where link.connection = ${connection} and link.object_type = ${objectType} and link.local_id = ours.id)
    order by id
    on conflict (connection, object_type, local_id) do nothing`.execute(trx);
  await sql`select pg_notify(${PUSH_CHANNEL}, ${`${connection}/${objectType}`})`.execute(trx);
}

function backfillOf(row: Selectable<BulkTables['backfill']>): Backfill {
  return {
    connection: row.connection,
    objectType: row.object_type as ObjectType,
    state: row.state,
    reason: row.reason,
    done: row.rows_done,
    total: row.rows_total,
    after: row.after_stamp === null ? null : { stamp: row.after_stamp, id: row.after_id ?? '' },
    askedAt: row.asked_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}
