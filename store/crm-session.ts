import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Whose session it is. */
export interface SessionPlace {
  readonly connection: string;
  readonly credentials: string;
}

/** Longer than a call to a CRM may take, so that whoever waits is served before it gives up. */
const LONGEST_WAIT_MS = 45_000;

/**
 * Runs `work` while no other process does so for the same session, in one transaction; what it gave to `keep` last is committed with it. A process that
 * dies lets go of its lock with its connection. Throws what `work` throws, and PostgreSQL's 55P03 when the others take longer than 45 seconds.
 */
export function withCrmSession<Result>(
  db: Database,
  { connection, credentials }: SessionPlace,
  work: (kept: string | null, keep: (sealed: string) => void) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async (trx) => {
    await sql`select set_config('lock_timeout', ${String(LONGEST_WAIT_MS)}, true)`.execute(trx);
    await sql`select pg_advisory_xact_lock(hashtextextended(${`crm_session/${connection}/${credentials}`}, 0))`.execute(trx);
    const row = await trx
      .selectFrom('crm_session')
      .select('sealed')
      .where('connection', '=', connection)
      .where('credentials', '=', credentials)
      .executeTakeFirst();
    const kept: { sealed: string | null } = { sealed: null };
    const result = await work(row?.sealed ?? null, (sealed) => {
      kept.sealed = sealed;
    });
    if (kept.sealed !== null) {
      const content = { sealed: kept.sealed, kept_at: sql<string>`now()` };
      await trx
        .insertInto('crm_session')
        .values({ connection, credentials, ...content })
        .onConflict((conflict) => conflict.columns(['connection', 'credentials']).doUpdateSet(content))
        .execute();
    }
    return result;
  });
}
