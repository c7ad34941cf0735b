import { sql } from 'kysely';
import type { ObjectType } from '../program/vocabulary.ts';
import { notInJob } from './bulk-write.ts';
import type { Database, Transaction } from './database.ts';
import { PUSH_CHANNEL } from './outbox.ts';
import { FIELD_NOT_WRITTEN } from './sync-issue.ts';
import { forgetIntents } from './write-intent.ts';

export interface PendingPush {
  readonly localId: string;
  /** Another one with every change, never the same again: a push that carried version v takes the entry off only while it still is v. */
  readonly version: string;
  readonly attempts: number;
}

/** Marks records as changed, so that sync carries them to every connection. It belongs in the transaction that changed them. The queue keeps the database's clock. */
export async function queuePush(
  trx: Transaction,
  connections: readonly string[],
  objectType: ObjectType,
  localIds: readonly string[],
): Promise<void> {
  const now = sql<string>`now()`;
  const rows = connections.flatMap((connection) =>
    localIds.map((localId) => ({ connection, object_type: objectType, local_id: localId, not_before: now, queued_at: now })),
  );
  if (rows.length === 0) return;
  await trx
    .insertInto('push_queue')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['connection', 'object_type', 'local_id'])
        .doUpdateSet({ version: sql<string>`nextval('push_version')`, not_before: now, attempts: 0 }),
    )
    .execute();
  for (const connection of connections) await sql`select pg_notify(${PUSH_CHANNEL}, ${`${connection}/${objectType}`})`.execute(trx);
}

/**
 * Marks the registrations of these partners as changed, in one statement however many they are: the partner's record in the CRM is a new one,
 * so those that waited for it go on and those that point to another one are corrected.
 */
export async function queuePushesOfPartners(trx: Transaction, connection: string, partnerIds: readonly string[]): Promise<void> {
  if (partnerIds.length === 0) return;
  await sql`
    insert into push_queue (connection, object_type, local_id, not_before, queued_at)
    select ${connection}, 'registration', id, now(), now() from registration where partner_id = any(${[...partnerIds]}::uuid[]) order by id
    on conflict (connection, object_type, local_id) do update set version = nextval('push_version'), not_before = now(), attempts = 0`.execute(
    trx,
  );
  await sql`select pg_notify(${PUSH_CHANNEL}, ${`${connection}/registration`})`.execute(trx);
}

/**
 * Marks the records as changed of which a field is told to be unwritten, or that were refused with one of `codes`: what kept them from being written is over. One statement
 * however many they are.
 */
export async function queueUnwritten(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  codes: readonly string[] = [],
): Promise<void> {
  await sql`
    insert into push_queue (connection, object_type, local_id, not_before, queued_at)
    select distinct connection, object_type, local_id, now(), now() from sync_issue
    where connection = ${connection} and object_type = ${objectType} and status = 'open' and local_id is not null
      and (code ^@ ${FIELD_NOT_WRITTEN} or code = any(${[...codes]}))
    order by local_id
    on conflict (connection, object_type, local_id) do update set version = nextval('push_version'), not_before = now(), attempts = 0`.execute(
    trx,
  );
  await sql`select pg_notify(${PUSH_CHANNEL}, ${`${connection}/${objectType}`})`.execute(trx);
}

/** The due entries that no job has, longest waiting first. `which`: without the tasks that ask nothing (`readDueNotes`), or all. */
export async function readDuePushes(
  db: Database,
  connection: string,
  objectType: ObjectType,
  limit: number,
  which: 'all' | 'without notes' = 'all',
): Promise<readonly PendingPush[]> {
  const rows = await db
    .selectFrom('push_queue')
    .select(['local_id', 'version', 'attempts'])
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('not_before', '<=', sql<string>`now()`)
    .where(notInJob())
    .$if(which === 'without notes', (query) =>
      query.where(sql<boolean>`not exists (select from task where task.id = push_queue.local_id and task.kind = 'note')`),
    )
    .orderBy('queued_at')
    .orderBy('local_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ localId: row.local_id, version: row.version, attempts: row.attempts }));
}

/** What is found in the CRM by its id there, because it is linked, and what by ours. */
export type PushKind = 'update' | 'upsert';

/** How many due entries there are of each kind that nobody tried yet: those that a job may take. */
export async function countFreshPushes(
  db: Database,
  connection: string,
  objectType: ObjectType,
): Promise<Readonly<Record<PushKind, number>>> {
  const { rows } = await sql<{ linked: string; total: string }>`
    select count(link.local_id) as linked, count(*) as total
    from push_queue left join link using (connection, object_type, local_id)
    where connection = ${connection} and object_type = ${objectType} and not_before <= now() and attempts = 0 and ${notInJob()}`.execute(
    db,
  );
  const [linked, total] = [Number(rows[0]?.linked ?? 0), Number(rows[0]?.total ?? 0)];
  return { update: linked, upsert: total - linked };
}

/** Of those entries the ones behind `after`, in the order of their ids; null: from the first. */
export async function readFreshPushes(
  db: Database,
  connection: string,
  objectType: ObjectType,
  kind: PushKind,
  after: string | null,
  limit: number,
): Promise<readonly PendingPush[]> {
  const { rows } = await sql<{ local_id: string; version: string; attempts: number }>`
    select local_id, version, attempts
    from push_queue left join link using (connection, object_type, local_id)
    where connection = ${connection} and object_type = ${objectType} and not_before <= now() and attempts = 0 and ${notInJob()}
      and link.local_id is ${sql.raw(kind === 'update' ? 'not null' : 'null')} and (${after}::uuid is null or local_id > ${after}::uuid)
    order by local_id limit ${limit}`.execute(db);
  return rows.map((row) => ({ localId: row.local_id, version: row.version, attempts: row.attempts }));
}

/** No job takes these entries any more: they go row by row. */
export async function leaveToSingleCalls(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  localIds: readonly string[],
): Promise<void> {
  if (localIds.length === 0) return;
  await trx
    .updateTable('push_queue')
    .set({ attempts: sql<number>`greatest(attempts, 1)` })
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('local_id', 'in', [...localIds])
    .execute();
}

export async function countPushes(db: Database, connection: string, objectType: ObjectType): Promise<number> {
  const row = await db
    .selectFrom('push_queue')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export interface PushBacklog {
  /** Entries that could be carried out now. */
  readonly dueNow: number;
  /** When the next of those that were put off is due, in milliseconds from now; missing where none was. */
  readonly nextInMs?: number;
}

/** What waits for its turn, entries and jobs alike: a job that is to be gone on with now counts as one. */
export async function readPushBacklog(db: Database, connection: string, objectType: ObjectType): Promise<PushBacklog> {
  const { rows } = await sql<{ due: string; next: string | null }>`
    select count(*) filter (where not_before <= now()) as due,
      ceil(extract(epoch from min(not_before) filter (where not_before > now()) - now()) * 1000) as next
    from (
      select not_before from push_queue where connection = ${connection} and object_type = ${objectType} and ${notInJob()}
      union all
      select due_at from bulk_job where connection = ${connection} and object_type = ${objectType} and work in ('update', 'upsert')
    ) as waiting`.execute(db);
  const next = rows[0]?.next ?? null;
  return { dueNow: Number(rows[0]?.due ?? 0), ...(next === null ? {} : { nextInMs: Number(next) }) };
}

/** `<connection>/<objectType>` of everything that could be carried out now, as the store names it when it notifies. */
export async function readDueLanes(db: Database): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('push_queue')
    .select(['connection', 'object_type'])
    .distinct()
    .where('not_before', '<=', sql<string>`now()`)
    .where(notInJob())
    .execute();
  return rows.map(({ connection, object_type }) => `${connection}/${object_type}`);
}

/** Takes off entries that were carried out. A record that changed meanwhile stays queued. */
export async function finishPushes(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  pushes: readonly PendingPush[],
): Promise<void> {
  if (pushes.length === 0) return;
  const carried = JSON.stringify(pushes.map(({ localId, version }) => ({ local_id: localId, version })));
  await sql`
    delete from push_queue using jsonb_to_recordset(${carried}::jsonb) as carried(local_id uuid, version bigint)
    where connection = ${connection} and object_type = ${objectType}
      and push_queue.local_id = carried.local_id and push_queue.version = carried.version`.execute(trx);
  await forgetIntents(
    trx,
    connection,
    objectType,
    pushes.map(({ localId }) => localId),
  );
}

/** Tries entries again after a pause of their own; a change of the record brings it forward. */
export async function postponePushes(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  postponed: readonly { readonly push: PendingPush; readonly pauseMs: number }[],
): Promise<void> {
  if (postponed.length === 0) return;
  const rows = JSON.stringify(postponed.map(({ push, pauseMs }) => ({ local_id: push.localId, version: push.version, pause_ms: pauseMs })));
  await sql`
    update push_queue set not_before = now() + later.pause_ms * interval '1 millisecond', attempts = push_queue.attempts + 1
    from jsonb_to_recordset(${rows}::jsonb) as later(local_id uuid, version bigint, pause_ms bigint)
    where connection = ${connection} and object_type = ${objectType}
      and push_queue.local_id = later.local_id and push_queue.version = later.version`.execute(trx);
}
