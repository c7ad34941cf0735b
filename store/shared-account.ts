import { sql } from 'kysely';
import type { Database, Transaction } from './database.ts';

const MOST_TOGETHER = 200;

/** The account of a CRM at which other registrations are placed as well. */
export interface SharedAccount {
  readonly connection: string;
  readonly account: string;
}

/** The other registrations that are placed at an account of this one, with the account. */
export async function findPlacedTogether(db: Database | Transaction, registrationId: string): Promise<ReadonlyMap<string, SharedAccount>> {
  const rows = await db
    .selectFrom('registration_place as own')
    .innerJoin('registration_place as other', (join) =>
      join.onRef('other.connection', '=', 'own.connection').onRef('other.customer_account', '=', 'own.customer_account'),
    )
    .select(['other.registration_id', 'other.connection', 'other.customer_account'])
    .where('own.registration_id', '=', registrationId)
    .where('other.registration_id', '!=', registrationId)
    .limit(MOST_TOGETHER)
    .execute();
  return new Map(rows.map((row) => [row.registration_id, { connection: row.connection, account: row.customer_account ?? '' }]));
}

/** The registrations that are placed at one of these accounts, by account. */
export async function findPlacedAt(
  db: Database | Transaction,
  connection: string,
  accounts: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (accounts.length === 0) return new Map();
  const rows = await db
    .selectFrom('registration_place')
    .select(['registration_id', 'customer_account'])
    .where('connection', '=', connection)
    .where('customer_account', 'in', [...accounts])
    .limit(MOST_TOGETHER)
    .execute();
  return new Map(rows.map((row) => [row.registration_id, row.customer_account ?? '']));
}

/** What is locked beside the keys of their customers: the accounts at which registrations are placed, which make them claims on one customer, too. */
export async function placeKeysOf(
  db: Database | Transaction,
  registrationIds: readonly string[],
): Promise<readonly { readonly kind: string; readonly value: string }[]> {
  const rows = await db
    .selectFrom('registration_place')
    .select(sql<string>`connection || ':' || customer_account`.as('value'))
    .distinct()
    .where('registration_id', 'in', [...registrationIds])
    .where('customer_account', 'is not', null)
    .execute();
  return rows.map(({ value }) => ({ kind: 'crm_account', value }));
}
