import type { FieldType, FieldSubquery, QueryBase } from '@jetstreamapp/soql-parser-js';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import { compileRestriction, fieldPath } from './condition.ts';
import { fieldOperand, functionOperand, type Operand, type WrittenFunction } from './operand.ts';
import { compileOrder } from './ordering.ts';
import { fromSql, liveRowsSql, scopeOf, type QueryScope } from './query-scope.ts';
import type { AnswerPart, RecordPlan } from './record-plan.ts';
import { SoqlRefusal, unexpectedToken, unknownChildren } from './refusal.ts';
import { planOf, slotOf, type Selection } from './selection.ts';
import { placeOf } from './source-text.ts';
import { plain, type SqlPart } from './sql-part.ts';
import { addTypeof } from './typeof-field.ts';

/** A query for records, compiled. LIMIT and OFFSET are left to the caller, who also pages. */
export interface RecordQuery {
  readonly columns: readonly string[];
  readonly plan: RecordPlan;
  /** FROM, joins and WHERE. */
  readonly body: SqlPart;
  readonly order: string;
  /** Reads rows by their ids, which are bound as one JSON text, in no order. */
  readonly byIds: string;
  /** The queried row's id. */
  readonly idSql: string;
}

const FIELDS_LIMIT = 200;

/** Compiles the field list, restriction and order of a query for records; `place` says which subquery it is, if it is one. */
export function compileRecordQuery(
  scope: QueryScope,
  query: QueryBase,
  extra: readonly SqlPart[] = [],
  place: readonly number[] = [],
): RecordQuery {
  const columns: string[] = [];
  const plan = planOf(scope.root, columns);
  const selection: Selection = { scope, query, columns, plan, plans: new Map([[scope.root, plan]]), place };
  for (const field of query.fields ?? []) addField(selection, field);
  const restriction = compileRestriction(scope, query, extra);
  const order = stableOrder(scope, compileOrder(scope, query.orderBy), query.where !== undefined);
  const from = fromSql(scope);
  const idSql = `${scope.alias}."Id"`;
  const live = liveRowsSql(scope);
  return {
    columns,
    plan,
    body: { sql: `${from} ${restriction.sql}`, values: restriction.values },
    order,
    idSql,
    byIds: `SELECT ${columns.join(', ')} ${from} WHERE ${idSql} IN (SELECT value FROM json_each(?))${live === null ? '' : ` AND ${live}`}`,
  };
}

function addField(selection: Selection, field: FieldType): void {
  const { scope, query, plan } = selection;
  switch (field.type) {
    case 'Field':
    case 'FieldRelationship': {
      if ('alias' in field && field.alias !== undefined) {
        throw new SoqlRefusal('MALFORMED_QUERY', 'only aggregate expressions use field aliasing');
      }
      addOperand(selection, fieldOperand(scope, fieldPath(field), 'SELECT'), null);
      return;
    }
    case 'FieldFunctionExpression': {
      if (field.functionName.toUpperCase() === 'FIELDS') {
        for (const name of expandFields(scope.definition, field, query)) {
          addOperand(selection, fieldOperand(scope, name, 'SELECT'), null);
        }
        return;
      }
      const operand = functionOperand(scope, field, 'SELECT');
      const isDateFunction = operand.type === 'int' && operand.column?.field.type.startsWith('date');
      if (isDateFunction) throw unexpectedToken(scope.context.source, placeOf(scope.context.source, field.functionName, 'SELECT'), '(');
      addOperand(selection, operand, field.alias ?? null);
      return;
    }
    case 'FieldSubquery':
      plan.parts.push(compileChildren(scope, field.subquery, [...selection.place, plan.parts.length]));
      return;
    case 'FieldTypeof':
      addTypeof(selection, field);
  }
}

/** Puts a field under its parents, which appear where they are first named. */
function addOperand({ scope, columns, plans }: Selection, operand: Operand, alias: string | null): void {
  if (operand.column === null) throw new SoqlRefusal('MALFORMED_QUERY', 'unexpected token: COUNT');
  const { entity, parents, field } = operand.column;
  let current = scope.root;
  for (const name of parents) {
    const next = current.parents.get(name.toLowerCase());
    const above = plans.get(current);
    if (next === undefined || above === undefined) break;
    if (!plans.has(next)) {
      const nested = planOf(next, columns);
      plans.set(next, nested);
      above.parts.push({ kind: 'parent', name, plan: nested });
    }
    current = next;
  }
  const target = plans.get(entity);
  if (target === undefined) return;
  const name = alias ?? field.name;
  if (target.parts.some((part) => part.name === name))
    throw new SoqlRefusal('INVALID_FIELD', `duplicate field selected: ${operand.written}`);
  target.parts.push({ kind: 'value', name, slot: slotOf(columns, operand.sql), type: operand.type, formatted: operand.formatted, field });
}

/** The names that FIELDS(ALL|STANDARD|CUSTOM) stands for. ALL and CUSTOM may grow without bound, so they need LIMIT 200 or less. */
function expandFields(definition: SObjectDefinition, written: WrittenFunction, query: QueryBase): readonly string[] {
  const [argument] = written.parameters ?? [];
  const kind = typeof argument === 'string' ? argument.toUpperCase() : '';
  if (kind !== 'STANDARD' && (query.limit === undefined || query.limit > FIELDS_LIMIT)) {
    throw new SoqlRefusal('MALFORMED_QUERY', 'The SOQL FIELDS function must have a LIMIT of at most 200');
  }
  const isCustom = (field: SObjectField): boolean => field.name.endsWith('__c');
  const fields = definition.fields.filter((field) => kind === 'ALL' || isCustom(field) === (kind === 'CUSTOM'));
  return fields.map((field) => field.name);
}

function compileChildren(scope: QueryScope, subquery: FieldSubquery['subquery'], place: readonly number[]): AnswerPart {
  const wanted = subquery.relationshipName.toLowerCase();
  const relationship = scope.definition.childRelationships.find((each) => each.relationshipName.toLowerCase() === wanted);
  const definition = relationship && scope.context.schema.get(relationship.childSObject.toLowerCase());
  if (relationship === undefined || definition === undefined) throw unknownChildren(scope.context.source, subquery.relationshipName);
  if (subquery.groupBy !== undefined || subquery.fields?.some((field) => 'isAggregateFn' in field && field.isAggregateFn)) {
    throw new SoqlRefusal('MALFORMED_QUERY', 'only root queries support aggregate expressions');
  }
  const inner = scopeOf(scope.context, definition, subquery.sObjectAlias ?? null);
  // The parent's id is the first value, and it is bound for each parent anew.
  const query = compileRecordQuery(inner, subquery, [plain(`${inner.alias}."${relationship.field}" = ?`)], place);
  const limit = `LIMIT ${subquery.limit ?? -1} OFFSET ${subquery.offset ?? 0}`;
  const sql = `SELECT ${query.columns.join(', ')} ${query.body.sql} ${query.order} ${limit}`;
  const child = { sql: { sql, values: query.body.values }, plan: query.plan, byIds: query.byIds, place };
  return { kind: 'children', name: relationship.relationshipName, query: child };
}

/** Ends every order with the id, so that pages of one query neither overlap nor leave gaps. */
function stableOrder(scope: QueryScope, order: string, isFiltered: boolean): string {
  const id = `${scope.alias}."Id"`;
  // The plus keeps SQLite from walking all rows by id where an index of the filtered field would find them.
  if (order === '') return `ORDER BY ${isFiltered ? '+' : ''}${id}`;
  if (order.includes(id)) return order;
  return `${order}, ${id}${/ DESC(?: NULLS \w+)?$/.test(order) ? ' DESC' : ''}`;
}
