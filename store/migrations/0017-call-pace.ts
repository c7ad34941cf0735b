import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
create unlogged table call_pace (
  connection text not null,
  bucket text not null,
  free_at timestamptz not null,
  primary key (connection, bucket)
);

alter table connection_state add column calls_reset_at timestamptz;
`;

/**
 * Where workers take turns with a CRM that counts calls by the second: `free_at` is when the next turn is. It is worth nothing after a crash, so it is not logged.
 * `calls_reset_at`: when all calls of the day come back at once, where the CRM's day has a beginning.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
