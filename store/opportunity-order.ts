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

/** Those of the registrations whose order is not wanted any more: they are not approved, or are linked to an opportunity. */
export async function findVoidOrders(trx: Transaction, connection: string, registrationIds: readonly string[]): Promise<readonly string[]> {
  if (registrationIds.length === 0) return [];
  const rows = await trx
    .selectFrom('opportunity_order as ordered')
    .innerJoin('registration', 'registration.id', 'ordered.registration_id')
    .leftJoin('registration_place as place', (join) =>
      join.onRef('place.registration_id', '=', 'ordered.registration_id').onRef('place.connection', '=', 'ordered.connection'),
    )
    .select('ordered.registration_id')
    .where('ordered.connection', '=', connection)
    .where('ordered.registration_id', 'in', [...registrationIds])
    .where((where) => where.or([where('registration.status', '!=', 'approved'), where('place.opportunity', 'is not', null)]))
    .orderBy('ordered.registration_id')
    .execute();
  return rows.map((row) => row.registration_id);
}

/** Those of the registrations that are approved and have neither an opportunity nor an order in that CRM, and for which none was ever made there. */
export async function findUnconverted(
  trx: Transaction,
  connection: string,
  registrationIds: readonly string[],
): Promise<readonly string[]> {
  if (registrationIds.length === 0) return [];
  const rows = await trx
    .selectFrom('registration')
    .select('id')
    .where('id', 'in', [...registrationIds])
    .where('status', '=', 'approved')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('registration_place as place')
            .select('place.registration_id')
            .whereRef('place.registration_id', '=', 'registration.id')
            .where('place.opportunity', 'is not', null),
        ),
      ),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('opportunity_order as ordered')
            .select('ordered.registration_id')
            .whereRef('ordered.registration_id', '=', 'registration.id'),
        ),
      ),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('link')
            .select('link.local_id')
            .where('link.connection', '=', connection)
            .where('link.object_type', '=', 'opportunity')
            .whereRef('link.local_id', '=', 'registration.id'),
        ),
      ),
    )
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}
