/** A query as rows of text under one header, parents by dotted names: the form in which bulk jobs answer. */

import type { Query } from '@jetstreamapp/soql-parser-js';
import type { SObjectFieldType } from '../schema/definition.ts';
import { isAggregateQuery, isBareCount } from './aggregate-query.ts';
import { asText, flatValue, formatValue } from './answer-value.ts';
import { fieldPath } from './condition.ts';
import { parseSoql } from './parse.ts';
import { openScope } from './query-scope.ts';
import type { RecordPlan, Row } from './record-plan.ts';
import { compileRecordQuery } from './record-query.ts';
import { SoqlRefusal } from './refusal.ts';
import { iterateRows, openContext } from './run-query.ts';
import type { QueryInput } from './run-query.ts';

export interface FlatQuery {
  /** The queried object's own spelling. */
  readonly objectName: string;
  readonly header: readonly string[];
  /** Reads the rows one by one; nothing may write to the database meanwhile. */
  readonly rows: () => Iterable<readonly (string | null)[]>;
}

export type FlatOutcome =
  { readonly kind: 'query'; readonly query: FlatQuery } | { readonly kind: 'error'; readonly errorCode: string; readonly message: string };

interface FlatColumn {
  readonly path: string;
  readonly slot: number;
  readonly type: SObjectFieldType;
  readonly formatted: boolean;
}

/** Compiles `input.soql`, or refuses it; also for what bulk queries leave out (Bulk API 2.0 Developer Guide, "Understanding Bulk API 2.0 Query"). */
export function openFlatQuery(input: Omit<QueryInput, 'apiVersion' | 'limitRows' | 'offsetRows'>): FlatOutcome {
  try {
    const parsed = parseSoql(input.soql);
    const { query } = parsed;
    refuseUnsupported(query);
    const scope = openScope(openContext(input, parsed), query.sObject ?? '', query.sObjectAlias ?? null);
    const compiled = compileRecordQuery(scope, query);
    const columns = inWrittenOrder(flatten(compiled.plan, ''), query);
    const sql = `SELECT ${compiled.columns.join(', ')} ${compiled.body.sql} ${compiled.order} LIMIT ${query.limit ?? -1}`;
    const part = { sql, values: compiled.body.values };
    return {
      kind: 'query',
      query: {
        objectName: scope.definition.name,
        header: columns.map((column) => column.path),
        rows: () => readRows(columns, iterateRows(input.db, part)),
      },
    };
  } catch (error) {
    if (error instanceof SoqlRefusal) return { kind: 'error', errorCode: error.errorCode, message: error.message };
    throw error;
  }
}

function* readRows(columns: readonly FlatColumn[], rows: Iterable<Row>): Generator<readonly (string | null)[]> {
  for (const row of rows) yield columns.map((column) => shown(column, row[column.slot]));
}

function shown({ type, formatted }: FlatColumn, stored: unknown): string | null {
  if (!formatted) return flatValue(stored, type);
  const value = formatValue(stored, type);
  return value === null ? null : asText(value);
}

function refuseUnsupported(query: Query): void {
  const construct = unsupported(query);
  if (construct !== null) throw new SoqlRefusal('API_ERROR', `${construct} not supported in Bulk Query`);
}

function unsupported(query: Query): string | null {
  if ((query.fields ?? []).some((field) => field.type === 'FieldSubquery')) return 'Aggregate Relationships';
  if ((query.fields ?? []).some((field) => field.type === 'FieldTypeof')) return 'TYPEOF';
  if (query.groupBy !== undefined) return 'GROUP BY';
  if (isBareCount(query) || isAggregateQuery(query)) return 'Aggregate functions';
  return query.offset === undefined ? null : 'OFFSET';
}

function flatten(plan: RecordPlan, prefix: string): readonly FlatColumn[] {
  return plan.parts.flatMap((part): readonly FlatColumn[] => {
    switch (part.kind) {
      case 'value':
        return [{ path: prefix + part.name, slot: part.slot, type: part.type, formatted: part.formatted }];
      case 'parent':
        return flatten(part.plan, `${prefix}${part.name}.`);
      case 'children':
        return [];
    }
  });
}

/** The plan gathers fields under their parents; the header names them as the query does. */
function inWrittenOrder(columns: readonly FlatColumn[], query: Query): readonly FlatColumn[] {
  const written = (query.fields ?? []).map((field) =>
    field.type === 'Field' || field.type === 'FieldRelationship' ? fieldPath(field).toLowerCase() : null,
  );
  if (written.includes(null)) return columns;
  const placeOf = (column: FlatColumn) => {
    const path = column.path.toLowerCase();
    return written.findIndex((name) => name === path || name?.endsWith(`.${path}`) === true);
  };
  return columns.toSorted((a, b) => placeOf(a) - placeOf(b));
}
