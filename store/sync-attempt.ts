import { sql } from 'kysely';
import type { Transaction } from './database.ts';

export type Attempt = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly reason: string };

/**
 * Runs `work` for one record of a page, so that its failure undoes what was done for this record and nothing else.
 *
 * A failure that does not come from the record (the database goes away, a deadlock, no memory) is thrown: the whole page is repeated.
 */
export async function attempt(trx: Transaction, work: () => Promise<void>): Promise<Attempt> {
  await sql`savepoint one_record`.execute(trx);
  try {
    await work();
    await sql`release savepoint one_record`.execute(trx);
    return { kind: 'done' };
  } catch (error) {
    if (isPassing(error)) throw error;
    await sql`rollback to savepoint one_record`.execute(trx);
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

/** Connection, transaction rollback, resources, operator intervention, system errors. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const PASSING_CLASSES: ReadonlySet<string> = new Set(['08', '25', '40', '53', '55', '57', '58', 'XX']);

/** True for a failure that says nothing about the record that was at hand: the same work may succeed later. */
export function isPassing(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (typeof code === 'string') return PASSING_CLASSES.has(code.slice(0, 2)) || /^E[A-Z]+$/.test(code);
  return error instanceof Error && /connection (terminated|timeout)|client has encountered a connection error/i.test(error.message);
}

const REASON_LENGTH = 300;

export function reasonOf(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : 'without a reason').slice(0, REASON_LENGTH);
}
