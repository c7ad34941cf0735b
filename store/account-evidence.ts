import { sql } from 'kysely';
import type { CustomerDetails } from '../program/claim.ts';
import { nameBands } from '../program/name-similarity.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import { CANDIDATES, sharedBands, tellingBands } from './name-band.ts';

/** By what records of one customer are looked for. All parts may be empty; a record that shares one of them is a candidate. */
export interface CustomerTraces {
  readonly domains: readonly string[];
  /** Parts of domains before the public suffix: the same company under another suffix. */
  readonly labels: readonly string[];
  /** As `CrmAccountTable.company_number` keeps them. */
  readonly numbers: readonly string[];
  /** Forms of the normalised name; records of the same name and of names that are much alike are found. */
  readonly names: readonly string[];
}

export interface AccountCandidate {
  readonly connection: string;
  readonly remoteId: string;
  readonly customer: CustomerDetails;
  readonly nameKey: string;
  readonly parentRemoteId: string | null;
  readonly lastActivityAt: Instant | null;
  readonly refreshedAt: Instant;
  /** Found by a domain, its label, a number or the very name, and not only because names are alike. */
  readonly sharesKey: boolean;
}

/** CRM accounts that may be the customer. */
export async function findAccountCandidates(
  db: Database | Transaction,
  { domains, labels, numbers, names }: CustomerTraces,
): Promise<readonly AccountCandidate[]> {
  // Of a name with several forms the first is searched for; the others are looked up as they are.
  const bands = nameBands(names[0] ?? '');
  const telling = await tellingBands(db, 'crm_account', bands);
  const sharesKey = sql<boolean>`(coalesce(domain = any(${domains}::text[]), false) or coalesce(company_number = any(${numbers}::text[]), false))`;
  const byKey = sql<boolean>`coalesce(domain = any(${domains}::text[]) or split_part(domain, '.', 1) = any(${labels}::text[]), false)
    or coalesce(company_number = any(${numbers}::text[]), false) or name_key = any(${names}::text[])`;
  const rows = await db
    .selectFrom('crm_account')
    .select(ACCOUNT_COLUMNS)
    .select(byKey.as('shares_key'))
    .where('deleted', '=', false)
    .where((where) =>
      where.or([
        sql<boolean>`domain = any(${domains}::text[])`,
        sql<boolean>`company_number = any(${numbers}::text[])`,
        sql<boolean>`name_key = any(${names}::text[])`,
        sql<boolean>`(domain is not null and split_part(domain, '.', 1) = any(${labels}::text[]))`,
        ...(telling.length === 0 ? [] : [sql<boolean>`name_bands && ${telling}::int[]`]),
      ]),
    )
    .orderBy(sharesKey, 'desc')
    .orderBy(sql`name_key = any(${names}::text[])`, 'desc')
    .orderBy(sharedBands(sql`name_bands`, bands), 'desc')
    .orderBy('connection')
    .orderBy('remote_id')
    .limit(CANDIDATES)
    .execute();
  return rows.map(candidateOf);
}

export const ACCOUNT_COLUMNS = [
  'connection',
  'remote_id',
  'name',
  'name_key',
  'domain',
  'country',
  'postal_code',
  'company_number',
  'parent_remote_id',
  'last_activity_at',
  'refreshed_at',
] as const;

export function candidateOf(row: {
  readonly connection: string;
  readonly remote_id: string;
  readonly name: string;
  readonly name_key: string;
  readonly domain: string | null;
  readonly country: string | null;
  readonly postal_code: string | null;
  readonly company_number: string | null;
  readonly parent_remote_id: string | null;
  readonly last_activity_at: string | null;
  readonly refreshed_at: string;
  readonly shares_key?: boolean;
}): AccountCandidate {
  return {
    connection: row.connection,
    remoteId: row.remote_id,
    customer: {
      name: row.name,
      domain: row.domain,
      country: row.country ?? '',
      postalCode: row.postal_code,
      companyNumber: row.company_number,
    },
    nameKey: row.name_key,
    parentRemoteId: row.parent_remote_id,
    lastActivityAt: row.last_activity_at,
    refreshedAt: row.refreshed_at,
    sharesKey: row.shares_key ?? true,
  };
}
