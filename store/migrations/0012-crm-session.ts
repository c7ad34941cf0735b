import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
create table crm_session (
  connection text not null,
  credentials text not null,
  sealed text not null,
  kept_at timestamptz not null,
  primary key (connection, credentials)
);
`;

/**
 * The session with a CRM that the workers share. `sealed` is encrypted by a key that the database does not have; `credentials` tells one set of
 * credentials from another, so that new ones begin anew.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
