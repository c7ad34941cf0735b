import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
alter table connection_state
  add column calls_seen_at timestamptz,
  add column calls_held text,
  add constraint connection_state_calls_held check (calls_held in ('background', 'all'));
`;

/** When the CRM told of the day's calls, and what waits for them since: nothing, background work, or all sync. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
