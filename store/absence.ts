import { sql } from 'kysely';
import type { Absence, AbsenceScope } from '../program/approval/staff.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** An absence as it was entered. `endedAt`: it was called off, or ended sooner. */
export interface StoredAbsence extends Absence {
  readonly id: string;
  readonly alias: string;
  readonly enteredBy: string;
}

/** All absences that are not over at `at`, by alias: those that run and those to come, the earlier first. One that was called off is none. */
export async function readAbsences(db: Database | Transaction, at: Instant): Promise<ReadonlyMap<string, readonly Absence[]>> {
  return Map.groupBy(await selectAbsences(db, at, null), ({ alias }) => alias);
}

/** Those of one person that are not over at `at`. */
export async function listAbsences(db: Database | Transaction, alias: string, at: Instant): Promise<readonly StoredAbsence[]> {
  return selectAbsences(db, at, alias);
}

async function selectAbsences(db: Database | Transaction, at: Instant, alias: string | null): Promise<readonly StoredAbsence[]> {
  let query = db
    .selectFrom('absence')
    .selectAll()
    .where('until_at', '>', at)
    .whereRef('from_at', '<', 'until_at')
    .orderBy('from_at')
    .orderBy('id');
  if (alias !== null) query = query.where('alias', '=', alias);
  return (await query.execute()).map((row) => ({
    id: row.id,
    alias: row.alias,
    from: row.from_at,
    until: row.until_at,
    delegate: row.delegate,
    scope: row.scope,
    enteredBy: row.entered_by,
  }));
}

export async function insertAbsence(trx: Transaction, absence: StoredAbsence, now: Instant): Promise<void> {
  await trx
    .insertInto('absence')
    .values({
      id: absence.id,
      alias: absence.alias,
      from_at: absence.from,
      until_at: absence.until,
      delegate: absence.delegate,
      scope: JSON.stringify(absence.scope satisfies AbsenceScope),
      entered_by: absence.enteredBy,
      entered_at: now,
    })
    .execute();
}

/** Ends an absence at `at`; one that had not begun is as if it had never been entered. False: there is none that is not over. */
export async function endAbsence(trx: Transaction, alias: string, id: string, at: Instant): Promise<boolean> {
  const result = await trx
    .updateTable('absence')
    .set({ until_at: sql<string>`greatest(${at}::timestamptz, from_at)` })
    .where('id', '=', id)
    .where('alias', '=', alias)
    .where('until_at', '>', at)
    .whereRef('from_at', '<', 'until_at')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
