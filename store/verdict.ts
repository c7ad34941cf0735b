import type { Selectable } from 'kysely';
import type { ClaimSnapshot, EvidenceSnapshot } from '../program/claim.ts';
import type { Verdict } from '../program/verdict.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import type { Schema } from './schema.ts';

/** What the program said of a claim, with everything it was said of: enough to explain it and to reproduce it. */
export interface StoredVerdict {
  readonly registrationId: string;
  readonly programVersion: string;
  /** Why the claim was judged: its receipt, an amendment, a settled case. */
  readonly occasion: string;
  readonly claim: ClaimSnapshot;
  readonly evidence: EvidenceSnapshot;
  readonly verdict: Verdict;
  readonly decidedAt: Instant;
}

/** Adds a verdict; earlier ones of the registration stay. It belongs in the transaction that acts on it. */
export async function insertVerdict(trx: Transaction, verdict: StoredVerdict): Promise<void> {
  await trx
    .insertInto('verdict')
    .values({
      registration_id: verdict.registrationId,
      program_version: verdict.programVersion,
      occasion: verdict.occasion,
      claim: JSON.stringify(verdict.claim),
      evidence: JSON.stringify(verdict.evidence),
      verdict: JSON.stringify(verdict.verdict),
      decided_at: verdict.decidedAt,
    })
    .execute();
}

/** The verdict that was stored last, or null for a claim that was never judged. */
export async function findLatestVerdict(db: Database | Transaction, registrationId: string): Promise<StoredVerdict | null> {
  const row = await db
    .selectFrom('verdict')
    .selectAll()
    .where('registration_id', '=', registrationId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : verdictOf(row);
}

/** The verdict that was the latest at `at`, or null for a claim that had not been judged by then. */
export async function findVerdictAt(db: Database | Transaction, registrationId: string, at: Instant): Promise<StoredVerdict | null> {
  const row = await db
    .selectFrom('verdict')
    .selectAll()
    .where('registration_id', '=', registrationId)
    .where('decided_at', '<=', at)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : verdictOf(row);
}

/** A verdict as it is read from its row. */
export function verdictOf(row: Selectable<Schema['verdict']>): StoredVerdict {
  return {
    registrationId: row.registration_id,
    programVersion: row.program_version,
    occasion: row.occasion,
    claim: row.claim,
    evidence: row.evidence,
    verdict: row.verdict,
    decidedAt: row.decided_at,
  };
}
