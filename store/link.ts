import { sql } from 'kysely';
import type { CanonicalRecord } from '../program/merge-plan.ts';
import type { Instant, ObjectType } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** Notes are no object type of sync: they are made, and not followed. */
type LinkedType = ObjectType | 'note';

/** Compared with when a bulk read began, which the database's clock tells too. */
const DATABASE_NOW = sql<string>`clock_timestamp()`;

/** Our record and theirs, with the last values on which both sides agreed. */
export interface Link {
  readonly localId: string;
  readonly remoteId: string;
  readonly base: CanonicalRecord;
  /** The CRM's stamp of the row as it was last captured: a pair (id, stamp) that is known needs no second look. */
  readonly remoteStamp: Instant | null;
}

/** True when their record was deleted and we know it: the link stays, so that a record that is not wanted any more is not made again. */
export function isBroken(link: Link): boolean {
  return link.remoteStamp !== null && Object.keys(link.base).length === 0;
}

export async function readLinksByRemote(
  db: Database | Transaction,
  connection: string,
  objectType: ObjectType,
  remoteIds: readonly string[],
): Promise<ReadonlyMap<string, Link>> {
  if (remoteIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('link')
    .selectAll()
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('remote_id', 'in', [...remoteIds])
    .execute();
  return new Map(rows.map((row) => [row.remote_id, linkOf(row)]));
}

export async function readLinksByLocal(
  db: Database | Transaction,
  connection: string,
  objectType: LinkedType,
  localIds: readonly string[],
): Promise<ReadonlyMap<string, Link>> {
  if (localIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('link')
    .selectAll()
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('local_id', 'in', [...localIds])
    .execute();
  return new Map(rows.map((row) => [row.local_id, linkOf(row)]));
}

/** Those of the records of theirs, of which both sides agreed on something since `since`, by the database's clock: what was read of them before is outdated. */
export async function findAgreedSince(
  db: Database | Transaction,
  connection: string,
  objectType: ObjectType,
  remoteIds: readonly string[],
  since: Instant,
): Promise<ReadonlySet<string>> {
  if (remoteIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('link')
    .select('remote_id')
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('remote_id', 'in', [...remoteIds])
    .where('agreed_at', '>=', since)
    .execute();
  return new Set(rows.map((row) => row.remote_id));
}

/** Everywhere these records are linked, for showing them. */
export async function readLinksOf(
  db: Database | Transaction,
  objectType: ObjectType,
  localIds: readonly string[],
): Promise<readonly (Link & { readonly connection: string })[]> {
  if (localIds.length === 0) return [];
  const rows = await db
    .selectFrom('link')
    .selectAll()
    .where('object_type', '=', objectType)
    .where('local_id', 'in', [...localIds])
    .orderBy('connection')
    .execute();
  return rows.map((row) => ({ ...linkOf(row), connection: row.connection }));
}

/**
 * Joins or updates a link. `taken`: the CRM record is linked to another record of ours, which is a conflict that a person settles.
 */
export async function saveLink(
  trx: Transaction,
  connection: string,
  objectType: LinkedType,
  link: Link,
  now: Instant,
): Promise<'saved' | 'taken'> {
  const other = await trx
    .selectFrom('link')
    .select('local_id')
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('remote_id', '=', link.remoteId)
    .where('local_id', '!=', link.localId)
    .executeTakeFirst();
  if (other !== undefined) return 'taken';
  const values = { remote_id: link.remoteId, base: JSON.stringify(link.base), remote_stamp: link.remoteStamp, agreed_at: DATABASE_NOW };
  await trx
    .insertInto('link')
    .values({ connection, object_type: objectType, local_id: link.localId, ...values, linked_at: now })
    .onConflict((conflict) => conflict.columns(['connection', 'object_type', 'local_id']).doUpdateSet(values))
    .execute();
  return 'saved';
}

/**
 * As `saveLink`, for many at once, none of which names a record of theirs that is linked to another one of ours: the caller knows them (`readLinksByRemote`).
 */
export async function saveLinks(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  links: readonly Link[],
  now: Instant,
): Promise<void> {
  if (links.length === 0) return;
  const rows = links.map(({ localId, remoteId, base, remoteStamp }) => ({
    connection,
    object_type: objectType,
    local_id: localId,
    remote_id: remoteId,
    base: JSON.stringify(base),
    remote_stamp: remoteStamp,
    linked_at: now,
    agreed_at: DATABASE_NOW,
  }));
  await trx
    .insertInto('link')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['connection', 'object_type', 'local_id']).doUpdateSet((set) => ({
        remote_id: set.ref('excluded.remote_id'),
        base: set.ref('excluded.base'),
        remote_stamp: set.ref('excluded.remote_stamp'),
        agreed_at: set.ref('excluded.agreed_at'),
      })),
    )
    .execute();
}

function linkOf(row: { local_id: string; remote_id: string; base: Record<string, string | null>; remote_stamp: string | null }): Link {
  return { localId: row.local_id, remoteId: row.remote_id, base: row.base, remoteStamp: row.remote_stamp };
}
