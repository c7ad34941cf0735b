import type { DatabaseSync } from 'node:sqlite';
import { buildAggregate, compileAggregateQuery, isAggregateQuery, isBareCount } from './aggregate-query.ts';
import { compileRestriction } from './condition.ts';
import { openQuery, type OpenedQuery, type QueryInput } from './open-query.ts';
import { fromSql } from './query-scope.ts';
import { childReader } from './record-page.ts';
import { buildRecord } from './record-plan.ts';
import { compileRecordQuery } from './record-query.ts';
import { SoqlRefusal } from './refusal.ts';
import type { SqlPart } from './sql-part.ts';
import { readRows } from './statement.ts';

export type QueryOutcome =
  | { readonly kind: 'rows'; readonly totalSize: number; readonly records: object[]; readonly more: boolean }
  | { readonly kind: 'error'; readonly errorCode: string; readonly message: string };

const MAX_OFFSET = 2000;
const MAX_GROUPS = 2000;

/**
 * Runs a SOQL query over the tables of the sandbox and answers with its first page in REST form, or refuses it in Salesforce's words.
 *
 * `totalSize` counts all rows of the query under its own LIMIT and OFFSET, whatever the page; `more` says that rows follow this page.
 * Aggregate results come in one page, as in Salesforce, which has no queryMore for them.
 */
export function runQuery(input: QueryInput): QueryOutcome {
  try {
    const opened = openQuery(input);
    const { query } = opened;
    if ((query.offset ?? 0) > MAX_OFFSET) {
      return { kind: 'error', errorCode: 'NUMBER_OUTSIDE_VALID_RANGE', message: `Maximum SOQL offset allowed is ${MAX_OFFSET}` };
    }
    if (isBareCount(query)) return runCount(input, opened);
    return isAggregateQuery(query) ? runAggregate(input, opened) : runRecords(input, opened);
  } catch (error) {
    if (error instanceof SoqlRefusal) return { kind: 'error', errorCode: error.errorCode, message: error.message };
    throw error;
  }
}

function runCount(input: QueryInput, { scope, query }: OpenedQuery): QueryOutcome {
  const restriction = compileRestriction(scope, query);
  const body = { sql: `${fromSql(scope)} ${restriction.sql}`, values: restriction.values };
  return { kind: 'rows', totalSize: countRows(input.db, body, query.limit, query.offset), records: [], more: false };
}

function runAggregate(input: QueryInput, { scope, query }: OpenedQuery): QueryOutcome {
  const compiled = compileAggregateQuery(scope, query);
  const rows = readRows(input.db, compiled.sql);
  if (rows.length > MAX_GROUPS) {
    const message = 'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch';
    return { kind: 'error', errorCode: 'EXCEEDED_ID_LIMIT', message };
  }
  return { kind: 'rows', totalSize: rows.length, records: rows.map((row) => buildAggregate(compiled, row)), more: false };
}

function runRecords(input: QueryInput, { scope, query }: OpenedQuery): QueryOutcome {
  const { db, limitRows } = input;
  const compiled = compileRecordQuery(scope, query);
  // One row beyond the page shows whether more follow.
  const take = Math.min(limitRows + 1, query.limit ?? Infinity);
  const window = `LIMIT ${Number.isFinite(take) ? take : -1} OFFSET ${query.offset ?? 0}`;
  const sql = `SELECT ${compiled.columns.join(', ')} ${compiled.body.sql} ${compiled.order} ${window}`;
  const rows = readRows(db, { sql, values: compiled.body.values });
  const more = rows.length > limitRows;
  const totalSize = more ? countRows(db, compiled.body, query.limit, query.offset) : rows.length;
  const readChildren = childReader(input);
  const records = rows.slice(0, limitRows).map((row) => buildRecord(compiled.plan, row, input.basePath, readChildren));
  return { kind: 'rows', totalSize, records, more };
}

function countRows(db: DatabaseSync, body: SqlPart, limit: number | undefined, offset: number | undefined): number {
  const sql = `SELECT COUNT(*) FROM (SELECT 1 ${body.sql} LIMIT ${limit ?? -1} OFFSET ${offset ?? 0})`;
  return Number(readRows(db, { sql, values: body.values })[0]?.[0] ?? 0);
}
