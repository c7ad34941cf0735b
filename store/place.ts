import type { Database, Transaction } from './database.ts';

/** Where a registration stands in one CRM: the customer's account and the opportunity that a rep linked. */
export interface Place {
  readonly registrationId: string;
  readonly connection: string;
  readonly customerAccount: string | null;
  readonly opportunity: string | null;
}

export async function readPlaces(
  db: Database | Transaction,
  connection: string,
  registrationIds: readonly string[],
): Promise<ReadonlyMap<string, Place>> {
  if (registrationIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('registration_place')
    .selectAll()
    .where('connection', '=', connection)
    .where('registration_id', 'in', [...registrationIds])
    .execute();
  return new Map(
    rows.map((row) => [
      row.registration_id,
      {
        registrationId: row.registration_id,
        connection: row.connection,
        customerAccount: row.customer_account,
        opportunity: row.opportunity,
      },
    ]),
  );
}

export async function savePlace(trx: Transaction, place: Place): Promise<void> {
  const values = { customer_account: place.customerAccount, opportunity: place.opportunity };
  await trx
    .insertInto('registration_place')
    .values({ registration_id: place.registrationId, connection: place.connection, ...values })
    .onConflict((conflict) => conflict.columns(['registration_id', 'connection']).doUpdateSet(values))
    .execute();
}

/** Which of these opportunities a registration is linked to. */
export async function readLinkedOpportunities(
  db: Database | Transaction,
  connection: string,
  opportunityIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (opportunityIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('registration_place')
    .select(['opportunity', 'registration_id'])
    .where('connection', '=', connection)
    .where('opportunity', 'in', [...opportunityIds])
    .execute();
  return new Map(rows.map((row) => [row.opportunity ?? '', row.registration_id]));
}

/** The alias of the user who owns the opportunity, or null where the mirror does not know. */
export async function readOpportunityOwner(db: Database | Transaction, connection: string, opportunityId: string): Promise<string | null> {
  const row = await db
    .selectFrom('crm_opportunity')
    .innerJoin('crm_user', (join) =>
      join
        .onRef('crm_user.connection', '=', 'crm_opportunity.connection')
        .onRef('crm_user.remote_id', '=', 'crm_opportunity.owner_remote_id'),
    )
    .select('crm_user.alias')
    .where('crm_opportunity.connection', '=', connection)
    .where('crm_opportunity.remote_id', '=', opportunityId)
    .executeTakeFirst();
  return row?.alias ?? null;
}

/** How a closed opportunity ended, and the approved registrations that are linked to it; null while it is open or unknown. */
export async function readOpportunityOutcome(
  trx: Transaction,
  connection: string,
  opportunityId: string,
): Promise<{
  readonly kind: 'won' | 'lost';
  readonly stamp: string;
  readonly owner: string | null;
  readonly registrationIds: readonly string[];
} | null> {
  const row = await trx
    .selectFrom('crm_opportunity')
    .select(['is_closed', 'is_won', 'stamp'])
    .where('connection', '=', connection)
    .where('remote_id', '=', opportunityId)
    .where('deleted', '=', false)
    .executeTakeFirst();
  if (row === undefined || !row.is_closed) return null;
  const linked = await trx
    .selectFrom('registration_place')
    .innerJoin('registration', 'registration.id', 'registration_place.registration_id')
    .select('registration_id')
    .where('connection', '=', connection)
    .where('opportunity', '=', opportunityId)
    .where('registration.status', '=', 'approved')
    .execute();
  const owner = await readOpportunityOwner(trx, connection, opportunityId);
  return {
    kind: row.is_won ? 'won' : 'lost',
    stamp: row.stamp,
    owner,
    registrationIds: linked.map(({ registration_id }) => registration_id),
  };
}
