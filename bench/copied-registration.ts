import { sql } from 'kysely';
import type { Database } from '../store/database.ts';
import { until } from './concurrency.ts';
import { whilePaused } from './quiet-sync.ts';
import type { RunningSystem } from './running-system.ts';

const DECIDED_WITHIN_MS = 30_000;

/**
 * `count` registrations that wait to be written: one that was decided and then withdrawn, so that nobody decides anything about what is edited, and copies of it. Sync
 * carries rows of the store, and does not ask how they came to be; that many real ones would take longer to decide than what is measured.
 */
export async function makeRegistrations(system: RunningSystem, count: number): Promise<readonly string[]> {
  const { portal, db, connection } = system;
  const [claim = {}] = portal.drawClaims(1);
  const { id } = await portal.register(claim);
  await until('the registration decided', async () => (await portal.read(id)).status !== 'submitted', 20, DECIDED_WITHIN_MS);
  let ids: readonly string[] = [];
  // Sync that is at work on the first one would take some of the others along before all of them are counted.
  await whilePaused(system, async () => {
    await sql`update registration set state = jsonb_set(state, '{status}', '"withdrawn"') where id = ${id}`.execute(db);
    ids = [id, ...(await copiesOf(db, id, count - 1))];
    await sql`
      insert into push_queue (connection, object_type, local_id, not_before, queued_at)
      select ${connection}, 'registration', id, now(), now() from registration
      on conflict (connection, object_type, local_id) do nothing`.execute(db);
    await sql`analyze registration, push_queue`.execute(db);
  });
  return ids;
}

async function copiesOf(db: Database, id: string, count: number): Promise<readonly string[]> {
  const { rows: columns } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns where table_name = 'registration' and is_generated = 'NEVER'`.execute(db);
  const own: Readonly<Record<string, string>> = {
    id: 'gen_random_uuid()',
    sequence: "nextval('registration_receipt')",
    external_id: "'COPY-' || number",
  };
  const values = columns.map(({ name }) => own[name] ?? name);
  const { rows } = await sql<{ id: string }>`
    insert into registration (${sql.join(columns.map(({ name }) => sql.ref(name)))})
    select ${sql.raw(values.join(', '))} from registration, generate_series(1, ${count}::int) as number where id = ${id}
    returning id`.execute(db);
  return rows.map((copy) => copy.id);
}
