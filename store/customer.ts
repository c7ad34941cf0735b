import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import { joinCustomers, type ContestedLine } from './join-customers.ts';
import type { Schema } from './schema.ts';

export interface CustomerKeyValue {
  readonly kind: string;
  readonly value: string;
}

const MOST_LABELLED = 300;

/** Thrown inside a transaction that met a key it does not hold: `withCustomerLocks` begins again with all of them. */
class KeysGrew extends Error {
  readonly keys: readonly CustomerKeyValue[];
  constructor(keys: readonly CustomerKeyValue[]) {
    super('the customer has more keys than were locked');
    this.keys = keys;
  }
}

/**
 * Runs `work` in a transaction that holds every key of the customers that `keys` lead to, so that no other claim on them is received or decided meanwhile.
 *
 * Locks are taken in sorted order, which keeps two transactions from waiting for each other. Keys that another transaction adds
 * between look-up and lock make the whole begin again with the larger set.
 */
export async function withCustomerLocks<T>(
  db: Database,
  keys: readonly CustomerKeyValue[],
  work: (trx: Transaction) => Promise<T>,
): Promise<T> {
  let wanted = await closureOf(db, keys);
  for (;;) {
    try {
      return await db.transaction().execute(async (trx) => {
        // One statement: unnest gives the names in the order of the array, and each lock is waited for before the next is asked for.
        await sql`select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest(${sortedNames(wanted)}::text[]) as name`.execute(trx);
        const now = await closureOf(trx, wanted);
        if (now.length > wanted.length) throw new KeysGrew(now);
        return work(trx);
      });
    } catch (error) {
      if (!(error instanceof KeysGrew)) throw error;
      wanted = error.keys;
    }
  }
}

/** All keys of the customers that have one of `keys`, and `keys` themselves. */
async function closureOf(db: Database | Transaction, keys: readonly CustomerKeyValue[]): Promise<readonly CustomerKeyValue[]> {
  if (keys.length === 0) return [];
  const known = await db
    .selectFrom('customer_key')
    .select(['kind', 'value'])
    .where('customer_id', 'in', (select) => select.selectFrom('customer_key').select('customer_id').where(isOneOf(keys)))
    .execute();
  const all = new Map([...keys, ...known].map((key) => [nameOf(key), key]));
  return [...all.values()];
}

function sortedNames(keys: readonly CustomerKeyValue[]): readonly string[] {
  return keys.map(nameOf).sort((a, b) => (a < b ? -1 : 1));
}

function nameOf(key: CustomerKeyValue): string {
  return `${key.kind}:${key.value}`;
}

function isOneOf(keys: readonly CustomerKeyValue[]): (where: ExpressionBuilder<Schema, 'customer_key'>) => Expression<SqlBool> {
  return (where) => where.or(keys.map((key) => where.and([where('kind', '=', key.kind), where('value', '=', key.value)])));
}

/** The customers that have one of `keys`, strongest key first: numbers, domain, name with postal code. */
export async function customersWith(db: Database | Transaction, keys: readonly CustomerKeyValue[]): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const rows = await db.selectFrom('customer_key').select(['customer_id', 'kind']).where(isOneOf(keys)).execute();
  const strength = ['company_number', 'duns', 'domain', 'placed_name'];
  const ranked = [...rows].sort((a, b) => strength.indexOf(a.kind) - strength.indexOf(b.kind));
  return [...new Set(ranked.map((row) => row.customer_id))];
}

/** Customers that have a domain with one of these labels before its public suffix; of more than a few hundred a label says nothing. */
export async function customersLabelled(db: Database | Transaction, labels: readonly string[]): Promise<readonly string[]> {
  if (labels.length === 0) return [];
  const rows = await db
    .selectFrom('customer_key')
    .select('customer_id')
    .distinct()
    .where('kind', '=', 'domain')
    .where(sql<boolean>`split_part(value, '.', 1) = any(${labels}::text[])`)
    .orderBy('customer_id')
    .limit(MOST_LABELLED)
    .execute();
  return rows.map((row) => row.customer_id);
}

/**
 * The customer that `keys` name, made where there is none; keys it did not have yet are added. Call it under `withCustomerLocks`.
 *
 * Keys of several customers show that these are one: they are joined. `contested` are the lines on which more than one of them had protected somebody.
 */
export async function ensureCustomer(
  trx: Transaction,
  newId: string,
  name: string,
  keys: readonly CustomerKeyValue[],
  now: Instant,
): Promise<{ readonly customerId: string; readonly contested: readonly ContestedLine[] }> {
  const found = await customersWith(trx, keys);
  const [first] = found;
  const ensured = found.length > 1 ? await joinCustomers(trx, found, now) : { customerId: first ?? newId, contested: [] };
  const { customerId } = ensured;
  if (first === undefined) await trx.insertInto('customer').values({ id: customerId, name, created_at: now }).execute();
  if (keys.length > 0) {
    await trx
      .insertInto('customer_key')
      .values(keys.map((key) => ({ ...key, customer_id: customerId })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  return ensured;
}
