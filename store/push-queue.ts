import { sql } from 'kysely';
import type { CanonicalRecord } from '../program/merge-plan.ts';
import type { ObjectType } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import { PUSH_CHANNEL } from './outbox.ts';

export interface PendingPush {
  readonly localId: string;
  /** Rises with every change; a push that carried version v takes the entry off only while it still is v. */
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
        .doUpdateSet({ version: sql<string>`push_queue.version + 1`, not_before: now, attempts: 0 }),
    )
    .execute();
  for (const connection of connections) await sql`select pg_notify(${PUSH_CHANNEL}, ${`${connection}/${objectType}`})`.execute(trx);
}

/**
 * Marks the registrations of a partner as changed, in one statement however many they are: the partner's record in the CRM is a new one,
 * so those that waited for it go on and those that point to another one are corrected.
 */
export async function queuePushesOfPartner(trx: Transaction, connection: string, partnerId: string): Promise<void> {
  await sql`
    insert into push_queue (connection, object_type, local_id, not_before, queued_at)
    select ${connection}, 'registration', id, now(), now() from registration where partner_id = ${partnerId} order by id
    on conflict (connection, object_type, local_id) do update set version = push_queue.version + 1, not_before = now(), attempts = 0`.execute(
    trx,
  );
  await sql`select pg_notify(${PUSH_CHANNEL}, ${`${connection}/registration`})`.execute(trx);
}

/** The due entries, longest waiting first. */
export async function readDuePushes(
  db: Database,
  connection: string,
  objectType: ObjectType,
  limit: number,
): Promise<readonly PendingPush[]> {
  const rows = await db
    .selectFrom('push_queue')
    .select(['local_id', 'version', 'attempts'])
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('not_before', '<=', sql<string>`now()`)
    .orderBy('queued_at')
    .orderBy('local_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ localId: row.local_id, version: row.version, attempts: row.attempts }));
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

/** How many entries could be carried out now. */
export async function countDuePushes(db: Database, connection: string, objectType: ObjectType): Promise<number> {
  const row = await db
    .selectFrom('push_queue')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('not_before', '<=', sql<string>`now()`)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/**
 * Remembers what is about to be written, by our ids, before the call is made. When its answer is lost, the values are known to be ours where they are met,
 * and not taken for edits that somebody made later than ours.
 */
export async function saveSentValues(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  sent: ReadonlyMap<string, CanonicalRecord>,
): Promise<void> {
  if (sent.size === 0) return;
  await sql`
    update push_queue set sent = intent.value
    from jsonb_each(${JSON.stringify(Object.fromEntries(sent))}::jsonb) as intent(key, value)
    where connection = ${connection} and object_type = ${objectType} and local_id = intent.key::uuid`.execute(trx);
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
  await forgetSentValues(trx, connection, objectType, pushes);
}

/** Tries an entry again after `pauseMs`; a change of the record brings it forward. */
export async function postponePush(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  push: PendingPush,
  pauseMs: number,
): Promise<void> {
  await trx
    .updateTable('push_queue')
    .set({ not_before: sql<string>`now() + ${pauseMs} * interval '1 millisecond'`, attempts: push.attempts + 1 })
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('local_id', '=', push.localId)
    .where('version', '=', push.version)
    .execute();
}

/** The values that were to be written are in the CRM, or the CRM refused them: they need not be told apart any more. */
export async function forgetSentValues(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  pushes: readonly PendingPush[],
): Promise<void> {
  await trx
    .updateTable('push_queue')
    .set({ sent: null })
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where(
      'local_id',
      'in',
      pushes.map((push) => push.localId),
    )
    .where('sent', 'is not', null)
    .execute();
}
