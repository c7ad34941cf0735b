import type { Transaction } from './database.ts';

/** Remembers the opportunity that the registration was linked to until it was deleted in the CRM. */
export async function recordLeft(trx: Transaction, registrationId: string, connection: string, opportunity: string): Promise<void> {
  await trx
    .insertInto('left_opportunity')
    .values({ registration_id: registrationId, connection, opportunity })
    .onConflict((conflict) => conflict.columns(['registration_id', 'connection']).doUpdateSet({ opportunity }))
    .execute();
}

/** Forgets it: the registration is linked again, to that one or to another. */
export async function forgetLeft(trx: Transaction, registrationId: string, connection: string): Promise<void> {
  await trx.deleteFrom('left_opportunity').where('registration_id', '=', registrationId).where('connection', '=', connection).execute();
}

/** Registrations that left one of these opportunities because it was deleted, in the order in which sync locks them. */
export async function findLeft(
  trx: Transaction,
  connection: string,
  opportunityIds: readonly string[],
): Promise<readonly { readonly registrationId: string; readonly opportunity: string }[]> {
  if (opportunityIds.length === 0) return [];
  const rows = await trx
    .selectFrom('left_opportunity')
    .select(['registration_id', 'opportunity'])
    .where('connection', '=', connection)
    .where('opportunity', 'in', [...opportunityIds])
    .orderBy('registration_id')
    .execute();
  return rows.map((row) => ({ registrationId: row.registration_id, opportunity: row.opportunity }));
}
