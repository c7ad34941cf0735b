import type { FieldType, GroupByClause, Query } from '@jetstreamapp/soql-parser-js';
import type { SObjectFieldType } from '../schema/definition.ts';
import { answerValue, formatValue } from './answer-value.ts';
import { compileCondition, compileRestriction, fieldPath } from './condition.ts';
import { fieldOperand, functionOperand, isLongText, type Operand } from './operand.ts';
import { selectGroupingSets, type GroupedSelect, type GroupingKind } from './grouping-set.ts';
import { compileOrderTerms } from './ordering.ts';
import { fromSql, type QueryScope } from './query-scope.ts';
import type { Row } from './record-plan.ts';
import { notBuilt, refuseAt, SoqlRefusal } from './refusal.ts';
import { GROUPING_FUNCTION, plain, type SqlPart } from './sql-part.ts';

/** A query with aggregate functions or GROUP BY, compiled whole. */
export interface AggregateQuery {
  readonly sql: SqlPart;
  readonly columns: readonly AggregateColumn[];
}

export interface AggregateColumn {
  /** The alias, the field, or `expr0` and so on. */
  readonly name: string;
  readonly aggregate: boolean;
  /** As the query wrote it. */
  readonly written: string;
  readonly type: SObjectFieldType;
  readonly formatted: boolean;
}

/** Whether a query answers with AggregateResult records instead of rows. */
export function isAggregateQuery(query: Query): boolean {
  return query.groupBy !== undefined || (query.fields ?? []).some(hasAggregate);
}

/** Whether a query is `SELECT COUNT() FROM …`, which answers with a number of rows and no records. */
export function isBareCount(query: Query): boolean {
  const [field] = query.fields ?? [];
  return (
    query.fields?.length === 1 &&
    field?.type === 'FieldFunctionExpression' &&
    /^count$/i.test(field.functionName) &&
    field.parameters.length === 0
  );
}

/** Compiles an aggregate query; columns without an alias are called expr0, expr1, … as Salesforce does. */
export function compileAggregateQuery(scope: QueryScope, query: Query): AggregateQuery {
  const { source } = scope.context;
  const { kind, groups } = compileGroups(scope, listOf(query.groupBy));
  if (groups.length === 0 && query.limit !== undefined) {
    throw new SoqlRefusal('MALFORMED_QUERY', 'Non-grouped query that uses overall aggregate functions cannot also use LIMIT');
  }
  const isGrouped = (operand: Operand): boolean =>
    operand.aggregate || groups.some((group) => group.sql === operand.sql || group.sql === operand.column?.sql);
  const check = (prefix: string, clause: 'SELECT' | 'HAVING' | 'ORDER') => (operand: Operand) => {
    if (isGrouped(operand)) return;
    throw refuseAt(source, operand.written, clause, 'MALFORMED_QUERY', `${prefix} must be grouped or aggregated: ${operand.written}`);
  };

  const columns: AggregateColumn[] = [];
  const selected = (query.fields ?? []).map((field) => {
    const operand = compileSelected(scope, field);
    check('Field', 'SELECT')(operand);
    const name = ('alias' in field ? field.alias : undefined) ?? nameOf(operand, columns);
    if (columns.some((column) => column.name === name)) throw new SoqlRefusal('MALFORMED_QUERY', `duplicate alias: ${name}`);
    columns.push({ name, aggregate: operand.aggregate, written: operand.written, type: operand.type, formatted: operand.formatted });
    return operand;
  });

  const restriction = compileRestriction(scope, query);
  const checkHaving = (operand: Operand) => {
    check('Having field', 'HAVING')(operand);
    if (kind !== 'plain' && !operand.aggregate) throw notBuilt('HAVING on a field of GROUP BY ROLLUP or CUBE');
  };
  const having = query.having === undefined ? plain('') : compileCondition(scope, query.having, 'HAVING', checkHaving);
  const order = compileOrderTerms(scope, query.orderBy, check('Ordered field', 'ORDER'));
  const body = { sql: `${fromSql(scope)} ${restriction.sql}`, values: restriction.values };
  const select = { groups, selected, body, having, order, window: `LIMIT ${query.limit ?? -1} OFFSET ${query.offset ?? 0}` };
  const sql = kind === 'plain' ? selectGroups(select) : selectGroupingSets(kind, select);
  if (sql.sql.includes(GROUPING_FUNCTION))
    throw new SoqlRefusal('MALFORMED_QUERY', 'GROUPING() can only be asked of a field of GROUP BY ROLLUP or GROUP BY CUBE');
  return { sql, columns };
}

function selectGroups({ groups, selected, body, having, order, window }: GroupedSelect): SqlPart {
  const sql = [
    `SELECT ${selected.map((operand) => operand.sql).join(', ')} ${body.sql}`,
    groups.length === 0 ? '' : `GROUP BY ${groups.map((group) => group.sql).join(', ')}`,
    having.sql === '' ? '' : `HAVING ${having.sql}`,
    order.length === 0 ? '' : `ORDER BY ${order.map((term) => term.sql + term.direction).join(', ')}`,
    window,
  ];
  return { sql: sql.filter((part) => part !== '').join(' '), values: [...body.values, ...having.values] };
}

/** One AggregateResult record. */
export function buildAggregate(query: AggregateQuery, row: Row): Record<string, unknown> {
  const record: Record<string, unknown> = { attributes: { type: 'AggregateResult' } };
  query.columns.forEach(({ name, type, formatted }, slot) => {
    record[name] = formatted ? formatValue(row[slot], type) : answerValue(row[slot], type);
  });
  return record;
}

function compileSelected(scope: QueryScope, field: FieldType): Operand {
  switch (field.type) {
    case 'Field':
    case 'FieldRelationship':
      return fieldOperand(scope, fieldPath(field), 'SELECT');
    case 'FieldFunctionExpression':
      return functionOperand(scope, field, 'SELECT');
    case 'FieldSubquery':
      throw new SoqlRefusal('MALFORMED_QUERY', 'Grouped query cannot use child relationships in the SELECT list');
    case 'FieldTypeof':
      throw new SoqlRefusal('MALFORMED_QUERY', 'Grouped query cannot use TYPEOF in the SELECT list');
  }
}

function compileGroups(
  scope: QueryScope,
  written: readonly GroupByClause[],
): { readonly kind: GroupingKind; readonly groups: readonly Operand[] } {
  const [only] = written;
  const kind = only !== undefined && 'fn' in only ? /^(?:rollup|cube)$/i.exec(only.fn.functionName ?? '')?.[0].toLowerCase() : undefined;
  if (only === undefined || !('fn' in only) || (kind !== 'rollup' && kind !== 'cube'))
    return { kind: 'plain', groups: written.map((group) => compileGroup(scope, group)) };
  const inner = (only.fn.parameters ?? []).map((each): GroupByClause => (typeof each === 'string' ? { field: each } : { fn: each }));
  return { kind, groups: inner.map((group) => compileGroup(scope, group)) };
}

function compileGroup(scope: QueryScope, group: GroupByClause): Operand {
  const operand = 'fn' in group ? functionOperand(scope, group.fn, 'GROUP') : fieldOperand(scope, group.field, 'GROUP');
  const field = operand.column?.field;
  if (field === undefined || !isLongText(field)) return operand;
  throw refuseAt(
    scope.context.source,
    operand.written,
    'GROUP',
    'INVALID_FIELD',
    `field '${field.name}' can not be grouped in a query call`,
  );
}

/** A grouped field keeps its name, also within toLabel() and FORMAT(); every other expression is numbered. */
function nameOf(operand: Operand, columns: readonly AggregateColumn[]): string {
  const keepsName = !operand.aggregate && (operand.type !== 'int' || operand.column?.field.type === 'int');
  const field = operand.column?.field;
  if (keepsName && field !== undefined && field.type === operand.type) return field.name;
  return `expr${columns.filter((column) => /^expr\d+$/.test(column.name)).length}`;
}

function hasAggregate(field: FieldType): boolean {
  if (field.type !== 'FieldFunctionExpression') return false;
  // The parser also marks date functions as aggregates; those alone do not make one.
  if (/^(count|count_distinct|sum|avg|min|max|grouping)$/i.test(field.functionName)) return true;
  return field.parameters.some((parameter) => typeof parameter !== 'string' && hasAggregate(parameter));
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
