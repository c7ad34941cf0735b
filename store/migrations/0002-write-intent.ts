import { sql, type Kysely } from 'kysely';

/** `sent`: the values of a write whose outcome is not known yet, so that it is recognised as ours when it is met in the CRM. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table push_queue add column sent jsonb`.execute(db);
}
