import { sql, type RawBuilder } from 'kysely';
import type { ObjectType } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import type { BulkWriteRecord } from './bulk-table.ts';

/** A write that is in a job, from when it was planned until its outcome is kept. */
export interface BulkWrite {
  /** What the job finds the record by. */
  readonly key: string;
  readonly localId: string;
  readonly version: string;
  readonly attempts: number;
  /** Tells records that hang on the same others: a job has them beside each other. */
  readonly parent: string;
  readonly record: BulkWriteRecord;
}

/** A condition on `push_queue`: that no job has the entry's record, so that it may be planned. */
export function notInJob(): RawBuilder<boolean> {
  return sql<boolean>`not exists (
    select from bulk_write where bulk_write.connection = push_queue.connection and bulk_write.object_type = push_queue.object_type
      and bulk_write.local_id = push_queue.local_id)`;
}

export async function saveBulkWrites(
  trx: Transaction,
  job: { readonly id: string; readonly connection: string; readonly objectType: ObjectType },
  writes: readonly BulkWrite[],
): Promise<void> {
  if (writes.length === 0) return;
  await trx
    .insertInto('bulk_write')
    .values(
      writes.map(({ key, localId, version, attempts, parent, record }) => ({
        job_id: job.id,
        key,
        connection: job.connection,
        object_type: job.objectType,
        local_id: localId,
        version,
        attempts,
        parent,
        record: JSON.stringify(record),
      })),
    )
    .execute();
}

const ROWS_AT_A_TIME = 1_000;

/** All writes of a job, those with the same parents beside each other; some at a time are in memory. */
export async function* streamBulkWrites(db: Database, jobId: string): AsyncGenerator<BulkWrite> {
  let after: { readonly parent: string; readonly key: string } | null = null;
  for (;;) {
    const rows: readonly BulkWriteRow[] = await selectWrites(db, jobId)
      .$if(after !== null, (query) => query.where(sql<boolean>`(parent, key) > (${after?.parent ?? ''}, ${after?.key ?? ''})`))
      .orderBy('parent')
      .orderBy('key')
      .limit(ROWS_AT_A_TIME)
      .execute();
    yield* rows.map(writeOf);
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_A_TIME) return;
    after = last;
  }
}

export async function readBulkWrites(db: Database, jobId: string, keys: readonly string[]): Promise<readonly BulkWrite[]> {
  if (keys.length === 0) return [];
  const rows = await selectWrites(db, jobId)
    .where('key', 'in', [...keys])
    .execute();
  return rows.map(writeOf);
}

/** At most `limit` of those that are still in the job. */
export async function readRemainingWrites(db: Database, jobId: string, limit: number): Promise<readonly BulkWrite[]> {
  return (await selectWrites(db, jobId).orderBy('key').limit(limit).execute()).map(writeOf);
}

/** Takes writes out of their job: their entries in the queue may be planned again. */
export async function forgetBulkWrites(trx: Transaction, jobId: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await trx
    .deleteFrom('bulk_write')
    .where('job_id', '=', jobId)
    .where('key', 'in', [...keys])
    .execute();
}

function selectWrites(db: Database, jobId: string) {
  return db.selectFrom('bulk_write').select(['key', 'local_id', 'version', 'attempts', 'parent', 'record']).where('job_id', '=', jobId);
}

type BulkWriteRow = Awaited<ReturnType<ReturnType<typeof selectWrites>['execute']>>[number];

function writeOf({ key, local_id, version, attempts, parent, record }: BulkWriteRow): BulkWrite {
  return { key, localId: local_id, version, attempts, parent, record };
}
