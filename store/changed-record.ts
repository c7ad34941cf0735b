import { sql } from 'kysely';
import type { Instant, ObjectType } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import { PUSH_CHANNEL } from './outbox.ts';

/** A row of the CRM that is to be looked at again, since the CRM told of a change. */
export interface ChangedRecord {
  readonly remoteId: string;
  /** Another one with every event: who looked because of version v takes the mark off only while it still is v. */
  readonly version: string;
  /** In the CRM's clock. */
  readonly changedAt: Instant;
}

export interface WantedSweep {
  /** In the CRM's clock: any row that changed since may have been missed. */
  readonly fromAt: Instant;
  readonly version: string;
}

/**
 * Marks rows; one that is marked already gets another version. It belongs in the transaction that moves the position behind the events, where events have one. Several
 * processes may mark and unmark at the same time: all of them lock rows in the order of their ids.
 */
export async function markChanged(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  changes: ReadonlyMap<string, Instant>,
): Promise<void> {
  if (changes.size === 0) return;
  const rows = [...changes]
    .map(([remote_id, changed_at]) => ({ connection, object_type: objectType, remote_id, changed_at }))
    .toSorted((one, other) => (one.remote_id < other.remote_id ? -1 : 1));
  await trx
    .insertInto('changed_record')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['connection', 'object_type', 'remote_id']).doUpdateSet({
        version: sql<string>`nextval('changed_record_version')`,
        changed_at: sql<string>`greatest(changed_record.changed_at, excluded.changed_at)`,
      }),
    )
    .execute();
}

/** The marked rows, those that have waited longest first. */
export async function readChanged(
  db: Database | Transaction,
  connection: string,
  objectType: ObjectType,
  limit: number,
): Promise<readonly ChangedRecord[]> {
  const rows = await db
    .selectFrom('changed_record')
    .select(['remote_id', 'version', 'changed_at'])
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .orderBy('version')
    .limit(limit)
    .execute();
  return rows.map(({ remote_id, version, changed_at }) => ({ remoteId: remote_id, version, changedAt: changed_at }));
}

/** Takes marks off; it belongs in the transaction that keeps what was read. One that was set again meanwhile stays. */
export async function clearChanged(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  looked: readonly ChangedRecord[],
): Promise<void> {
  if (looked.length === 0) return;
  const seen = JSON.stringify(looked.map(({ remoteId, version }) => ({ remote_id: remoteId, version })));
  await sql`
    with held as (
      select mark.remote_id from changed_record as mark
      join jsonb_to_recordset(${seen}::jsonb) as seen(remote_id text, version bigint) using (remote_id, version)
      where mark.connection = ${connection} and mark.object_type = ${objectType}
      order by mark.remote_id collate "C" for update of mark
    )
    delete from changed_record using held
    where connection = ${connection} and object_type = ${objectType} and changed_record.remote_id = held.remote_id`.execute(trx);
}

/** Asks for ids and stamps of everything since `fromAt` to be compared; an earlier wish keeps its earlier beginning. */
export async function wantSweep(trx: Transaction, connection: string, objectType: ObjectType, fromAt: Instant): Promise<void> {
  await trx
    .insertInto('wanted_sweep')
    .values({ connection, object_type: objectType, from_at: fromAt })
    .onConflict((conflict) =>
      conflict.columns(['connection', 'object_type']).doUpdateSet({
        from_at: sql<string>`least(wanted_sweep.from_at, excluded.from_at)`,
        version: sql<string>`nextval('changed_record_version')`,
      }),
    )
    .execute();
}

export async function readWantedSweep(db: Database, connection: string, objectType: ObjectType): Promise<WantedSweep | null> {
  const row = await db
    .selectFrom('wanted_sweep')
    .select(['from_at', 'version'])
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .executeTakeFirst();
  return row === undefined ? null : { fromAt: row.from_at, version: row.version };
}

/** Takes the wish off, unless it was made again meanwhile. */
export async function clearWantedSweep(db: Database, connection: string, objectType: ObjectType, version: string): Promise<void> {
  await db
    .deleteFrom('wanted_sweep')
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('version', '=', version)
    .execute();
}

/** Has sync look now instead of at its next poll, once this is committed. */
export async function nudgeSyncOf(trx: Transaction, connection: string, objectTypes: Iterable<ObjectType>): Promise<void> {
  for (const objectType of new Set(objectTypes))
    await sql`select pg_notify(${PUSH_CHANNEL}, ${`${connection}/${objectType}`})`.execute(trx);
}

/** `<connection>/<objectType>` of everything that is marked or to be swept, as the store names it when it notifies. */
export async function readChangedLanes(db: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly lane: string }>`
    select distinct connection || '/' || object_type as lane from changed_record
    union select connection || '/' || object_type from wanted_sweep`.execute(db);
  return rows.map(({ lane }) => lane);
}

/** Which of these rows of the CRM our records are linked with, or are named by them as customer or opportunity. */
export async function readKnownRows(
  db: Database | Transaction,
  connection: string,
  objectType: ObjectType,
  remoteIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (remoteIds.length === 0) return new Set();
  const { rows } = await sql<{ readonly remote_id: string }>`
    with asked as (select unnest(${[...remoteIds]}::text[]) as remote_id)
    select remote_id from asked where
      exists (select from link where connection = ${connection} and object_type = ${objectType} and link.remote_id = asked.remote_id)
      or (${objectType} = 'opportunity' and exists (
        select from registration_place where connection = ${connection} and opportunity = asked.remote_id))
      or (${objectType} = 'account' and exists (
        select from registration_place where connection = ${connection} and customer_account = asked.remote_id))`.execute(db);
  return new Set(rows.map(({ remote_id }) => remote_id));
}
