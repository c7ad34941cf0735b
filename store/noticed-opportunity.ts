import { sql } from 'kysely';
import type { CustomerDetails } from '../program/claim.ts';
import type { Instant } from '../program/vocabulary.ts';
import { ACCOUNT_COLUMNS, candidateOf } from './account-evidence.ts';
import type { CustomerKeyValue } from './customer.ts';
import type { Transaction } from './database.ts';

/** What of a mirrored opportunity tells something new when it changes. */
export interface MirroredOpportunity {
  readonly remoteId: string;
  readonly account: string | null;
  readonly amount: string | null;
  readonly isWon: boolean;
  readonly isDeleted: boolean;
  readonly mergedInto: string | null;
  readonly createdAt: Instant;
}

/** The opportunities as the mirror has them, by their ids; those that it does not know are missing. */
export async function readMirroredOpportunities(
  trx: Transaction,
  connection: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, MirroredOpportunity>> {
  if (ids.length === 0) return new Map();
  const rows = await trx
    .selectFrom('crm_opportunity')
    .select(['remote_id', 'account_remote_id', 'amount', 'is_won', 'deleted', 'merged_into', 'created_at'])
    .where('connection', '=', connection)
    .where('remote_id', 'in', [...ids])
    .execute();
  return new Map(
    rows.map((row) => [
      row.remote_id,
      {
        remoteId: row.remote_id,
        account: row.account_remote_id,
        amount: row.amount,
        isWon: row.is_won,
        isDeleted: row.deleted,
        mergedInto: row.merged_into,
        createdAt: row.created_at,
      },
    ]),
  );
}

/** Every registration that is linked to one of these opportunities, in the order in which sync locks them. */
export async function findLinkedTo(
  trx: Transaction,
  connection: string,
  opportunityIds: readonly string[],
  status: 'approved' | null = null,
): Promise<readonly { readonly registrationId: string; readonly programVersion: string; readonly opportunity: string }[]> {
  if (opportunityIds.length === 0) return [];
  let query = trx
    .selectFrom('registration_place as place')
    .innerJoin('registration', 'registration.id', 'place.registration_id')
    .select(['place.registration_id', 'registration.program_version', 'place.opportunity'])
    .where('place.connection', '=', connection)
    .where('place.opportunity', 'in', [...opportunityIds])
    .orderBy('place.registration_id');
  if (status !== null) query = query.where('registration.status', '=', status);
  const rows = await query.execute();
  return rows.map((row) => ({
    registrationId: row.registration_id,
    programVersion: row.program_version,
    opportunity: row.opportunity ?? '',
  }));
}

/** An approved registration whose customer an account is, or may be: who asks the rules about it is told for certain. */
export interface ProtectedAt {
  readonly registrationId: string;
  readonly programVersion: string;
  readonly account: string;
  readonly approvedAt: Instant;
  readonly until: Instant;
}

/** The accounts with what their customers are known by. */
export async function readAccountCustomers(
  trx: Transaction,
  connection: string,
  accountIds: readonly string[],
): Promise<readonly { readonly account: string; readonly nameKey: string; readonly customer: CustomerDetails }[]> {
  if (accountIds.length === 0) return [];
  const rows = await trx
    .selectFrom('crm_account')
    .select(ACCOUNT_COLUMNS)
    .where('connection', '=', connection)
    .where('remote_id', 'in', [...accountIds])
    .where('deleted', '=', false)
    .execute();
  return rows.map((row) => ({ account: row.remote_id, nameKey: row.name_key, customer: candidateOf(row).customer }));
}

/** How an account may be known to be a customer: its keys, and its normalised name in its country. */
export interface AccountKeys {
  readonly account: string;
  readonly keys: readonly CustomerKeyValue[];
  readonly nameKey: string;
  readonly country: string;
}

/**
 * The approved registrations that are placed at one of the accounts, share a key with one, or have its name in its country. Three look-ups by index in one statement,
 * however many accounts there are.
 */
export async function findProtectedAt(
  trx: Transaction,
  connection: string,
  accountIds: readonly string[],
  known: readonly AccountKeys[],
): Promise<readonly ProtectedAt[]> {
  if (accountIds.length === 0) return [];
  const keys = known.flatMap(({ account, keys: own }) => own.map(({ kind, value }) => ({ account, kind, value })));
  const named = known.filter(({ nameKey, country }) => nameKey !== '' && country !== '');
  // Arrays, of whose length the planner knows: it reads by the indexes where they are short.
  const column = (values: readonly string[]) => sql`${[...values]}::text[]`;
  const { rows } = await sql<{ id: string; program_version: string; account: string; approved_at: string; until: string }>`
    with found as (
      select place.registration_id as id, place.customer_account as account from registration_place as place
      where place.connection = ${connection} and place.customer_account = any(${[...accountIds]}::text[])
      union
      select registration.id, key.account
      from unnest(
        ${column(keys.map(({ account }) => account))}, ${column(keys.map(({ kind }) => kind))}, ${column(keys.map(({ value }) => value))}
      ) as key(account, kind, value)
      join customer_key on customer_key.kind = key.kind and customer_key.value = key.value
      join registration on registration.customer_id = customer_key.customer_id
      union
      select registration.id, name.account
      from unnest(
        ${column(named.map(({ account }) => account))}, ${column(named.map(({ nameKey }) => nameKey))}, ${column(named.map(({ country }) => country))}
      ) as name(account, name, country)
      join registration on registration.customer_name_key = name.name and upper(registration.customer_country) = name.country
    )
    select registration.id, registration.program_version, found.account,
      registration.approved_as ->> 'approvedAt' as approved_at, registration.state -> 'protection' ->> 'until' as until
    from found join registration on registration.id = found.id
    where registration.status = 'approved' and registration.approved_as is not null
    order by registration.id, found.account`.execute(trx);
  return rows.map((row) => ({
    registrationId: row.id,
    programVersion: row.program_version,
    account: row.account,
    approvedAt: row.approved_at,
    until: row.until,
  }));
}
