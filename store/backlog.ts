import { sql } from 'kysely';
import type { Database } from './database.ts';

/** How many registrations have each status; one scan of an index. */
export async function countByStatus(db: Database): Promise<readonly { readonly status: string; readonly count: number }[]> {
  const rows = await db
    .selectFrom('registration')
    .select(['status', sql<string>`count(*)`.as('count')])
    .groupBy('status')
    .execute();
  return rows.map(({ status, count }) => ({ status, count: Number(count) }));
}

export async function countOutbox(db: Database): Promise<number> {
  const row = await db
    .selectFrom('outbox')
    .select(sql<string>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
