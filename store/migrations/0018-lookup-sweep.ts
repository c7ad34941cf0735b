import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
alter table sync_cursor
  add column lookups_began_at timestamptz,
  add column lookups_after text,
  add column lookups_pages int not null default 0;

create index registration_standing on registration (id) where ended_at is null;
`;

/**
 * A look at lookups that may change without their row: when the last round began, in the CRM's clock, the place in it (null between two rounds) and its pages so far.
 * It goes through the registrations that still stand, by their ids.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
