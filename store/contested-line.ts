import { sql } from 'kysely';
import type { Instant } from '../program/vocabulary.ts';
import type { Transaction } from './database.ts';
import type { ContestedLine } from './join-customers.ts';

/**
 * Lines of the customer that more than one of its registrations holds at `now`, which only a join of customers brings about, and about which there was no case of
 * `rule` between them yet. Registrations come in the order of receipt.
 */
export async function findContestedLines(
  trx: Transaction,
  customerId: string,
  rule: string,
  now: Instant,
): Promise<readonly ContestedLine[]> {
  const rows = await trx
    .selectFrom('protection')
    .innerJoin('registration', 'registration.id', 'protection.registration_id')
    .select(['product_line', sql<string[]>`array_agg(registration.id::text order by registration.sequence)`.as('holders')])
    .where('registration.customer_id', '=', customerId)
    .where('protection.ended_at', 'is', null)
    .where('protection.until_at', '>', now)
    .groupBy('product_line')
    .having((having) => having.fn.countAll(), '>', 1)
    .orderBy('product_line')
    .execute();
  const contested: ContestedLine[] = [];
  for (const { product_line: productLine, holders } of rows) {
    const between = await trx
      .selectFrom('conflict_case_registration as member')
      .innerJoin('conflict_case', 'conflict_case.id', 'member.case_id')
      .select('member.case_id')
      .where('member.registration_id', 'in', holders)
      .where('conflict_case.rule', '=', rule)
      .where('conflict_case.product_line', '=', productLine)
      .groupBy('member.case_id')
      .having((having) => having.fn.countAll(), '=', holders.length)
      .executeTakeFirst();
    if (between === undefined) contested.push({ productLine, registrationIds: holders });
  }
  return contested;
}
