import { sql } from 'kysely';
import type { BesideClaim, LinkedOpportunity } from '../program/claim.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Transaction } from './database.ts';
import { MOST_OPPORTUNITIES, OPPORTUNITY_COLUMNS, candidateOf, type OpportunityCandidate } from './opportunity-evidence.ts';

/**
 * The opportunities that are linked to the registration, as they were when they were measured and as they are. Deleted ones, and those that the mirror does not know,
 * are left out. An account that was merged into the one of today is the same.
 */
export async function findLinkedOpportunities(
  trx: Transaction,
  registrationId: string,
): Promise<readonly Omit<LinkedOpportunity, 'match' | 'beside'>[]> {
  const rows = await trx
    .selectFrom('registration_place as place')
    .innerJoin('crm_opportunity as opportunity', (join) =>
      join.onRef('opportunity.connection', '=', 'place.connection').onRef('opportunity.remote_id', '=', 'place.opportunity'),
    )
    .leftJoin('crm_account as before', (join) =>
      join.onRef('before.connection', '=', 'place.connection').onRef('before.remote_id', '=', 'place.linked_account'),
    )
    .select(['place.connection', 'opportunity.remote_id', 'place.is_primary', 'opportunity.amount', 'place.linked_amount'])
    .select('opportunity.account_remote_id')
    .select(sql<string | null>`coalesce(nullif(before.merged_into, ''), place.linked_account)`.as('account_before'))
    .where('place.registration_id', '=', registrationId)
    .where('opportunity.deleted', '=', false)
    .where('place.measured_at', 'is not', null)
    .orderBy('place.connection')
    .execute();
  return rows.map((row) => ({
    connection: row.connection,
    remoteId: row.remote_id,
    isPrimary: row.is_primary,
    amount: row.amount,
    amountBefore: row.linked_amount,
    accountRemoteId: row.account_remote_id,
    accountBefore: row.account_before,
  }));
}

/** The approved claims of other partners that are linked to the same opportunities as this one, by connection and opportunity. */
export async function findBeside(
  trx: Transaction,
  registrationId: string,
  partnerId: string,
): Promise<readonly (BesideClaim & { readonly connection: string; readonly opportunity: string })[]> {
  const rows = await trx
    .selectFrom('registration_place as own')
    .innerJoin('registration_place as place', (join) =>
      join.onRef('place.connection', '=', 'own.connection').onRef('place.opportunity', '=', 'own.opportunity'),
    )
    .innerJoin('registration as other', 'other.id', 'place.registration_id')
    .select(['place.connection', 'place.opportunity', 'place.is_primary', 'other.id', 'other.partner_id', 'other.kind'])
    .where('own.registration_id', '=', registrationId)
    .where('other.id', '!=', registrationId)
    .where('other.partner_id', '!=', partnerId)
    .where('other.status', 'in', ['approved', 'won'])
    .orderBy('other.sequence')
    .execute();
  return rows.map((row) => ({
    connection: row.connection,
    opportunity: row.opportunity ?? '',
    registrationId: row.id,
    partnerId: row.partner_id,
    kind: row.kind,
    isPrimary: row.is_primary,
  }));
}

/** Opportunities at these accounts that were seen to be won since then, or that were created since then and are won. */
export async function findOpportunitiesWonSince(
  trx: Transaction,
  connection: string,
  accountIds: readonly string[],
  since: Instant,
): Promise<readonly (OpportunityCandidate & { readonly wonAt: Instant | null })[]> {
  if (accountIds.length === 0) return [];
  const rows = await trx
    .selectFrom('crm_opportunity as opportunity')
    .leftJoin('crm_user as owner', (join) =>
      join.onRef('owner.connection', '=', 'opportunity.connection').onRef('owner.remote_id', '=', 'opportunity.owner_remote_id'),
    )
    .select(OPPORTUNITY_COLUMNS)
    .select('opportunity.won_at')
    .where('opportunity.connection', '=', connection)
    .where('opportunity.account_remote_id', 'in', [...accountIds])
    .where('opportunity.deleted', '=', false)
    .where('opportunity.is_won', '=', true)
    .where((where) => where.or([where('opportunity.won_at', '>=', since), where('opportunity.created_at', '>=', since)]))
    .orderBy('opportunity.created_at')
    .orderBy('opportunity.remote_id')
    .limit(MOST_OPPORTUNITIES)
    .execute();
  return rows.map((row) => ({ ...candidateOf(row), wonAt: row.won_at }));
}
