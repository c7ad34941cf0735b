/** A query as rows of text under one header, parents by dotted names: the form in which bulk jobs answer. */

import type { Query } from '@jetstreamapp/soql-parser-js';
import type { SObjectFieldType } from '../schema/definition.ts';
import { isAggregateQuery, isBareCount } from './aggregate-query.ts';
import { asText, flatValue, formatValue } from './answer-value.ts';
import { fieldPath } from './condition.ts';
import { openQuery, type Question } from './open-query.ts';
import { idsOf, readByIds } from './record-page.ts';
import type { RecordPlan } from './record-plan.ts';
import { compileRecordQuery } from './record-query.ts';
import { SoqlRefusal } from './refusal.ts';

export interface FlatQuery {
  /** The queried object's own spelling. */
  readonly objectName: string;
  readonly header: readonly string[];
  /** The ids of its rows, in its order; nothing may write to the database while they are read. */
  readonly ids: () => Iterable<string>;
  /** The rows with these ids, as they are now; those that are gone are left out. */
  readonly read: (ids: readonly string[]) => readonly (readonly (string | null)[])[];
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
export function openFlatQuery(question: Question): FlatOutcome {
  try {
    const { scope, query } = openQuery(question);
    refuseUnsupported(query);
    const compiled = compileRecordQuery(scope, query);
    const columns = inWrittenOrder(flatten(compiled.plan, ''), query);
    return {
      kind: 'query',
      query: {
        objectName: scope.definition.name,
        header: columns.map((column) => column.path),
        ids: () => idsOf(question.db, compiled, query),
        read: (ids) =>
          readByIds(question.db, compiled.byIds, compiled.plan.idSlot, ids).map((row) =>
            columns.map((column) => shown(column, row[column.slot])),
          ),
      },
    };
  } catch (error) {
    if (error instanceof SoqlRefusal) return { kind: 'error', errorCode: error.errorCode, message: error.message };
    throw error;
  }
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
      case 'choice':
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
