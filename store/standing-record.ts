import { sql } from 'kysely';
import type { CanonicalRecord } from '../program/merge-plan.ts';
import type { Database } from './database.ts';

/** A record of theirs that a registration which still stands has to do with, and what we know of it. */
export interface StandingRecord {
  /** Its place in the order; the first one is behind an empty text. */
  readonly key: string;
  readonly remoteId: string;
  /** The values that both sides agreed on last. */
  readonly base: CanonicalRecord;
}

/** Registrations that are undecided or approved and are linked in the CRM, by their ids. */
export async function readStandingRegistrations(
  db: Database,
  connection: string,
  after: string,
  limit: number,
): Promise<readonly StandingRecord[]> {
  let query = db
    .selectFrom('registration')
    .innerJoin('link', (join) =>
      join
        .onRef('link.local_id', '=', 'registration.id')
        .on('link.connection', '=', connection)
        .on('link.object_type', '=', 'registration'),
    )
    .select(['registration.id', 'link.remote_id', 'link.base'])
    .where('registration.ended_at', 'is', null)
    .where(sql<boolean>`link.base <> '{}'::jsonb`)
    .orderBy('registration.id')
    .limit(limit);
  if (after !== '') query = query.where('registration.id', '>', after);
  return (await query.execute()).map(({ id, remote_id, base }) => ({ key: id, remoteId: remote_id, base }));
}

/** Opportunities that such registrations are linked with, by the CRM's id: the account as it was copied last, beside what we write on them. */
export async function readStandingOpportunities(
  db: Database,
  connection: string,
  after: string,
  limit: number,
): Promise<readonly StandingRecord[]> {
  const { rows } = await sql<{ readonly remote_id: string; readonly account: string | null; readonly base: CanonicalRecord | null }>`
    select named.opportunity as remote_id, copy.account_remote_id as account, link.base
    from (
      select distinct place.opportunity collate "C" as opportunity from registration_place as place
      join registration on registration.id = place.registration_id and registration.ended_at is null
      where place.connection = ${connection} and place.opportunity collate "C" > ${after}
      order by 1 limit ${limit}
    ) as named
    join crm_opportunity as copy on copy.connection = ${connection} and copy.remote_id = named.opportunity and not copy.deleted
    left join link on link.connection = ${connection} and link.object_type = 'opportunity' and link.remote_id = named.opportunity
    order by 1`.execute(db);
  return rows.map(({ remote_id, account, base }) => ({ key: remote_id, remoteId: remote_id, base: { ...base, account } }));
}
