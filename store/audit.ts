import { sql, type OperationNodeSource } from 'kysely';
import { canonicalJson } from '../program/canonical-json.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** A statement takes 65,535 parameters, and an entry is five. */
const MOST_AT_ONCE = 5_000;

/**
 * Adds to the record of what was done, by whom. `details` holds ids, codes and verdicts; free text is stored where it belongs and named by id.
 *
 * One statement: the database gives the entry its place in the subject's chain and keeps the subject's head locked until the commit. So call it under the lock of
 * what it is about, or where the transaction waits for nothing afterwards.
 */
export async function recordAudit(db: Database | Transaction, entry: NewAuditEntry): Promise<void> {
  await recordAudits(db, [entry]);
}

/** Several at once, those of one subject in their order. Subjects are locked in the order of their names, so that two transactions do not wait for each other. */
export async function recordAudits(db: Database | Transaction, entries: readonly NewAuditEntry[]): Promise<void> {
  const bySubject = entries.toSorted((left, right) => (left.subject < right.subject ? -1 : left.subject > right.subject ? 1 : 0));
  for (let first = 0; first < bySubject.length; first += MOST_AT_ONCE) {
    const some = bySubject.slice(first, first + MOST_AT_ONCE);
    const rows = some.map(({ at, subject, kind, actor, details }) => ({ at, subject, kind, actor, details: canonicalJson(details) }));
    await db.insertInto('audit_entry').values(rows).execute();
  }
}

/**
 * Runs `insert`, which returns what it inserted, and records `entry` in the same statement where it inserted something. False where the row was there already:
 * then nothing is recorded.
 *
 * Where the row refers to what the entry is about, the insert has to lock that itself (`for key share`): the reference is checked at the end of the statement, when
 * the head of the subject is held already, and whoever holds the one and wants the other would wait for ever.
 */
export async function insertAndRecord(db: Database | Transaction, insert: OperationNodeSource, entry: NewAuditEntry): Promise<boolean> {
  const { at, subject, kind, actor, details } = entry;
  const { numAffectedRows } = await sql`
    with inserted as (${insert})
    insert into audit_entry (at, subject, kind, actor, details)
    select ${at}::timestamptz, ${subject}::text, ${kind}::text, ${actor}::text, ${canonicalJson(details)}::json from inserted`.execute(db);
  return numAffectedRows === 1n;
}

export interface NewAuditEntry {
  readonly subject: string;
  readonly kind: string;
  readonly actor: string;
  readonly details: object;
  readonly at: Instant;
}

export interface AuditEntry {
  /** From 1 on within the subject, without gaps. */
  readonly position: number;
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
    .select(['position', 'at', 'subject', 'kind', 'actor', 'details'])
    .where('subject', '=', subject)
    .orderBy('position', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, position: Number(row.position) })).toReversed();
}
