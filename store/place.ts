import { sql } from 'kysely';
import type { RegistrationState } from '../program/registration-life.ts';
import type { Instant } from '../program/vocabulary.ts';
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

/** Points the registration to no account any more, in any CRM: it is a claim on another customer now. */
export async function clearCustomerAccounts(trx: Transaction, registrationId: string): Promise<void> {
  await trx.updateTable('registration_place').set({ customer_account: null }).where('registration_id', '=', registrationId).execute();
}

/** The opportunities that reps linked to the registration, at most one in each CRM. */
export async function readOpportunitiesOf(
  trx: Transaction,
  registrationId: string,
): Promise<readonly { readonly connection: string; readonly opportunity: string }[]> {
  const rows = await trx
    .selectFrom('registration_place')
    .select(['connection', 'opportunity'])
    .where('registration_id', '=', registrationId)
    .where('opportunity', 'is not', null)
    .orderBy('connection')
    .execute();
  return rows.map(({ connection, opportunity }) => ({ connection, opportunity: opportunity ?? '' }));
}

/** Which of these opportunities are a partner's: linked to a registration that was approved. A link alone, which any rep may set, decides nothing. */
export async function readPartnerOpportunities(
  db: Database | Transaction,
  connection: string,
  opportunityIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (opportunityIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('registration_place')
    .innerJoin('registration', 'registration.id', 'registration_place.registration_id')
    .select('opportunity')
    .where('connection', '=', connection)
    .where('opportunity', 'in', [...opportunityIds])
    .where('registration.status', 'in', ['approved', 'won'])
    .execute();
  return new Set(rows.map((row) => row.opportunity ?? ''));
}

/** The aliases of those who own an opportunity that is linked to one of these registrations. */
export async function readLinkedOwners(trx: Transaction, registrationIds: readonly string[]): Promise<readonly string[]> {
  if (registrationIds.length === 0) return [];
  const rows = await trx
    .selectFrom('registration_place as place')
    .innerJoin('crm_opportunity as opportunity', (join) =>
      join.onRef('opportunity.connection', '=', 'place.connection').onRef('opportunity.remote_id', '=', 'place.opportunity'),
    )
    .innerJoin('crm_user as owner', (join) =>
      join.onRef('owner.connection', '=', 'opportunity.connection').onRef('owner.remote_id', '=', 'opportunity.owner_remote_id'),
    )
    .select('owner.alias')
    .where('place.registration_id', 'in', [...registrationIds])
    .execute();
  return rows.map(({ alias }) => alias);
}

/** When an opportunity that is linked to the registration was last worked on, in any CRM; null where none is linked. */
export async function readLatestActivity(trx: Transaction, registrationId: string): Promise<Instant | null> {
  const row = await trx
    .selectFrom('registration_place as place')
    .innerJoin('crm_opportunity as opportunity', (join) =>
      join.onRef('opportunity.connection', '=', 'place.connection').onRef('opportunity.remote_id', '=', 'place.opportunity'),
    )
    .select('opportunity.last_activity_at')
    .where('place.registration_id', '=', registrationId)
    .where('opportunity.deleted', '=', false)
    .orderBy('opportunity.last_activity_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.last_activity_at ?? null;
}

/** Approved registrations that are about to be closed with one of these opportunities, although it is open (again). */
export async function findClosingWith(
  trx: Transaction,
  connection: string,
  opportunityIds: readonly string[],
): Promise<readonly { readonly registrationId: string; readonly state: RegistrationState }[]> {
  if (opportunityIds.length === 0) return [];
  const rows = await trx
    .selectFrom('registration_place as place')
    .innerJoin('registration', 'registration.id', 'place.registration_id')
    .select(['place.registration_id', 'registration.state'])
    .where('place.connection', '=', connection)
    .where('place.opportunity', 'in', [...opportunityIds])
    .where('registration.status', '=', 'approved')
    .where(sql<boolean>`jsonb_typeof(state -> 'closing') = 'object'`)
    .execute();
  return rows.map(({ registration_id, state }) => ({ registrationId: registration_id, state }));
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

/** How a closed opportunity ended, and the approved registrations that are linked to it, with the time of the approval; null while it is open or unknown. */
export async function readOpportunityOutcome(
  trx: Transaction,
  connection: string,
  opportunityId: string,
): Promise<{
  readonly kind: 'won' | 'lost';
  readonly stamp: string;
  readonly owner: string | null;
  readonly registrations: readonly { readonly registrationId: string; readonly approvedAt: Instant }[];
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
    .select(['registration_id', 'registration.state'])
    .where('connection', '=', connection)
    .where('opportunity', '=', opportunityId)
    .where('registration.status', '=', 'approved')
    .execute();
  const owner = await readOpportunityOwner(trx, connection, opportunityId);
  return {
    kind: row.is_won ? 'won' : 'lost',
    stamp: row.stamp,
    owner,
    registrations: linked.map(({ registration_id, state }) => ({ registrationId: registration_id, approvedAt: state.decision?.at ?? '' })),
  };
}
