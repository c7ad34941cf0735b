import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SObjectDefinition } from '../schema/definition.ts';
import { buildAggregate, compileAggregateQuery, isAggregateQuery, isBareCount } from './aggregate-query.ts';
import { compileRestriction } from './condition.ts';
import { parseSoql, type ParsedQuery } from './parse.ts';
import { fromSql, openScope, type QueryContext, type QueryScope } from './query-scope.ts';
import { buildRecord, type ChildQuery, type Row } from './record-plan.ts';
import { compileRecordQuery } from './record-query.ts';
import { SoqlRefusal } from './refusal.ts';
import { FOLD_FUNCTION, type SqlPart } from './sql-part.ts';

export interface QueryInput {
  readonly soql: string;
  /** Rows in the recycle bin are seen, as by queryAll. */
  readonly includeDeleted: boolean;
  /** Objects by lower-case name. */
  readonly schema: ReadonlyMap<string, SObjectDefinition>;
  readonly db: DatabaseSync;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly userId: string;
  /** Such as `66.0`; stands in the url of every record. */
  readonly apiVersion: string;
  /** The page that is wanted: at most `limitRows` records after the first `offsetRows`. */
  readonly limitRows: number;
  readonly offsetRows: number;
}

export type QueryOutcome =
  | { readonly kind: 'rows'; readonly totalSize: number; readonly records: object[]; readonly more: boolean }
  | { readonly kind: 'error'; readonly errorCode: string; readonly message: string };

const MAX_OFFSET = 2000;
const MAX_GROUPS = 2000;

/**
 * Runs a SOQL query over the tables of the sandbox and answers in REST form, or refuses it in Salesforce's words.
 *
 * `totalSize` counts all rows of the query under its own LIMIT and OFFSET, whatever the page; `more` says that rows follow this page.
 * Aggregate results come in one page, as in Salesforce, which has no queryMore for them.
 */
export function runQuery(input: QueryInput): QueryOutcome {
  try {
    const parsed = parseSoql(input.soql);
    if ((parsed.query.offset ?? 0) > MAX_OFFSET) {
      return { kind: 'error', errorCode: 'NUMBER_OUTSIDE_VALID_RANGE', message: `Maximum SOQL offset allowed is ${MAX_OFFSET}` };
    }
    const context = openContext(input, parsed);
    const scope = openScope(context, parsed.query.sObject ?? '', parsed.query.sObjectAlias ?? null);
    if (isBareCount(parsed.query)) return runCount(input, scope, parsed);
    return isAggregateQuery(parsed.query) ? runAggregate(input, scope, parsed) : runRecords(input, scope, parsed);
  } catch (error) {
    if (error instanceof SoqlRefusal) return { kind: 'error', errorCode: error.errorCode, message: error.message };
    throw error;
  }
}

/** What the parts of one query share. */
export function openContext(input: Pick<QueryInput, 'schema' | 'now' | 'userId' | 'includeDeleted'>, parsed: ParsedQuery): QueryContext {
  let aliases = 0;
  return {
    source: parsed.source,
    schema: input.schema,
    now: input.now,
    userId: input.userId,
    includeDeleted: input.includeDeleted || parsed.allRows,
    nextAlias: () => `t${aliases++}`,
  };
}

function runCount(input: QueryInput, scope: QueryScope, { query }: ParsedQuery): QueryOutcome {
  const restriction = compileRestriction(scope, query);
  const body = { sql: `${fromSql(scope)} ${restriction.sql}`, values: restriction.values };
  return { kind: 'rows', totalSize: countRows(input.db, body, query.limit, query.offset), records: [], more: false };
}

function runAggregate(input: QueryInput, scope: QueryScope, { query }: ParsedQuery): QueryOutcome {
  const compiled = compileAggregateQuery(scope, query);
  const rows = readRows(input.db, compiled.sql);
  if (rows.length > MAX_GROUPS) {
    const message = 'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch';
    return { kind: 'error', errorCode: 'EXCEEDED_ID_LIMIT', message };
  }
  return { kind: 'rows', totalSize: rows.length, records: rows.map((row) => buildAggregate(compiled, row)), more: false };
}

function runRecords(input: QueryInput, scope: QueryScope, { query }: ParsedQuery): QueryOutcome {
  const { db, limitRows, offsetRows } = input;
  const compiled = compileRecordQuery(scope, query);
  // One row beyond the page shows whether more follow.
  const take = Math.max(0, Math.min(limitRows + 1, (query.limit ?? Infinity) - offsetRows));
  const window = `LIMIT ${Number.isFinite(take) ? take : -1} OFFSET ${(query.offset ?? 0) + offsetRows}`;
  const sql = `SELECT ${compiled.columns.join(', ')} ${compiled.body.sql} ${compiled.order} ${window}`;
  const rows = readRows(db, { sql, values: compiled.body.values });
  const more = rows.length > limitRows;
  const reachedEnd = !more && (offsetRows === 0 || rows.length > 0);
  const totalSize = reachedEnd ? offsetRows + rows.length : countRows(db, compiled.body, query.limit, query.offset);

  const readChildren = childReader(db);
  const apiVersion = input.apiVersion.replace(/^v/, '');
  const records = rows.slice(0, limitRows).map((row) => buildRecord(compiled.plan, row, apiVersion, readChildren));
  return { kind: 'rows', totalSize, records, more };
}

function countRows(db: DatabaseSync, body: SqlPart, limit: number | undefined, offset: number | undefined): number {
  const sql = `SELECT COUNT(*) FROM (SELECT 1 ${body.sql} LIMIT ${limit ?? -1} OFFSET ${offset ?? 0})`;
  return Number(readRows(db, { sql, values: body.values })[0]?.[0] ?? 0);
}

function readRows(db: DatabaseSync, part: SqlPart): readonly Row[] {
  return prepare(db, part.sql).all(...part.values) as unknown as readonly Row[];
}

/** The rows one by one, for results that are larger than memory should be. */
export function iterateRows(db: DatabaseSync, part: SqlPart): Iterable<Row> {
  return prepare(db, part.sql).iterate(...part.values) as unknown as Iterable<Row>;
}

function prepare(db: DatabaseSync, sql: string): StatementSync {
  registerFold(db, sql);
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

function childReader(db: DatabaseSync): (query: ChildQuery, parentId: string) => readonly Row[] {
  const statements = new Map<ChildQuery, StatementSync>();
  return (query, parentId) => {
    let statement = statements.get(query);
    if (statement === undefined) {
      statement = prepare(db, query.sql.sql);
      statements.set(query, statement);
    }
    return statement.all(parentId, ...query.sql.values) as unknown as readonly Row[];
  };
}

/** SQLite folds ASCII letters only; queries with other letters call this function instead of comparing columns directly. */
function registerFold(db: DatabaseSync, sql: string): void {
  if (!sql.includes(FOLD_FUNCTION)) return;
  db.function(FOLD_FUNCTION, { deterministic: true }, (value) => (typeof value === 'string' ? value.toLowerCase() : value));
}
