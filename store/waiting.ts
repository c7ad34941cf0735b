import { sql } from 'kysely';
import type { Instant } from '../program/vocabulary.ts';
import type { Transaction } from './database.ts';

/** Registrations that wait for the decision of `id`. */
export async function findWaitingFor(trx: Transaction, id: string): Promise<readonly string[]> {
  const rows = await trx
    .selectFrom('registration')
    .select('id')
    .where('status', '=', 'in_review')
    .where(sql<boolean>`(state -> 'waitingFor') @> ${JSON.stringify([id])}::jsonb`)
    .orderBy('sequence')
    .execute();
  return rows.map((row) => row.id);
}

/** Denied claims that wait for the end of this one's protection, in the order of receipt. */
export async function findWaitlistedBehind(trx: Transaction, id: string): Promise<readonly string[]> {
  const rows = await trx
    .selectFrom('registration')
    .select('id')
    .where('status', '=', 'denied')
    .where(sql<boolean>`(state -> 'waitlistedBehind') @> ${JSON.stringify([id])}::jsonb`)
    .orderBy('sequence')
    .execute();
  return rows.map((row) => row.id);
}

/** Approved claims whose protection is over at `now` although nobody noticed yet: those of the customer, and those among `ids`. In the order of receipt. */
export async function findOverdueHolders(
  trx: Transaction,
  customerId: string,
  ids: readonly string[],
  now: Instant,
): Promise<readonly string[]> {
  const rows = await trx
    .selectFrom('registration')
    .select('id')
    .where('status', '=', 'approved')
    .where((where) => where.or([where('customer_id', '=', customerId), ...(ids.length > 0 ? [where('id', 'in', [...ids])] : [])]))
    .where(sql<boolean>`(state -> 'protection' ->> 'until')::timestamptz <= ${now}`)
    // An extension that is asked for may suspend the end.
    .where(sql<boolean>`coalesce((state -> 'extension' ->> 'suspendsExpiry')::boolean, false) is false`)
    .orderBy('sequence')
    .execute();
  return rows.map((row) => row.id);
}
