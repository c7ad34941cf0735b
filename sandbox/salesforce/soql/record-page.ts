/** The pages behind the first: a query's rows are chosen once, and each page reads what they hold when it is asked for. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Query } from '@jetstreamapp/soql-parser-js';
import { openQuery, type QueryInput, type Question } from './open-query.ts';
import { buildRecord, type ChildPage, type ChildQuery, type ReadChildren, type RecordPlan, type Row } from './record-plan.ts';
import { compileRecordQuery, type RecordQuery } from './record-query.ts';
import { iterateRows, prepare } from './statement.ts';

/** The ids of a query's rows in its order, under its own LIMIT and OFFSET. Nothing may write to the database while they are read. */
export function chooseIds(question: Question): Iterable<string> {
  const { scope, query } = openQuery(question);
  return idsOf(question.db, compileRecordQuery(scope, query), query);
}

/** The same for a query that is compiled already. */
export function* idsOf(db: DatabaseSync, compiled: RecordQuery, query: Pick<Query, 'limit' | 'offset'>): Generator<string> {
  const window = `LIMIT ${query.limit ?? -1} OFFSET ${query.offset ?? 0}`;
  const sql = `SELECT ${compiled.idSql} ${compiled.body.sql} ${compiled.order} ${window}`;
  for (const row of iterateRows(db, { sql, values: compiled.body.values })) yield String(row[0]);
}

/** The rows with these ids in the order given, in REST form, as the query at `place` shows them; what is gone since is left out. */
export function readRecords(input: QueryInput, place: readonly number[], ids: readonly string[]): object[] {
  const { scope, query } = openQuery(input);
  const compiled = compileRecordQuery(scope, query);
  const { plan, byIds } = place.length === 0 ? compiled : childAt(compiled.plan, place);
  const readChildren = childReader(input);
  return readByIds(input.db, byIds, plan.idSlot, ids).map((row) => buildRecord(plan, row, input.basePath, readChildren));
}

/** Rows in the order of their ids; ids that lead nowhere are left out. */
export function readByIds(db: DatabaseSync, sql: string, idSlot: number, ids: readonly string[]): readonly Row[] {
  const rows = prepare(db, sql).all(JSON.stringify(ids)) as unknown as readonly Row[];
  const byId = new Map(rows.map((row) => [row[idSlot], row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row === undefined ? [] : [row];
  });
}

/** Reads the children of one record after the other, at most a page of each. */
export function childReader(input: QueryInput): ReadChildren {
  const statements = new Map<ChildQuery, StatementSync>();
  return (query, parentId): ChildPage => {
    const statement = statements.get(query) ?? prepare(input.db, query.sql.sql);
    statements.set(query, statement);
    const rows = statement.all(parentId, ...query.sql.values) as unknown as readonly Row[];
    const beyond = rows.slice(input.limitRows);
    const rest = beyond.map((row) => String(row[query.plan.idSlot]));
    const nextRecordsUrl = rest.length === 0 ? null : input.keepChildren(query.place, input.limitRows, rest);
    return { rows: beyond.length === 0 ? rows : rows.slice(0, input.limitRows), totalSize: rows.length, nextRecordsUrl };
  };
}

function childAt(plan: RecordPlan, place: readonly number[]): ChildQuery {
  const [index = -1, ...below] = place;
  const part = plan.parts[index];
  if (part?.kind !== 'children') throw new Error(`The query has no subquery at ${place.join('.')}`);
  return below.length === 0 ? part.query : childAt(part.query.plan, below);
}
