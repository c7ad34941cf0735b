import { sql } from 'kysely';
import type { PartnerRecord } from '../program/claim.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** How the partner has registered until `now`, `registrationId` not counted. A month is 30 days of 24 h, a year 365; a claim of exactly that age counts. */
export async function readPartnerRecord(
  db: Database | Transaction,
  partnerId: string,
  registrationId: string,
  now: Instant,
): Promise<PartnerRecord> {
  const monthAgo = sql`${now}::timestamptz - interval '720 hours'`;
  const yearAgo = sql`${now}::timestamptz - interval '8760 hours'`;
  const count = (condition: ReturnType<typeof sql>) => sql<string>`count(*) filter (where ${condition})`;
  const row = await db
    .selectFrom('registration')
    .select([
      count(sql`status in ('submitted', 'in_review', 'returned')`).as('undecided'),
      count(sql`status = 'approved'`).as('active'),
      count(sql`submitted_at >= ${monthAgo}`).as('received'),
      count(sql`(state -> 'decision' ->> 'at')::timestamptz >= ${yearAgo}`).as('decided'),
      count(sql`status = 'won' and ended_at >= ${yearAgo}`).as('won'),
    ])
    .where('partner_id', '=', partnerId)
    .where('id', '!=', registrationId)
    .executeTakeFirstOrThrow();
  return {
    undecided: Number(row.undecided),
    active: Number(row.active),
    receivedLast30Days: Number(row.received),
    decidedLastYear: Number(row.decided),
    wonLastYear: Number(row.won),
  };
}
