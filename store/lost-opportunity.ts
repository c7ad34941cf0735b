import { sql } from 'kysely';
import type { LostOpportunity } from '../program/claim.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** Read again before a verdict; older ones were read before others. */
const MOST_LOSSES = 20;

/** Remembers that somebody in a CRM took away an opportunity of which the registration was the primary. */
export async function recordLoss(
  trx: Transaction,
  loss: {
    readonly registrationId: string;
    readonly connection: string;
    readonly opportunity: string;
    readonly how: LostOpportunity['how'];
    readonly at: Instant;
    readonly by: string;
  },
): Promise<void> {
  const { registrationId, connection, opportunity, how, at, by } = loss;
  await trx
    .insertInto('lost_opportunity')
    .values({ registration_id: registrationId, connection, opportunity, how, lost_at: at, lost_by: by })
    .execute();
}

/**
 * What the registration lost since then and has not got back, with who is the primary now: the latest loss of each kind. An opportunity that was deleted since was
 * taken from everybody. That somebody edited the primary of one is kept also where the registration has it still.
 */
export async function findLosses(db: Database | Transaction, registrationId: string, since: Instant): Promise<readonly LostOpportunity[]> {
  const rows = await db
    .selectFrom('lost_opportunity as lost')
    .innerJoin('crm_opportunity as opportunity', (join) =>
      join.onRef('opportunity.connection', '=', 'lost.connection').onRef('opportunity.remote_id', '=', 'lost.opportunity'),
    )
    .leftJoin('registration_place as holder', (join) =>
      join
        .onRef('holder.connection', '=', 'lost.connection')
        .onRef('holder.opportunity', '=', 'lost.opportunity')
        .on('holder.is_primary', '=', true),
    )
    .select(['lost.connection', 'lost.opportunity', 'lost.how', 'lost.lost_at', 'holder.registration_id'])
    .distinctOn(['lost.connection', 'lost.opportunity', 'lost.how'])
    .where('lost.registration_id', '=', registrationId)
    .where('lost.lost_at', '>=', since)
    .where('opportunity.deleted', '=', false)
    .where((where) =>
      where.or([where('lost.how', '=', 'primary_edited'), where('holder.registration_id', 'is distinct from', registrationId)]),
    )
    .orderBy('lost.connection')
    .orderBy('lost.opportunity')
    .orderBy('lost.how')
    .orderBy('lost.lost_at', 'desc')
    .execute();
  return rows.map((row) => ({
    connection: row.connection,
    remoteId: row.opportunity,
    how: row.how,
    lostAt: row.lost_at,
    heldBy: row.registration_id === registrationId ? null : row.registration_id,
  }));
}

/** The opportunities that the registration is linked to, or lost lately, in that CRM: what is known of them decides whether anything was taken. */
export async function readConcernedOpportunities(db: Database, connection: string, registrationId: string): Promise<readonly string[]> {
  const lost = db
    .selectFrom('lost_opportunity')
    .select('opportunity')
    .where('registration_id', '=', registrationId)
    .where('connection', '=', connection)
    .orderBy('id', 'desc')
    .limit(MOST_LOSSES);
  const linked = db
    .selectFrom('registration_place')
    .select(sql<string>`opportunity`.as('opportunity'))
    .where('registration_id', '=', registrationId)
    .where('connection', '=', connection)
    .where('opportunity', 'is not', null);
  const rows = await db
    .selectFrom(linked.union((query) => query.parens(lost)).as('concerned'))
    .select('concerned.opportunity')
    .orderBy('concerned.opportunity')
    .execute();
  return rows.map((row) => row.opportunity);
}
