import { sql } from 'kysely';
import type { ObjectType } from '../program/vocabulary.ts';
import type { Database } from './database.ts';

export interface SyncTurn {
  /** Throws when the session that holds the turn is gone: another worker may have taken it, so nothing may be written to the CRM any more. */
  confirm(): Promise<void>;
}

/** The lock was not to be had in time. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Runs `work` unless another worker moves the same object type of the same connection: then null, when that lasts longer than `patienceMs`. Who waits is served in
 * turn, so that neither a backfill keeps live edits waiting, nor they a backfill.
 *
 * A page or a batch that the server gave up on may still be running somewhere; two at once could each write what the other one has just replaced.
 * The lock belongs to a database session, so it ends with the process that holds it; and with the session alone, when the database restarts.
 */
export async function inSyncTurn<T>(
  db: Database,
  connection: string,
  objectType: ObjectType,
  patienceMs: number,
  work: (turn: SyncTurn) => Promise<T>,
): Promise<T | null> {
  const key = `sync/${connection}/${objectType}`;
  return db.connection().execute(async (session) => {
    if (!(await takeLock(session, key, patienceMs))) return null;
    try {
      return await work({ confirm: async () => void (await sql`select 1`.execute(session)) });
    } finally {
      await sql`select pg_advisory_unlock(hashtextextended(${key}, 0))`.execute(session);
    }
  });
}

async function takeLock(session: Database, key: string, patienceMs: number): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_lock(hashtextextended(${key}, 0)) as taken`.execute(session);
  if (rows[0]?.taken === true || patienceMs <= 0) return rows[0]?.taken === true;
  await sql`select set_config('lock_timeout', ${String(patienceMs)}, false)`.execute(session);
  try {
    await sql`select pg_advisory_lock(hashtextextended(${key}, 0))`.execute(session);
    return true;
  } catch (error) {
    if ((error as { readonly code?: string }).code === LOCK_NOT_AVAILABLE) return false;
    throw error;
  } finally {
    await sql`select set_config('lock_timeout', '0', false)`.execute(session);
  }
}
