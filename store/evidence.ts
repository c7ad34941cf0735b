import { sql } from 'kysely';
import type { CustomerDetails } from '../program/claim.ts';
import type { Instant, RegistrationStatus } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** Candidates are cut off here, those with a shared key first, then the most similar: a name that resembles more records than this says nothing. */
const CANDIDATES = 200;

export interface RivalCandidate {
  readonly registrationId: string;
  readonly sequence: number;
  readonly partnerId: string;
  readonly status: RegistrationStatus;
  readonly productLines: readonly string[];
  readonly customer: CustomerDetails;
  /** Trigram similarity of the normalised names, 0 to 1. */
  readonly nameSimilarity: number;
}

/**
 * The operator `%` finds names that are at least this much alike, by the index, for the rest of the transaction. Its default of 0.3 would fill the candidates
 * with names that are in no band. https://www.postgresql.org/docs/current/pgtrgm.html
 */
async function limitSimilarity(trx: Transaction, least: number): Promise<void> {
  await sql`select set_config('pg_trgm.similarity_threshold', ${String(least)}, true)`.execute(trx);
}

/** Other open claims that may be on the same customer: by a shared key, or by a name that is at least so similar (0 to 1). */
export async function findRivalCandidates(
  trx: Transaction,
  registrationId: string,
  customerIds: readonly string[],
  nameKey: string,
  leastSimilarity: number,
): Promise<readonly RivalCandidate[]> {
  await limitSimilarity(trx, leastSimilarity);
  const similarity = sql<number>`similarity(customer_name_key, ${nameKey})`;
  const rows = await trx
    .selectFrom('registration')
    .select([
      'id',
      'sequence',
      'partner_id',
      'status',
      'product_lines',
      'customer_name',
      'customer_domain',
      'customer_country',
      'customer_postal_code',
      'customer_company_number',
      similarity.as('name_similarity'),
    ])
    .where('id', '!=', registrationId)
    .where('status', 'in', ['submitted', 'in_review', 'returned', 'approved'])
    .where((where) =>
      where.or([
        sql<boolean>`customer_name_key % ${nameKey}`,
        ...(customerIds.length > 0 ? [where('customer_id', 'in', [...customerIds])] : []),
      ]),
    )
    // Who shares a key comes first, whatever the name: it must not be cut off.
    .orderBy(sql`customer_id = any(${customerIds}::uuid[])`, 'desc')
    .orderBy(similarity, 'desc')
    .limit(CANDIDATES)
    .execute();
  return rows.map((row) => ({
    registrationId: row.id,
    sequence: Number(row.sequence),
    partnerId: row.partner_id,
    status: row.status as RegistrationStatus,
    productLines: row.product_lines,
    customer: {
      name: row.customer_name,
      domain: row.customer_domain,
      country: row.customer_country,
      postalCode: row.customer_postal_code,
      companyNumber: row.customer_company_number,
    },
    nameSimilarity: row.name_similarity,
  }));
}

export interface AccountCandidate {
  readonly connection: string;
  readonly remoteId: string;
  readonly customer: CustomerDetails;
  readonly nameSimilarity: number;
  readonly refreshedAt: Instant;
}

/** CRM accounts that may be the customer: by registrable domain, or by a name that is at least so similar (0 to 1). */
export async function findAccountCandidates(
  trx: Transaction,
  domain: string | null,
  nameKey: string,
  leastSimilarity: number,
): Promise<readonly AccountCandidate[]> {
  await limitSimilarity(trx, leastSimilarity);
  const similarity = sql<number>`similarity(name_key, ${nameKey})`;
  const rows = await trx
    .selectFrom('crm_account')
    .select(['connection', 'remote_id', 'name', 'domain', 'country', 'postal_code', 'refreshed_at', similarity.as('name_similarity')])
    .where('deleted', '=', false)
    .where((where) => where.or([sql<boolean>`name_key % ${nameKey}`, ...(domain === null ? [] : [where('domain', '=', domain)])]))
    .orderBy(sql`coalesce(domain = ${domain}::text, false)`, 'desc')
    .orderBy(similarity, 'desc')
    .limit(CANDIDATES)
    .execute();
  return rows.map((row) => ({
    connection: row.connection,
    remoteId: row.remote_id,
    customer: { name: row.name, domain: row.domain, country: row.country ?? '', postalCode: row.postal_code, companyNumber: null },
    nameSimilarity: row.name_similarity,
    refreshedAt: row.refreshed_at,
  }));
}

export interface OpportunityCandidate {
  readonly connection: string;
  readonly remoteId: string;
  readonly accountRemoteId: string;
  readonly stageIndex: number | null;
  readonly stageName: string;
  readonly owner: string | null;
  readonly createdAt: Instant;
  readonly lastActivityAt: Instant;
}

/** The open opportunities at these accounts, with the alias of the owner. */
export async function findOpenOpportunities(
  db: Database | Transaction,
  connection: string,
  accountIds: readonly string[],
): Promise<readonly OpportunityCandidate[]> {
  if (accountIds.length === 0) return [];
  const rows = await db
    .selectFrom('crm_opportunity as opportunity')
    .leftJoin('crm_user as owner', (join) =>
      join.onRef('owner.connection', '=', 'opportunity.connection').onRef('owner.remote_id', '=', 'opportunity.owner_remote_id'),
    )
    .select([
      'opportunity.connection',
      'opportunity.remote_id',
      'opportunity.account_remote_id',
      'opportunity.stage_index',
      'opportunity.stage_name',
      'owner.alias as owner',
      'opportunity.created_at',
      'opportunity.last_activity_at',
    ])
    .where('opportunity.connection', '=', connection)
    .where('opportunity.account_remote_id', 'in', [...accountIds])
    .where('opportunity.deleted', '=', false)
    .where('opportunity.is_closed', '=', false)
    .orderBy('opportunity.remote_id')
    .execute();
  return rows.map((row) => ({
    connection: row.connection,
    remoteId: row.remote_id,
    accountRemoteId: row.account_remote_id ?? '',
    stageIndex: row.stage_index,
    stageName: row.stage_name,
    owner: row.owner,
    createdAt: row.created_at,
    lastActivityAt: row.last_activity_at,
  }));
}
