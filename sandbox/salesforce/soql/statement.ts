/** Compiled queries on SQLite, rows as arrays. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Row } from './record-plan.ts';
import { FOLD_FUNCTION, type SqlPart } from './sql-part.ts';

export function readRows(db: DatabaseSync, part: SqlPart): readonly Row[] {
  return prepare(db, part.sql).all(...part.values) as unknown as readonly Row[];
}

/** The rows one by one, for results that are larger than memory should be. */
export function iterateRows(db: DatabaseSync, part: SqlPart): Iterable<Row> {
  return prepare(db, part.sql).iterate(...part.values) as unknown as Iterable<Row>;
}

export function prepare(db: DatabaseSync, sql: string): StatementSync {
  registerFold(db, sql);
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

/** SQLite folds ASCII letters only; queries with other letters call this function instead of comparing columns directly. */
function registerFold(db: DatabaseSync, sql: string): void {
  if (!sql.includes(FOLD_FUNCTION)) return;
  db.function(FOLD_FUNCTION, { deterministic: true }, (value) => (typeof value === 'string' ? value.toLowerCase() : value));
}
