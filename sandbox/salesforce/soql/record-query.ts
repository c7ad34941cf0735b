import type { FieldType, FieldSubquery, QueryBase } from '@jetstreamapp/soql-parser-js';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import { compileRestriction, fieldPath } from './condition.ts';
import { fieldOperand, functionOperand, type Operand, type WrittenFunction } from './operand.ts';
import { compileOrder } from './ordering.ts';
import { columnOf, fromSql, scopeOf, typeSqlOf, type Entity, type QueryScope } from './query-scope.ts';
import type { AnswerPart, RecordPlan } from './record-plan.ts';
import { notBuilt, SoqlRefusal, unexpectedToken, unknownChildren } from './refusal.ts';
import { placeOf } from './source-text.ts';
import { plain, type SqlPart } from './sql-part.ts';

/** A query for records, compiled. LIMIT and OFFSET are left to the caller, who also pages. */
export interface RecordQuery {
  readonly columns: readonly string[];
  readonly plan: RecordPlan;
  /** FROM, joins and WHERE. */
  readonly body: SqlPart;
  readonly order: string;
}

const FIELDS_LIMIT = 200;

/** Compiles the field list, restriction and order of a query for records. */
export function compileRecordQuery(scope: QueryScope, query: QueryBase, extra: readonly SqlPart[] = []): RecordQuery {
  const columns: string[] = [];
  const plan = planOf(scope.root, columns);
  const plans = new Map<Entity, RecordPlan>([[scope.root, plan]]);
  for (const field of query.fields ?? []) addField(scope, query, field, columns, plan, plans);
  const restriction = compileRestriction(scope, query, extra);
  const order = stableOrder(scope, compileOrder(scope, query.orderBy), query.where !== undefined);
  return { columns, plan, body: { sql: `${fromSql(scope)} ${restriction.sql}`, values: restriction.values }, order };
}

function addField(
  scope: QueryScope,
  query: QueryBase,
  field: FieldType,
  columns: string[],
  plan: RecordPlan,
  plans: Map<Entity, RecordPlan>,
): void {
  switch (field.type) {
    case 'Field':
    case 'FieldRelationship': {
      if ('alias' in field && field.alias !== undefined) {
        throw new SoqlRefusal('MALFORMED_QUERY', 'only aggregate expressions use field aliasing');
      }
      addOperand(scope, fieldOperand(scope, fieldPath(field), 'SELECT'), null, columns, plans);
      return;
    }
    case 'FieldFunctionExpression': {
      if (field.functionName.toUpperCase() === 'FIELDS') {
        for (const name of expandFields(scope.definition, field, query)) {
          addOperand(scope, fieldOperand(scope, name, 'SELECT'), null, columns, plans);
        }
        return;
      }
      const operand = functionOperand(scope, field, 'SELECT');
      const isDateFunction = operand.type === 'int' && operand.column?.field.type.startsWith('date');
      if (isDateFunction) throw unexpectedToken(scope.context.source, placeOf(scope.context.source, field.functionName, 'SELECT'), '(');
      addOperand(scope, operand, field.alias ?? null, columns, plans);
      return;
    }
    case 'FieldSubquery':
      plan.parts.push(compileChildren(scope, field.subquery));
      return;
    case 'FieldTypeof':
      throw notBuilt('TYPEOF');
  }
}

/** Puts a field under its parents, which appear where they are first named. */
function addOperand(scope: QueryScope, operand: Operand, alias: string | null, columns: string[], plans: Map<Entity, RecordPlan>): void {
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
  target.parts.push({ kind: 'value', name, slot: slotOf(columns, operand.sql), type: operand.type, formatted: operand.formatted });
}

function planOf(entity: Entity, columns: string[]): RecordPlan {
  const idSlot = slotOf(columns, columnOf(entity, 'Id')?.sql ?? 'NULL');
  const [only] = entity.targets;
  const single = entity.targets.length === 1 && only !== undefined;
  return { idSlot, type: single ? { name: only.definition.name } : { slot: slotOf(columns, typeSqlOf(entity)) }, parts: [] };
}

function slotOf(columns: string[], sql: string): number {
  const known = columns.indexOf(sql);
  return known === -1 ? columns.push(sql) - 1 : known;
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

function compileChildren(scope: QueryScope, subquery: FieldSubquery['subquery']): AnswerPart {
  const wanted = subquery.relationshipName.toLowerCase();
  const relationship = scope.definition.childRelationships.find((each) => each.relationshipName.toLowerCase() === wanted);
  const definition = relationship && scope.context.schema.get(relationship.childSObject.toLowerCase());
  if (relationship === undefined || definition === undefined) throw unknownChildren(scope.context.source, subquery.relationshipName);
  if (subquery.groupBy !== undefined || subquery.fields?.some((field) => 'isAggregateFn' in field && field.isAggregateFn)) {
    throw new SoqlRefusal('MALFORMED_QUERY', 'only root queries support aggregate expressions');
  }
  const inner = scopeOf(scope.context, definition, subquery.sObjectAlias ?? null);
  // The parent's id is the first value, and it is bound for each parent anew.
  const query = compileRecordQuery(inner, subquery, [plain(`${inner.alias}."${relationship.field}" = ?`)]);
  const limit = `LIMIT ${subquery.limit ?? -1} OFFSET ${subquery.offset ?? 0}`;
  const sql = `SELECT ${query.columns.join(', ')} ${query.body.sql} ${query.order} ${limit}`;
  return { kind: 'children', name: relationship.relationshipName, query: { sql: { sql, values: query.body.values }, plan: query.plan } };
}

/** Ends every order with the id, so that pages of one query neither overlap nor leave gaps. */
function stableOrder(scope: QueryScope, order: string, isFiltered: boolean): string {
  const id = `${scope.alias}."Id"`;
  // The plus keeps SQLite from walking all rows by id where an index of the filtered field would find them.
  if (order === '') return `ORDER BY ${isFiltered ? '+' : ''}${id}`;
  if (order.includes(id)) return order;
  return `${order}, ${id}${/ DESC(?: NULLS \w+)?$/.test(order) ? ' DESC' : ''}`;
}
