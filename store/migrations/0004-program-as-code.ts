import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
alter table partner add column regions text[] not null default '{}', add column company_number text;
alter table registration
  add column facts jsonb not null default '{}',
  add column approved_as jsonb,
  add column ended_at timestamptz;
alter table crm_account
  add column company_number text,
  add column last_activity_at timestamptz,
  add column name_bands int[] not null default '{}';
alter table registration add column customer_name_bands int[] not null default '{}';

create index registration_customer_name on registration (customer_name_key);
create index registration_customer_bands on registration using gin (customer_name_bands);
create index crm_account_name on crm_account (name_key) where not deleted;
create index crm_account_bands on crm_account using gin (name_bands);
create index crm_account_label on crm_account (split_part(domain, '.', 1)) where domain is not null and not deleted;
create index crm_account_number on crm_account (company_number) where company_number is not null and not deleted;
create index crm_account_parent on crm_account (connection, parent_remote_id) where parent_remote_id is not null and not deleted;
create index protection_of_customer on protection (customer_id);
create index customer_key_label on customer_key (split_part(value, '.', 1)) where kind = 'domain';

create table program_version (
  program_id text not null,
  version text not null,
  digest text not null,
  definition jsonb not null,
  first_used_at timestamptz not null,
  primary key (program_id, version)
);
`;

/**
 * What the whole catalogue of rules needs to know: the regions and number of a partner, the further facts of a claim, what it was when it was approved and when
 * it ended, an account's company number and when it was last talked to. Alike names are found by their bands (`program/name-similarity.ts`) and
 * need no extension of the database; the rest of the indexes serve the other keys of a customer. `program_version` keeps each definition as it was when it first decided something.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
