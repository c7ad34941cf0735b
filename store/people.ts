import { sql } from 'kysely';
import type { Database, Transaction } from './database.ts';

/** Those of `aliases` whom every CRM that knows them has deactivated. */
export async function readInactive(db: Database | Transaction, aliases: readonly string[]): Promise<readonly string[]> {
  if (aliases.length === 0) return [];
  const rows = await db
    .selectFrom('crm_user')
    .select('alias')
    .where('deleted', '=', false)
    .where('alias', 'in', [...aliases])
    .groupBy('alias')
    .having(sql<boolean>`not bool_or(is_active)`)
    .execute();
  return rows.map(({ alias }) => alias);
}

/** Those of `aliases` whom a CRM knows, or whom a partner belongs to. */
export async function readKnown(db: Database | Transaction, aliases: readonly string[]): Promise<readonly string[]> {
  if (aliases.length === 0) return [];
  const rows = await db
    .selectFrom('crm_user')
    .select('alias')
    .where('deleted', '=', false)
    .where('alias', 'in', [...aliases])
    .union(
      db
        .selectFrom('partner')
        .select((row) => row.ref('manager').$notNull().as('alias'))
        .where('manager', 'in', [...aliases]),
    )
    .execute();
  return rows.map(({ alias }) => alias);
}

/** Whom these people report to, in any CRM, up to `levels` above them, without themselves. */
export async function readManagement(db: Database | Transaction, aliases: readonly string[], levels: number): Promise<readonly string[]> {
  if (aliases.length === 0) return [];
  const { rows } = await sql<{ alias: string }>`
    with recursive above (connection, remote_id, level) as (
      select connection, manager_remote_id, 1 from crm_user
        where alias = any(${[...aliases]}::text[]) and manager_remote_id is not null and not deleted
      union
      select boss.connection, boss.manager_remote_id, above.level + 1
        from above join crm_user boss on boss.connection = above.connection and boss.remote_id = above.remote_id
        where boss.manager_remote_id is not null and above.level < ${levels}
    )
    select distinct boss.alias from above join crm_user boss on boss.connection = above.connection and boss.remote_id = above.remote_id
      where not boss.deleted and not boss.alias = any(${[...aliases]}::text[]) order by boss.alias`.execute(db);
  return rows.map(({ alias }) => alias);
}

/** Who owns the customer's account, where a CRM knows it for certain, and whom that user reports to. */
export async function readAccountOwner(
  db: Database | Transaction,
  registrationId: string,
): Promise<{ readonly owner: string; readonly manager: string | null } | null> {
  const row = await db
    .selectFrom('registration_place as place')
    .innerJoin('crm_account as account', (join) =>
      join.onRef('account.connection', '=', 'place.connection').onRef('account.remote_id', '=', 'place.customer_account'),
    )
    .innerJoin('crm_user as owner', (join) =>
      join.onRef('owner.connection', '=', 'account.connection').onRef('owner.remote_id', '=', 'account.owner_remote_id'),
    )
    .leftJoin('crm_user as boss', (join) =>
      join.onRef('boss.connection', '=', 'owner.connection').onRef('boss.remote_id', '=', 'owner.manager_remote_id'),
    )
    .select(['owner.alias as owner', 'boss.alias as manager'])
    .where('place.registration_id', '=', registrationId)
    .where('account.deleted', '=', false)
    .orderBy('place.connection')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}
