import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** An opportunity that is to be made for an approved registration. */
export interface OpportunityOrder {
  readonly registrationId: string;
  readonly connection: string;
  readonly askedAt: Instant;
  readonly askedBy: string;
}

/** One registration asks for one opportunity in a CRM, however often that is said. */
export async function orderOpportunity(trx: Transaction, order: OpportunityOrder): Promise<void> {
  await trx
    .insertInto('opportunity_order')
    .values({ registration_id: order.registrationId, connection: order.connection, asked_at: order.askedAt, asked_by: order.askedBy })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function readOrders(
  db: Database | Transaction,
  registrationIds: readonly string[],
  connection: string | null = null,
): Promise<readonly OpportunityOrder[]> {
  if (registrationIds.length === 0) return [];
  let query = db
    .selectFrom('opportunity_order')
    .selectAll()
    .where('registration_id', 'in', [...registrationIds])
    .orderBy('registration_id');
  if (connection !== null) query = query.where('connection', '=', connection);
  return (await query.execute()).map((row) => ({
    registrationId: row.registration_id,
    connection: row.connection,
    askedAt: row.asked_at,
    askedBy: row.asked_by,
  }));
}

/** It was made, or is not wanted any more. */
export async function closeOrders(trx: Transaction, connection: string, registrationIds: readonly string[]): Promise<void> {
  if (registrationIds.length === 0) return;
  await trx
    .deleteFrom('opportunity_order')
    .where('connection', '=', connection)
    .where('registration_id', 'in', [...registrationIds])
    .execute();
}
