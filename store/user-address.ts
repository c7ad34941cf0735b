import type { Database, Transaction } from './database.ts';

/**
 * Where the user of this alias is written to; null where no CRM knows an active one with an address, and where the alias is shared: nobody can tell who is meant by it.
 * The same address in two CRMs is one person (`readUsers`).
 */
export async function findUserAddress(db: Database | Transaction, alias: string): Promise<string | null> {
  const rows = await db
    .selectFrom('crm_user')
    .select(['connection', 'email'])
    .where('alias', '=', alias)
    .where('is_active', '=', true)
    .where('deleted', '=', false)
    .orderBy('connection')
    .execute();
  if (new Set(rows.map(({ connection }) => connection)).size < rows.length) return null;
  const addresses = rows.flatMap(({ email }) => (email === null || email.trim() === '' ? [] : [email.trim()]));
  return new Set(addresses.map((address) => address.toLowerCase())).size > 1 ? null : (addresses[0] ?? null);
}

/** The name under which the CRM's people know the active user of this alias; null where nobody, or more than one person, is meant by it. */
export async function findUserName(db: Database | Transaction, alias: string): Promise<string | null> {
  const rows = await db
    .selectFrom('crm_user')
    .select('name')
    .where('alias', '=', alias)
    .where('is_active', '=', true)
    .where('deleted', '=', false)
    .execute();
  const names = new Set(rows.map(({ name }) => name?.trim() ?? ''));
  const [name = ''] = names;
  return names.size > 1 || name === '' ? null : name;
}
