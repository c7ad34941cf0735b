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

/** A place as it is stored: who linked the opportunity, when, and whether the registration is its primary. */
export interface KnownPlace extends Place {
  readonly isPrimary: boolean;
  /** Null: it was linked before that was kept, or is not linked. */
  readonly linkedAt: Instant | null;
  readonly linkedBy: string | null;
  /** Since when a command's link is to be written to the record in the CRM; null where the CRM has it, or set it itself. */
  readonly commandedAt: Instant | null;
}

export async function readPlaces(
  db: Database | Transaction,
  connection: string,
  registrationIds: readonly string[],
): Promise<ReadonlyMap<string, KnownPlace>> {
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
        isPrimary: row.is_primary,
        linkedAt: row.linked_at,
        linkedBy: row.linked_by,
        commandedAt: row.commanded_at,
      },
    ]),
  );
}

/** Where the registration stands in every CRM. */
export async function readPlacesOf(trx: Transaction, registrationId: string): Promise<readonly Place[]> {
  const rows = await trx
    .selectFrom('registration_place')
    .select(['registration_id', 'connection', 'customer_account', 'opportunity'])
    .where('registration_id', '=', registrationId)
    .orderBy('connection')
    .execute();
  return rows.map((row) => ({
    registrationId: row.registration_id,
    connection: row.connection,
    customerAccount: row.customer_account,
    opportunity: row.opportunity,
  }));
}

/** Stores where a registration stands. What was known of the link to another opportunity does not hold of this one. */
export async function savePlace(trx: Transaction, place: Place): Promise<void> {
  const values = { customer_account: place.customerAccount, opportunity: place.opportunity };
  const isSame = sql`registration_place.opportunity is not distinct from excluded.opportunity`;
  const kept = <T>(column: string) => sql<T>`case when ${isSame} then ${sql.ref(`registration_place.${column}`)} end`;
  await trx
    .insertInto('registration_place')
    .values({ registration_id: place.registrationId, connection: place.connection, ...values })
    .onConflict((conflict) =>
      conflict.columns(['registration_id', 'connection']).doUpdateSet({
        ...values,
        is_primary: sql<boolean>`${isSame} and registration_place.is_primary`,
        linked_at: kept<string | null>('linked_at'),
        linked_by: kept<string | null>('linked_by'),
        commanded_at: kept<string | null>('commanded_at'),
        measured_at: kept<string | null>('measured_at'),
        linked_amount: kept<string | null>('linked_amount'),
        linked_account: kept<string | null>('linked_account'),
      }),
    )
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

/**
 * Which of these opportunities are a partner's: linked to a registration that was approved, or the very record of one that is undecided or was approved, where
 * registrations are kept as opportunities. A link alone, which any rep may set, decides nothing.
 */
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
  const records = await db
    .selectFrom('link')
    .innerJoin('registration', 'registration.id', 'link.local_id')
    .select('link.remote_id')
    .where('link.connection', '=', connection)
    .where('link.object_type', '=', 'registration')
    .where('link.remote_id', 'in', [...opportunityIds])
    .where('registration.status', 'in', ['submitted', 'in_review', 'returned', 'approved', 'won'])
    .execute();
  return new Set([...rows.map((row) => row.opportunity ?? ''), ...records.map((row) => row.remote_id)]);
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

/** An approved registration that is linked to an opportunity which was closed, and how that ended. */
export interface OpportunityOutcome {
  readonly opportunity: string;
  readonly kind: 'won' | 'lost';
  readonly stamp: Instant;
  /** The alias of the user who owns it, or null where the mirror does not know. */
  readonly owner: string | null;
  readonly registrationId: string;
  readonly approvedAt: Instant;
  readonly linkedAt: Instant | null;
}

/** How those of the opportunities ended that are closed, by the approved registrations that are linked to them. Open and deleted ones are left out. */
export async function readOpportunityOutcomes(
  trx: Transaction,
  connection: string,
  opportunityIds: readonly string[],
): Promise<readonly OpportunityOutcome[]> {
  if (opportunityIds.length === 0) return [];
  const rows = await trx
    .selectFrom('registration_place as place')
    .innerJoin('registration', 'registration.id', 'place.registration_id')
    .innerJoin('crm_opportunity as opportunity', (join) =>
      join.onRef('opportunity.connection', '=', 'place.connection').onRef('opportunity.remote_id', '=', 'place.opportunity'),
    )
    .leftJoin('crm_user as owner', (join) =>
      join.onRef('owner.connection', '=', 'opportunity.connection').onRef('owner.remote_id', '=', 'opportunity.owner_remote_id'),
    )
    .select(['opportunity.remote_id', 'opportunity.is_won', 'opportunity.stamp', 'owner.alias'])
    .select(['place.registration_id', 'place.linked_at', 'registration.state'])
    .where('place.connection', '=', connection)
    .where('place.opportunity', 'in', [...opportunityIds])
    .where('registration.status', '=', 'approved')
    .where('opportunity.deleted', '=', false)
    .where('opportunity.is_closed', '=', true)
    .orderBy('opportunity.remote_id')
    .orderBy('registration.sequence')
    .execute();
  return rows.map((row) => ({
    opportunity: row.remote_id,
    kind: row.is_won ? 'won' : 'lost',
    stamp: row.stamp,
    owner: row.alias,
    registrationId: row.registration_id,
    approvedAt: row.state.decision?.at ?? '',
    linkedAt: row.linked_at,
  }));
}
