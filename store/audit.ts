import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** A statement takes 65,535 parameters, and an entry is five. */
const MOST_AT_ONCE = 5_000;

/** Adds to the record of what was done, by whom. `details` holds ids, codes and verdicts; free text is stored where it belongs and named by id. */
export async function recordAudit(db: Database | Transaction, entry: AuditEntry): Promise<void> {
  await recordAudits(db, [entry]);
}

/** Several at once, in their order. */
export async function recordAudits(db: Database | Transaction, entries: readonly AuditEntry[]): Promise<void> {
  for (let first = 0; first < entries.length; first += MOST_AT_ONCE) {
    const some = entries.slice(first, first + MOST_AT_ONCE);
    const rows = some.map(({ at, subject, kind, actor, details }) => ({ at, subject, kind, actor, details: JSON.stringify(details) }));
    await db.insertInto('audit_entry').values(rows).execute();
  }
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
