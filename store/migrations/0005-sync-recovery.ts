import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
alter table push_queue add column seen jsonb, add column seen_at timestamptz;
create index push_queue_unsettled on push_queue (connection, object_type) where seen is not null;
create sequence push_version;
select setval('push_version', (select coalesce(max(version), 0) + 1 from push_queue));
alter table push_queue alter column version set default nextval('push_version');
alter table sync_cursor add column sweep_stamp timestamptz, add column sweep_id text, add column sweep_started_at timestamptz;
`;

/**
 * Beside `sent`: what those fields held in the CRM when they were read, and when, so that an edit that the write covered is found although no answer came.
 * Versions never come again: a worker that was given up on cannot take off an entry that was made since. A sweep of the overlap goes on where it ended.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
