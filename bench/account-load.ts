import { sql } from 'kysely';
import { customerDomain } from '../program/customer-key.ts';
import { normalizeCustomerName } from '../program/customer-name.ts';
import { nameBands } from '../program/name-similarity.ts';
import type { Database } from '../store/database.ts';
import { drawPopulationAccount, type PopulationAccount } from './sample/population.ts';
import type { Random } from './sample/random.ts';

const BATCH = 5_000;
const NOTHING_FREE: ReadonlySet<string> = new Set();

/**
 * Fills the mirror with `count` accounts, and returns every `keepEvery`-th of them. They go in by whole columns, without the indexes, which are made afterwards:
 * row by row a million takes an hour.
 */
export async function loadAccounts(db: Database, random: Random, count: number, keepEvery: number): Promise<readonly PopulationAccount[]> {
  const { rows: indexes } = await sql<{ name: string; definition: string }>`
    select indexname as name, indexdef as definition from pg_indexes where tablename = 'crm_account' and indexname <> 'crm_account_pkey'`.execute(
    db,
  );
  for (const { name } of indexes) await sql`drop index ${sql.id(name)}`.execute(db);
  const kept: PopulationAccount[] = [];
  for (let start = 0; start < count; start += BATCH) {
    const accounts = Array.from({ length: Math.min(BATCH, count - start) }, () => drawPopulationAccount(random));
    kept.push(...accounts.filter((_account, index) => (start + index) % keepEvery === 0));
    await insertAccounts(db, start, accounts);
  }
  for (const { definition } of indexes) await sql.raw(definition).execute(db);
  await sql`vacuum analyze crm_account`.execute(db);
  return kept;
}

async function insertAccounts(db: Database, first: number, accounts: readonly PopulationAccount[]): Promise<void> {
  const keys = accounts.map(({ name }) => normalizeCustomerName(name));
  await sql`
    insert into crm_account (connection, remote_id, name, name_key, name_bands, domain, country, postal_code, stamp, deleted, refreshed_at)
    select 'salesforce', id, name, name_key, bands::int[], domain, country, postal_code, now(), false, now()
    from unnest(
      ${accounts.map((_account, index) => `account-${first + index}`)}::text[],
      ${accounts.map(({ name }) => name)}::text[],
      ${keys}::text[],
      ${keys.map((key) => `{${nameBands(key).join(',')}}`)}::text[],
      ${accounts.map(({ domain }) => customerDomain(domain, NOTHING_FREE)?.name ?? null)}::text[],
      ${accounts.map(({ market }) => market.country)}::text[],
      ${accounts.map(({ postalCode }) => postalCode)}::text[]
    ) as account (id, name, name_key, bands, domain, country, postal_code)`.execute(db);
}

/** Opportunities at a tenth of the accounts, and an approved claim of `partnerId` with its protection on `claimedPercent` of those with a domain. */
export async function loadPositions(
  db: Database,
  partnerId: string,
  programVersion: string,
  approvedState: object,
  claimedPercent: number,
): Promise<void> {
  await sql`
    insert into crm_opportunity (connection, remote_id, account_remote_id, name, stage_name, stage_index, is_closed, is_won, created_at, last_activity_at, stamp,
      deleted, refreshed_at)
    select connection, 'opportunity-' || remote_id, remote_id, 'deal', 'Qualification', 1, false, false, now() - interval '40 days', now(), now(), false, now()
    from crm_account where remote_id like '%7'`.execute(db);
  await sql`
    with taken as (
      select gen_random_uuid() as customer_id, account.* from (
        select distinct on (domain) domain, name, name_key, name_bands, country from crm_account where domain is not null and right('0' || substr(remote_id, 9), 2)::int < ${claimedPercent}
      ) as account
    ), customers as (
      insert into customer (id, name, created_at) select customer_id, name, now() from taken
    ), keys as (
      insert into customer_key (kind, value, customer_id) select 'domain', domain, customer_id from taken
    ), claims as (
      insert into registration (id, sequence, external_id, partner_id, customer_id, origin, content_digest, kind, customer_name, customer_name_key,
        customer_name_bands, customer_domain, customer_country, product_lines, value_amount, value_currency, expected_close_date, description, evidence,
        program_version, submitted_at, state, updated_at)
      select gen_random_uuid(), nextval('registration_receipt'), customer_id::text, ${partnerId}::uuid, customer_id, 'api', '', 'resale', name, name_key,
        name_bands, domain, country, '{platform}', 20000, 'USD', current_date + 90, '', '[]', ${programVersion}, now(), ${JSON.stringify(approvedState)}::jsonb, now()
      from taken returning id, customer_id
    )
    insert into protection (registration_id, customer_id, product_line, starts_at, until_at)
    select id, customer_id, 'platform', now(), now() + interval '90 days' from claims`.execute(db);
  for (const table of ['crm_opportunity', 'registration', 'customer', 'customer_key', 'protection']) {
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
  }
}
