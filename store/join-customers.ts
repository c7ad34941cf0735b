import { sql } from 'kysely';
import type { Instant } from '../program/vocabulary.ts';
import { recordAudit } from './audit.ts';
import type { Transaction } from './database.ts';
import { endOverdueProtections } from './protection.ts';

/** A line that two registrations of what turned out to be one customer hold: both keep what they have. */
export interface ContestedLine {
  readonly productLine: string;
  readonly registrationIds: readonly string[];
}

/**
 * Makes one customer of several that turned out to be the same, and returns the one that stays: the one with the most running protections, among equals the oldest.
 *
 * Keys, registrations, protections and cases of the others point to it afterwards. Where both hold a line, the index allows one protection of it: the other one
 * stays with the customer it was given for, and is answered as contested. Call it under the locks of all their keys.
 */
export async function joinCustomers(
  trx: Transaction,
  customerIds: readonly string[],
  now: Instant,
): Promise<{ readonly customerId: string; readonly contested: readonly ContestedLine[] }> {
  await endOverdueProtections(trx, customerIds, now);
  const survivor = await pickSurvivor(trx, customerIds);
  const others = customerIds.filter((id) => id !== survivor);
  const contested = await readContestedLines(trx, survivor, others);
  await trx.updateTable('customer_key').set({ customer_id: survivor }).where('customer_id', 'in', others).execute();
  // In the order in which sync locks them.
  await trx.selectFrom('registration').select('id').where('customer_id', 'in', others).orderBy('id').forUpdate().execute();
  await trx.updateTable('registration').set({ customer_id: survivor }).where('customer_id', 'in', others).execute();
  await trx.updateTable('conflict_case').set({ customer_id: survivor }).where('customer_id', 'in', others).execute();
  await repointProtections(trx, survivor, others);
  const subject = `customer/${survivor}`;
  await recordAudit(trx, { subject, kind: 'customers_joined', actor: 'program', details: { joined: others }, at: now });
  if (contested.length > 0) {
    await recordAudit(trx, { subject, kind: 'customers_not_joined', actor: 'program', details: { joined: others, contested }, at: now });
  }
  return { customerId: survivor, contested };
}

async function pickSurvivor(trx: Transaction, customerIds: readonly string[]): Promise<string> {
  const { id } = await trx
    .selectFrom('customer')
    .leftJoin('protection', (join) => join.onRef('protection.customer_id', '=', 'customer.id').on('protection.ended_at', 'is', null))
    .select('customer.id')
    .where('customer.id', 'in', [...customerIds])
    .groupBy(['customer.id', 'customer.created_at'])
    .orderBy((order) => order.fn.count('protection.id'), 'desc')
    .orderBy('customer.created_at')
    .orderBy('customer.id')
    .limit(1)
    .executeTakeFirstOrThrow();
  return id;
}

/** The lines that more than one of the customers has protected now, with who holds them. */
async function readContestedLines(trx: Transaction, survivor: string, others: readonly string[]): Promise<readonly ContestedLine[]> {
  const rows = await trx
    .selectFrom('protection')
    .select(['product_line', sql<string[]>`array_agg(registration_id order by id)`.as('holders')])
    .where('customer_id', 'in', [survivor, ...others])
    .where('ended_at', 'is', null)
    .groupBy('product_line')
    .having((having) => having.fn.countAll(), '>', 1)
    .orderBy('product_line')
    .execute();
  return rows.map((row) => ({ productLine: row.product_line, registrationIds: row.holders }));
}

/** The one that was given first moves where several of the others hold a line; none moves to a line that the survivor holds. What has ended moves as it is. */
async function repointProtections(trx: Transaction, survivor: string, others: readonly string[]): Promise<void> {
  const moves = sql<boolean>`(protection.ended_at is not null or not exists (
    select from protection as held
    where held.ended_at is null and held.product_line = protection.product_line
      and (held.customer_id = ${survivor} or (held.customer_id = any(${[...others]}::uuid[]) and held.id < protection.id))))`;
  await trx.updateTable('protection').set({ customer_id: survivor }).where('customer_id', 'in', others).where(moves).execute();
}
