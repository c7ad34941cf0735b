import { sql } from 'kysely';
import type { ProtectionWindow } from '../program/registration-life.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/**
 * Gives `registrationId` the protection of the customer on every line, or of none: `held` when another claim holds one of them.
 * `onlyFreeLines`: the claim was let in beside the holder, and is protected on what is left.
 *
 * Call it under the customer's locks. Beneath them the unique index on (customer, line) of protections that have not ended is the last guard:
 * whatever the rules said, a second one cannot be stored, and the transaction fails.
 * Protections whose time is over are ended first, so that they do not stand in the way until their own workflow notices.
 */
export async function grantProtection(
  trx: Transaction,
  registrationId: string,
  customerId: string,
  productLines: readonly string[],
  window: ProtectionWindow,
  onlyFreeLines = false,
): Promise<{ readonly kind: 'granted'; readonly lines: readonly string[] } | { readonly kind: 'held'; readonly by: readonly string[] }> {
  await endOverdueProtections(trx, [customerId], window.from);
  // Who was let in beside others may hold no line at all: there is nothing to look for, and nothing to give.
  if (productLines.length === 0) return { kind: 'granted', lines: [] };
  const held = await trx
    .selectFrom('protection')
    .select(['registration_id', 'product_line'])
    // When customers were joined, a protection of a line that both held stayed with the customer it was given for.
    .where((where) =>
      where.or([
        where('customer_id', '=', customerId),
        // As an array, which an index is asked for; a subquery in a disjunction has every protection looked at.
        sql<boolean>`registration_id = any(array(select id from registration where registration.customer_id = ${customerId}))`,
      ]),
    )
    .where('product_line', 'in', [...productLines])
    .where('ended_at', 'is', null)
    .where('until_at', '>', window.from)
    .execute();
  const others = held.filter((row) => row.registration_id !== registrationId);
  if (others.length > 0 && !onlyFreeLines) return { kind: 'held', by: [...new Set(others.map((row) => row.registration_id))] };
  const taken = new Set(others.map((row) => row.product_line));
  await endProtection(trx, registrationId, window.from);
  const lines = productLines.filter((line) => !taken.has(line));
  // A window that is over before it begins protects nobody.
  if (lines.length === 0 || window.until <= window.from) return { kind: 'granted', lines };
  await trx
    .insertInto('protection')
    .values(
      lines.map((line) => ({
        registration_id: registrationId,
        customer_id: customerId,
        product_line: line,
        starts_at: window.from,
        until_at: window.until,
        ended_at: null,
      })),
    )
    .execute();
  return { kind: 'granted', lines };
}

/** Ends what is over at `now` and was not ended yet, at the instant at which it was over. */
export async function endOverdueProtections(trx: Transaction, customerIds: readonly string[], now: Instant): Promise<void> {
  await trx
    .updateTable('protection')
    .set((set) => ({ ended_at: set.ref('until_at') }))
    .where('customer_id', 'in', [...customerIds])
    .where('ended_at', 'is', null)
    .where('until_at', '<=', now)
    .execute();
}

/** Ends what the registration holds at `at`; what was over before that, at the instant at which it was over. */
export async function endProtection(trx: Transaction, registrationId: string, at: Instant): Promise<void> {
  await trx
    .updateTable('protection')
    .set((set) => ({ ended_at: sql<string>`greatest(least(${at}::timestamptz, ${set.ref('until_at')}), ${set.ref('starts_at')})` }))
    .where('registration_id', '=', registrationId)
    .where('ended_at', 'is', null)
    .execute();
}

/** No end by time: while an extension that suspends it is asked for. */
export const WITHOUT_END: Instant = '9999-12-31T00:00:00.000Z';

export async function moveProtectionEnd(trx: Transaction, registrationId: string, until: Instant): Promise<void> {
  await trx
    .updateTable('protection')
    .set({ until_at: until })
    .where('registration_id', '=', registrationId)
    .where('ended_at', 'is', null)
    .execute();
}

/** The lines that each of these registrations holds at `now`. */
export async function readProtectedLines(
  db: Database | Transaction,
  registrationIds: readonly string[],
  now: Instant,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const lines = new Map<string, string[]>();
  if (registrationIds.length === 0) return lines;
  const rows = await db
    .selectFrom('protection')
    .select(['registration_id', 'product_line'])
    .where('registration_id', 'in', [...registrationIds])
    .where('ended_at', 'is', null)
    .where('until_at', '>', now)
    .execute();
  for (const row of rows) lines.set(row.registration_id, [...(lines.get(row.registration_id) ?? []), row.product_line]);
  return lines;
}
