import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** More opportunities than this at the accounts of one customer tell nothing more; the most lately touched are taken. */
export const MOST_OPPORTUNITIES = 500;

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
    .select(OPPORTUNITY_COLUMNS)
    .where('opportunity.connection', '=', connection)
    .where('opportunity.account_remote_id', 'in', [...accountIds])
    .where('opportunity.deleted', '=', false)
    .where('opportunity.is_closed', '=', false)
    .orderBy('opportunity.last_activity_at', 'desc')
    .orderBy('opportunity.remote_id')
    .limit(MOST_OPPORTUNITIES)
    .execute();
  return rows.map(candidateOf);
}

/** Of `crm_opportunity as opportunity`, joined with `crm_user as owner`. */
export const OPPORTUNITY_COLUMNS = [
  'opportunity.connection',
  'opportunity.remote_id',
  'opportunity.account_remote_id',
  'opportunity.stage_index',
  'opportunity.stage_name',
  'owner.alias as owner',
  'opportunity.created_at',
  'opportunity.last_activity_at',
] as const;

export function candidateOf(row: {
  readonly connection: string;
  readonly remote_id: string;
  readonly account_remote_id: string | null;
  readonly stage_index: number | null;
  readonly stage_name: string;
  readonly owner: string | null;
  readonly created_at: string;
  readonly last_activity_at: string;
}): OpportunityCandidate {
  return {
    connection: row.connection,
    remoteId: row.remote_id,
    accountRemoteId: row.account_remote_id ?? '',
    stageIndex: row.stage_index,
    stageName: row.stage_name,
    owner: row.owner,
    createdAt: row.created_at,
    lastActivityAt: row.last_activity_at,
  };
}

/** Opportunities at these accounts that were won: what the customer bought. The close date is the day, at its start in UTC, where the CRM has one. */
export async function findWonOpportunities(
  db: Database | Transaction,
  connection: string,
  accountIds: readonly string[],
): Promise<readonly { readonly remoteId: string; readonly accountRemoteId: string; readonly wonAt: Instant }[]> {
  if (accountIds.length === 0) return [];
  const rows = await db
    .selectFrom('crm_opportunity')
    .select(['remote_id', 'account_remote_id', 'close_date', 'last_activity_at'])
    .where('connection', '=', connection)
    .where('account_remote_id', 'in', [...accountIds])
    .where('deleted', '=', false)
    .where('is_won', '=', true)
    .orderBy('close_date', (order) => order.desc().nullsLast())
    .orderBy('remote_id')
    .limit(MOST_OPPORTUNITIES)
    .execute();
  return rows.map((row) => ({
    remoteId: row.remote_id,
    accountRemoteId: row.account_remote_id ?? '',
    wonAt: row.close_date === null ? row.last_activity_at : `${row.close_date}T00:00:00.000Z`,
  }));
}
