import { sql } from 'kysely';
import type { ObjectType } from '../program/vocabulary.ts';
import type { Database } from './database.ts';

/**
 * Runs `work` unless another worker moves the same object type of the same connection right now: then null, at once.
 *
 * A page or a batch that the server gave up on may still be running somewhere; two at once could each write what the other one has just replaced.
 * The lock belongs to a database session, so it ends with the process that holds it.
 */
export async function inSyncTurn<T>(db: Database, connection: string, objectType: ObjectType, work: () => Promise<T>): Promise<T | null> {
  const key = `sync/${connection}/${objectType}`;
  return db.connection().execute(async (session) => {
    const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_lock(hashtextextended(${key}, 0)) as taken`.execute(session);
    if (rows[0]?.taken !== true) return null;
    try {
      return await work();
    } finally {
      await sql`select pg_advisory_unlock(hashtextextended(${key}, 0))`.execute(session);
    }
  });
}
