import { sql } from 'kysely';
import { nameBands } from '../program/name-similarity.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import type { CrmAccountTable, CrmOpportunityTable, CrmUserTable } from './schema.ts';

/** Copies of the CRM's users, accounts and opportunities, which the rules need as evidence. They come in only; the CRM is right. */

export async function saveUsers(trx: Transaction, users: readonly CrmUserTable[]): Promise<void> {
  for (const user of users) {
    await trx
      .insertInto('crm_user')
      .values(user)
      .onConflict((conflict) => conflict.columns(['connection', 'remote_id']).doUpdateSet(user))
      .execute();
  }
}

export async function saveAccounts(trx: Transaction, accounts: readonly CrmAccountTable[]): Promise<void> {
  if (accounts.length === 0) return;
  await trx
    .insertInto('crm_account')
    .values(accounts.map((account) => ({ ...account, name_bands: [...nameBands(account.name_key)] })))
    .onConflict((conflict) =>
      conflict.columns(['connection', 'remote_id']).doUpdateSet((set) => ({
        name: set.ref('excluded.name'),
        name_key: set.ref('excluded.name_key'),
        name_bands: set.ref('excluded.name_bands'),
        company_number: set.ref('excluded.company_number'),
        last_activity_at: set.ref('excluded.last_activity_at'),
        domain: set.ref('excluded.domain'),
        country: set.ref('excluded.country'),
        postal_code: set.ref('excluded.postal_code'),
        owner_remote_id: set.ref('excluded.owner_remote_id'),
        parent_remote_id: set.ref('excluded.parent_remote_id'),
        stamp: set.ref('excluded.stamp'),
        deleted: set.ref('excluded.deleted'),
        merged_into: set.ref('excluded.merged_into'),
        refreshed_at: set.ref('excluded.refreshed_at'),
      })),
    )
    .execute();
}

/** When an opportunity was won is when it was first seen so after it was seen otherwise; of one that comes in as won nobody knows. */
export async function saveOpportunities(
  trx: Transaction,
  opportunities: readonly (CrmOpportunityTable & { readonly merged_into?: string | null })[],
): Promise<void> {
  if (opportunities.length === 0) return;
  await trx
    .insertInto('crm_opportunity')
    .values([...opportunities])
    .onConflict((conflict) =>
      conflict.columns(['connection', 'remote_id']).doUpdateSet((set) => ({
        account_remote_id: set.ref('excluded.account_remote_id'),
        name: set.ref('excluded.name'),
        stage_name: set.ref('excluded.stage_name'),
        stage_index: set.ref('excluded.stage_index'),
        is_closed: set.ref('excluded.is_closed'),
        is_won: set.ref('excluded.is_won'),
        amount: set.ref('excluded.amount'),
        owner_remote_id: set.ref('excluded.owner_remote_id'),
        created_at: set.ref('excluded.created_at'),
        last_activity_at: set.ref('excluded.last_activity_at'),
        close_date: set.ref('excluded.close_date'),
        stamp: set.ref('excluded.stamp'),
        deleted: set.ref('excluded.deleted'),
        merged_into: set.ref('excluded.merged_into'),
        refreshed_at: set.ref('excluded.refreshed_at'),
        won_at: sql<string | null>`case
          when not excluded.is_won then null
          when crm_opportunity.is_won then crm_opportunity.won_at
          else excluded.stamp end`,
      })),
    )
    .execute();
}

/** Stamps of the rows we hold, for telling known (id, stamp) pairs from new ones. */
export async function readMirrorStamps(
  db: Database | Transaction,
  table: 'crm_user' | 'crm_account' | 'crm_opportunity',
  connection: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Instant>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom(table)
    .select(['remote_id', 'stamp'])
    .where('connection', '=', connection)
    .where('remote_id', 'in', [...ids])
    .execute();
  return new Map(rows.map((row) => [row.remote_id, row.stamp]));
}

/** Copies as they are until the transaction ends; `isDeleted`: the CRM had deleted the record. Locked in one order everywhere, so that two workers do not wait for each other. */
export async function lockMirrored(
  trx: Transaction,
  table: 'crm_account' | 'crm_opportunity',
  connection: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, { readonly stamp: Instant; readonly isDeleted: boolean }>> {
  if (ids.length === 0) return new Map();
  const rows = await trx
    .selectFrom(table)
    .select(['remote_id', 'stamp', 'deleted'])
    .where('connection', '=', connection)
    .where('remote_id', 'in', [...ids])
    .orderBy('remote_id')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.remote_id, { stamp: row.stamp, isDeleted: row.deleted }]));
}

export interface CrmUser {
  readonly remoteId: string;
  readonly alias: string;
  readonly isActive: boolean;
  /** Another active user has this alias: nobody can tell who is meant by it, so neither acts under it. */
  readonly isShared: boolean;
  readonly managerAlias: string | null;
}

/**
 * The users of one connection, or of all when it is null; active ones last.
 * An alias is shared by two active users of one connection, and by two of different connections whose e-mail addresses differ: with the same address they are one person.
 */
export async function readUsers(
  db: Database | Transaction,
  connection: string | null,
): Promise<readonly (CrmUser & { readonly connection: string })[]> {
  let query = db
    .selectFrom('crm_user as person')
    .leftJoin('crm_user as boss', (join) =>
      join.onRef('boss.connection', '=', 'person.connection').onRef('boss.remote_id', '=', 'person.manager_remote_id'),
    )
    .select(['person.connection', 'person.remote_id', 'person.alias', 'person.is_active', 'boss.alias as manager_alias'])
    .select(
      sql<boolean>`exists (
        select from crm_user as other
        where other.alias = person.alias and other.is_active and not other.deleted
          and (other.connection, other.remote_id) <> (person.connection, person.remote_id)
          and (other.connection = person.connection or lower(other.email) <> lower(person.email)))`.as('is_shared'),
    )
    .where('person.deleted', '=', false)
    .orderBy('person.is_active')
    .orderBy('person.connection')
    .orderBy('person.remote_id');
  if (connection !== null) query = query.where('person.connection', '=', connection);
  const rows = await query.execute();
  return rows.map((row) => ({
    connection: row.connection,
    remoteId: row.remote_id,
    alias: row.alias,
    isActive: row.is_active,
    isShared: row.is_shared,
    managerAlias: row.manager_alias,
  }));
}

/** One account as the mirror has it; null when it is unknown or deleted. */
export async function readMirrorAccount(
  db: Database | Transaction,
  connection: string,
  remoteId: string,
): Promise<{
  readonly name: string;
  readonly domain: string | null;
  readonly country: string | null;
  readonly postalCode: string | null;
} | null> {
  const row = await db
    .selectFrom('crm_account')
    .select(['name', 'domain', 'country', 'postal_code'])
    .where('connection', '=', connection)
    .where('remote_id', '=', remoteId)
    .where('deleted', '=', false)
    .executeTakeFirst();
  return row === undefined ? null : { name: row.name, domain: row.domain, country: row.country, postalCode: row.postal_code };
}

/** One opportunity as the mirror has it; null when it is unknown. */
export async function findMirrorOpportunity(
  db: Database | Transaction,
  connection: string,
  remoteId: string,
): Promise<{ readonly isDeleted: boolean; readonly isClosed: boolean } | null> {
  const row = await db
    .selectFrom('crm_opportunity')
    .select(['deleted', 'is_closed'])
    .where('connection', '=', connection)
    .where('remote_id', '=', remoteId)
    .executeTakeFirst();
  return row === undefined ? null : { isDeleted: row.deleted, isClosed: row.is_closed };
}

/** The opportunity into which this one was merged, as far as the mirror knows; null where it was not. */
export async function findMergeOf(db: Database | Transaction, connection: string, remoteId: string): Promise<string | null> {
  const row = await db
    .selectFrom('crm_opportunity')
    .select('merged_into')
    .where('connection', '=', connection)
    .where('remote_id', '=', remoteId)
    .executeTakeFirst();
  return row?.merged_into ?? null;
}
