import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** Adds to the record of what was done, by whom. `details` holds ids, codes and verdicts; free text is stored where it belongs and named by id. */
export async function recordAudit(
  db: Database | Transaction,
  entry: { subject: string; kind: string; actor: string; details: object; at: Instant },
): Promise<void> {
  await db
    .insertInto('audit_entry')
    .values({ at: entry.at, subject: entry.subject, kind: entry.kind, actor: entry.actor, details: JSON.stringify(entry.details) })
    .execute();
}

export interface AuditEntry {
  readonly at: Instant;
  readonly subject: string;
  readonly kind: string;
  readonly actor: string;
  readonly details: object;
}

/** What was done to `subject` (`registration/<id>`, `case/<id>`, `partner/<id>`, …): the latest `limit` entries, oldest first. */
export async function listAudit(db: Database, subject: string, limit: number): Promise<readonly AuditEntry[]> {
  const rows = await db
    .selectFrom('audit_entry')
    .select(['at', 'subject', 'kind', 'actor', 'details'])
    .where('subject', '=', subject)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.toReversed();
}
