import type { FieldType, GroupByClause, Query } from '@jetstreamapp/soql-parser-js';
import type { SObjectFieldType } from '../schema/definition.ts';
import { answerValue, formatValue } from './answer-value.ts';
import { compileCondition, compileRestriction, fieldPath } from './condition.ts';
import { fieldOperand, functionOperand, isLongText, type Operand } from './operand.ts';
import { compileOrder } from './ordering.ts';
import { fromSql, type QueryScope } from './query-scope.ts';
import type { Row } from './record-plan.ts';
import { notBuilt, refuseAt, SoqlRefusal } from './refusal.ts';
import { plain, type SqlPart } from './sql-part.ts';

/** A query with aggregate functions or GROUP BY, compiled whole. */
export interface AggregateQuery {
  readonly sql: SqlPart;
  readonly columns: readonly AggregateColumn[];
}

interface AggregateColumn {
  readonly name: string;
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
  const groups = listOf(query.groupBy).map((group) => compileGroup(scope, group));
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
    columns.push({ name, type: operand.type, formatted: operand.formatted });
    return operand.sql;
  });

  const restriction = compileRestriction(scope, query);
  const having = query.having === undefined ? plain('') : compileCondition(scope, query.having, 'HAVING', check('Having field', 'HAVING'));
  const order = compileOrder(scope, query.orderBy, check('Ordered field', 'ORDER'));
  const sql = [
    `SELECT ${selected.join(', ')} ${fromSql(scope)} ${restriction.sql}`,
    groups.length === 0 ? '' : `GROUP BY ${groups.map((group) => group.sql).join(', ')}`,
    having.sql === '' ? '' : `HAVING ${having.sql}`,
    order,
    `LIMIT ${query.limit ?? -1} OFFSET ${query.offset ?? 0}`,
  ];
  return { sql: { sql: sql.filter((part) => part !== '').join(' '), values: [...restriction.values, ...having.values] }, columns };
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
      throw notBuilt('TYPEOF');
  }
}

function compileGroup(scope: QueryScope, group: GroupByClause): Operand {
  if ('fn' in group && /^(rollup|cube)$/i.test(group.fn.functionName ?? ''))
    throw notBuilt(`GROUP BY ${group.fn.functionName?.toUpperCase()}`);
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
