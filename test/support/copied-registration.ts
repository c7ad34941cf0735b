import { sql } from 'kysely';
import type { Database } from '../../store/database.ts';

/** More claims like this one, in one statement: intake takes them one after the other. */
export async function copyRegistration(db: Database, connection: string, id: string, count: number): Promise<void> {
  const { rows } = await sql<{ names: string }>`
    select string_agg(column_name, ', ') as names from information_schema.columns
    where table_name = 'registration' and column_name not in ('id', 'sequence', 'external_id', 'status')`.execute(db);
  const names = sql.raw(rows[0]?.names ?? '');
  await sql`
    insert into registration (id, sequence, external_id, ${names})
    select gen_random_uuid(), nextval('registration_receipt'), 'copy ' || n, ${names}
    from registration, generate_series(1, ${count}) as n where id = ${id}`.execute(db);
  await sql`
    insert into push_queue (connection, object_type, local_id, not_before, queued_at)
    select ${connection}, 'registration', id, now(), now() from registration on conflict do nothing`.execute(db);
}
