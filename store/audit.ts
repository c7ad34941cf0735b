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
