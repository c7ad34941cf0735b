import { sql } from 'kysely';
import type { Instant, RegistrationStatus } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import { PUSH_CHANNEL } from './outbox.ts';

/** One registration's link to an opportunity of a CRM. */
export interface OpportunityLink {
  readonly registrationId: string;
  readonly connection: string;
  readonly opportunity: string;
  readonly isPrimary: boolean;
  readonly linkedAt: Instant;
  readonly linkedBy: string;
  /** As in `KnownPlace`. */
  readonly commandedAt: Instant | null;
}

/**
 * Holds the opportunities until the transaction ends, so that no two registrations become the primary of one at once: beneath it the unique index on primaries is
 * the last guard. Locks are taken in sorted order. Call it after the registration is locked and before any place is written.
 */
export async function lockOpportunities(trx: Transaction, connection: string, opportunityIds: readonly string[]): Promise<void> {
  if (opportunityIds.length === 0) return;
  const names = [...new Set(opportunityIds)].map((id) => `opportunity:${connection}/${id}`).toSorted();
  await sql`select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest(${names}::text[]) as name`.execute(trx);
}

export interface LinkedRegistration {
  readonly registrationId: string;
  readonly partnerId: string;
  readonly programVersion: string;
  readonly status: RegistrationStatus;
  readonly isPrimary: boolean;
}

/** The registrations that are linked to an opportunity, in the order in which they were; those of which nobody knows when come first, by their receipt. */
export async function readLinkedRegistrations(
  db: Database | Transaction,
  connection: string,
  opportunity: string,
): Promise<readonly LinkedRegistration[]> {
  const rows = await db
    .selectFrom('registration_place as place')
    .innerJoin('registration', 'registration.id', 'place.registration_id')
    .select(['place.registration_id', 'registration.partner_id', 'registration.program_version', 'registration.status', 'place.is_primary'])
    .where('place.connection', '=', connection)
    .where('place.opportunity', '=', opportunity)
    .orderBy('place.linked_at', (order) => order.asc().nullsFirst())
    .orderBy('registration.sequence')
    .execute();
  return rows.map((row) => ({
    registrationId: row.registration_id,
    partnerId: row.partner_id,
    programVersion: row.program_version,
    status: row.status as RegistrationStatus,
    isPrimary: row.is_primary,
  }));
}

/** Stores a link; the account at which the registration is placed stays. Amount and account of the opportunity are measured from now on. */
export async function saveOpportunityLink(trx: Transaction, link: OpportunityLink): Promise<void> {
  const { registrationId, connection, opportunity } = link;
  const values = {
    opportunity,
    is_primary: link.isPrimary,
    linked_at: link.linkedAt,
    linked_by: link.linkedBy,
    commanded_at: link.commandedAt,
    measured_at: null,
    linked_amount: null,
    linked_account: null,
  };
  await trx
    .insertInto('registration_place')
    .values({ registration_id: registrationId, connection, customer_account: null, ...values })
    .onConflict((conflict) => conflict.columns(['registration_id', 'connection']).doUpdateSet(values))
    .execute();
  await measureLinks(trx, connection, [opportunity], link.linkedAt);
}

/** Takes the link away. `commandedAt`: the record in the CRM is to be told. */
export async function removeOpportunityLink(
  trx: Transaction,
  registrationId: string,
  connection: string,
  commandedAt: Instant | null,
): Promise<void> {
  await trx
    .updateTable('registration_place')
    .set({
      opportunity: null,
      is_primary: false,
      linked_at: null,
      linked_by: null,
      commanded_at: commandedAt,
      measured_at: null,
      linked_amount: null,
      linked_account: null,
    })
    .where('registration_id', '=', registrationId)
    .where('connection', '=', connection)
    .execute();
}

export async function setPrimary(trx: Transaction, registrationId: string, connection: string, isPrimary: boolean): Promise<void> {
  await trx
    .updateTable('registration_place')
    .set({ is_primary: isPrimary })
    .where('registration_id', '=', registrationId)
    .where('connection', '=', connection)
    .execute();
}

/** Keeps what these opportunities are now as the measure of their links, where there is none yet: one may be linked before it was captured. */
export async function measureLinks(trx: Transaction, connection: string, opportunityIds: readonly string[], at: Instant): Promise<void> {
  if (opportunityIds.length === 0) return;
  await sql`
    update registration_place as place
    set linked_amount = opportunity.amount, linked_account = opportunity.account_remote_id, measured_at = ${at}
    from crm_opportunity as opportunity
    where opportunity.connection = place.connection and opportunity.remote_id = place.opportunity and not opportunity.deleted
      and place.connection = ${connection} and place.opportunity = any(${[...opportunityIds]}::text[]) and place.measured_at is null`.execute(
    trx,
  );
}

/** What the registration's opportunities are now is what later changes are measured by: it was approved, or people accepted what it has become. */
export async function measureLinksAnew(trx: Transaction, registrationId: string, at: Instant): Promise<void> {
  await sql`
    update registration_place as place
    set linked_amount = opportunity.amount, linked_account = opportunity.account_remote_id, measured_at = ${at}
    from crm_opportunity as opportunity
    where opportunity.connection = place.connection and opportunity.remote_id = place.opportunity and not opportunity.deleted
      and place.registration_id = ${registrationId}`.execute(trx);
}

/** The CRM has these links now: they were written, or were found there. One that was commanded anew meanwhile stays to be written. */
export async function forgetCommanded(
  trx: Transaction,
  connection: string,
  links: readonly { readonly registrationId: string; readonly opportunity: string | null }[],
): Promise<void> {
  if (links.length === 0) return;
  const known = JSON.stringify(links.map(({ registrationId, opportunity }) => ({ registration_id: registrationId, opportunity })));
  await sql`
    update registration_place as place set commanded_at = null
    from jsonb_to_recordset(${known}::jsonb) as known(registration_id uuid, opportunity text)
    where place.connection = ${connection} and place.registration_id = known.registration_id
      and place.opportunity is not distinct from known.opportunity`.execute(trx);
}

/** The record in the CRM is to be told of the link (again): it was made anew, or says something else. */
export async function commandLink(trx: Transaction, registrationId: string, connection: string, at: Instant): Promise<void> {
  await trx
    .updateTable('registration_place')
    .set({ commanded_at: at })
    .where('registration_id', '=', registrationId)
    .where('connection', '=', connection)
    .execute();
}

/** The registrations that are the primaries of these opportunities, by opportunity. */
export async function readPrimaries(
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
    .where('is_primary', '=', true)
    .execute();
  return new Map(rows.map((row) => [row.opportunity ?? '', row.registration_id]));
}

/** Opportunities of which one of these registrations is the primary. */
export async function readPrimaryOpportunities(
  trx: Transaction,
  connection: string,
  registrationIds: readonly string[],
): Promise<readonly string[]> {
  if (registrationIds.length === 0) return [];
  const rows = await trx
    .selectFrom('registration_place')
    .select('opportunity')
    .where('connection', '=', connection)
    .where('registration_id', 'in', [...registrationIds])
    .where('is_primary', '=', true)
    .orderBy('opportunity')
    .execute();
  return rows.map((row) => row.opportunity ?? '');
}

/**
 * Marks opportunities whose primary changed, so that sync writes it on them. An opportunity that we did not make gets a record of ours under an id that anyone can
 * derive again from the CRM's.
 */
export async function queuePrimaries(trx: Transaction, connection: string, opportunityIds: readonly string[]): Promise<void> {
  if (opportunityIds.length === 0) return;
  const ids = [...new Set(opportunityIds)].toSorted();
  await sql`
    insert into link (connection, object_type, local_id, remote_id, base, remote_stamp, linked_at)
    select ${connection}, 'opportunity', md5(${connection} || '/' || id)::uuid, id, '{}', null, now() from unnest(${ids}::text[]) as id
    on conflict (connection, object_type, remote_id) do nothing`.execute(trx);
  await sql`
    insert into push_queue (connection, object_type, local_id, not_before, queued_at)
    select connection, object_type, local_id, now(), now() from link
    where connection = ${connection} and object_type = 'opportunity' and remote_id = any(${ids}::text[]) order by local_id
    on conflict (connection, object_type, local_id) do update set version = nextval('push_version'), not_before = now(), attempts = 0`.execute(
    trx,
  );
  await sql`select pg_notify(${PUSH_CHANNEL}, ${`${connection}/opportunity`})`.execute(trx);
}

/** The links of these registrations, for showing them: one a connection. */
export async function readOpportunityLinks(
  db: Database | Transaction,
  registrationIds: readonly string[],
): Promise<
  readonly (Omit<OpportunityLink, 'linkedAt' | 'linkedBy'> & { readonly linkedAt: Instant | null; readonly linkedBy: string | null })[]
> {
  if (registrationIds.length === 0) return [];
  const rows = await db
    .selectFrom('registration_place')
    .selectAll()
    .where('registration_id', 'in', [...registrationIds])
    .where('opportunity', 'is not', null)
    .orderBy('connection')
    .execute();
  return rows.map((row) => ({
    registrationId: row.registration_id,
    connection: row.connection,
    opportunity: row.opportunity ?? '',
    isPrimary: row.is_primary,
    linkedAt: row.linked_at,
    linkedBy: row.linked_by,
    commandedAt: row.commanded_at,
  }));
}
