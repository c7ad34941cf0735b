import { sql, type Insertable, type Selectable, type Updateable } from 'kysely';
import type { Instant, ObjectType } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import type { BulkJobTable } from './bulk-table.ts';

/**
 * A job of the CRM, from when it is planned until its results are kept. Writes: `filling` → `filled` → `open` (the CRM knows it, and has no data that could be relied on)
 * → `uploaded` → `closed` → `ended`, then it is gone. Reads: `asking` → `reading`, then it is gone; `refused` says that none is to be begun for a while.
 */
export interface BulkJob {
  readonly id: string;
  readonly connection: string;
  readonly objectType: ObjectType;
  readonly work: BulkJobTable['work'];
  readonly phase: BulkJobTable['phase'];
  readonly remoteId: string | null;
  /** While it is filled: our id of the last record that was looked at. While it is read: the CRM's place of the next page. */
  readonly position: string | null;
  /** Of a read: it has the rows below this stamp. */
  readonly beforeStamp: Instant | null;
  /** By the database's clock. */
  readonly begunAt: Instant;
  readonly closedAt: Instant | null;
  /** How often the CRM was asked whether it is done. */
  readonly polls: number;
  readonly rowCount: number;
  readonly byteCount: number;
}

export interface BulkJobChange {
  readonly phase?: BulkJob['phase'];
  readonly remoteId?: string | null;
  readonly position?: string | null;
  readonly closedAt?: Instant;
  readonly polls?: number;
  readonly rowCount?: number;
  readonly byteCount?: number;
  /** It is not gone on with before so many milliseconds have passed; 0: at once. */
  readonly pauseMs?: number;
}

export interface NewBulkJob {
  readonly id: string;
  readonly connection: string;
  readonly objectType: ObjectType;
  readonly work: BulkJob['work'];
  readonly phase: BulkJob['phase'];
  readonly remoteId?: string;
  readonly beforeStamp?: Instant;
}

export async function addBulkJob(db: Database | Transaction, job: NewBulkJob): Promise<void> {
  const values: Insertable<BulkJobTable> = {
    id: job.id,
    connection: job.connection,
    object_type: job.objectType,
    work: job.work,
    phase: job.phase,
    remote_id: job.remoteId ?? null,
    before_stamp: job.beforeStamp ?? null,
  };
  await db.insertInto('bulk_job').values(values).execute();
}

export async function changeBulkJob(db: Database | Transaction, id: string, change: BulkJobChange): Promise<void> {
  const values: Updateable<BulkJobTable> = {
    ...(change.phase === undefined ? {} : { phase: change.phase }),
    ...(change.remoteId === undefined ? {} : { remote_id: change.remoteId }),
    ...(change.position === undefined ? {} : { position: change.position }),
    ...(change.closedAt === undefined ? {} : { closed_at: change.closedAt }),
    ...(change.polls === undefined ? {} : { polls: change.polls }),
    ...(change.rowCount === undefined ? {} : { row_count: change.rowCount }),
    ...(change.byteCount === undefined ? {} : { byte_count: String(change.byteCount) }),
  };
  const dueAt = change.pauseMs === undefined ? {} : { due_at: sql<string>`now() + ${change.pauseMs} * interval '1 millisecond'` };
  await db
    .updateTable('bulk_job')
    .set({ ...values, ...dueAt })
    .where('id', '=', id)
    .execute();
}

/** The job is over, with whatever is left in it. */
export async function removeBulkJob(db: Database | Transaction, id: string): Promise<void> {
  await db.deleteFrom('bulk_job').where('id', '=', id).execute();
}

/** The write job of this lane that is to be gone on with now, the one that waits longest; null where none is. */
export async function findDueWriteJob(db: Database, connection: string, objectType: ObjectType): Promise<BulkJob | null> {
  const row = await db
    .selectFrom('bulk_job')
    .selectAll()
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('work', 'in', ['update', 'upsert'])
    .where('due_at', '<=', sql<string>`now()`)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : jobOf(row);
}

/** The read of this lane that is under way, with how long it is to be left alone, in milliseconds; null where there is none. */
export async function findReadJob(
  db: Database,
  connection: string,
  objectType: ObjectType,
  work: 'capture' | 'backfill',
): Promise<(BulkJob & { readonly pauseMs: number }) | null> {
  const row = await db
    .selectFrom('bulk_job')
    .selectAll()
    .select(sql<string>`greatest(0, ceil(extract(epoch from due_at - now()) * 1000))`.as('pause'))
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('work', '=', work)
    .executeTakeFirst();
  return row === undefined ? null : { ...jobOf(row), pauseMs: Number(row.pause) };
}

function jobOf(row: Selectable<BulkJobTable>): BulkJob {
  return {
    id: row.id,
    connection: row.connection,
    objectType: row.object_type as ObjectType,
    work: row.work,
    phase: row.phase,
    remoteId: row.remote_id,
    position: row.position,
    beforeStamp: row.before_stamp,
    begunAt: row.begun_at,
    closedAt: row.closed_at,
    polls: row.polls,
    rowCount: row.row_count,
    byteCount: Number(row.byte_count),
  };
}
