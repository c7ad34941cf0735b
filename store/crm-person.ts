import { sql } from 'kysely';
import { readUsers } from './crm-mirror.ts';
import type { Database } from './database.ts';

/** The alias of the active user with this e-mail address in a CRM; null where there is none, or where nobody can tell whom the alias means. */
export async function findAliasByEmail(db: Database, connection: string, email: string): Promise<string | null> {
  const found = await db
    .selectFrom('crm_user')
    .select('remote_id')
    .where('connection', '=', connection)
    .where('deleted', '=', false)
    .where(sql`lower(email)`, '=', email.trim().toLowerCase())
    .execute();
  const ids = new Set(found.map(({ remote_id }) => remote_id));
  const active = (await readUsers(db, connection)).filter(({ remoteId, isActive }) => ids.has(remoteId) && isActive);
  const [only] = active;
  return active.length === 1 && only !== undefined && !only.isShared ? only.alias : null;
}
