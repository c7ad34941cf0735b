import type { HavingClause, Query, WhereClause } from '@jetstreamapp/soql-parser-js';
import { compileComparison, leftOperand, negate } from './comparison.ts';
import { buildConditionTree, type Comparison, type ConditionTree } from './condition-tree.ts';
import { fieldOperand, isText, type Operand } from './operand.ts';
import { fromSql, liveRowsSql, openScope, type QueryScope } from './query-scope.ts';
import { refuseAt, SoqlRefusal, unexpectedToken, type Clause } from './refusal.ts';
import { placeOf } from './source-text.ts';
import { joinParts, plain, type SqlPart } from './sql-part.ts';

/** Compiles a WHERE or HAVING clause. `checkOperand` refuses what may not stand on a left side there. */
export function compileCondition(
  scope: QueryScope,
  chain: WhereClause | HavingClause,
  clause: 'WHERE' | 'HAVING',
  checkOperand: (operand: Operand) => void = (operand) => refuseAggregate(scope, operand),
): SqlPart {
  const tree = buildConditionTree(chain, scope.context.source, clause);
  refuseNestedJoins(tree, true);
  return compileTree(scope, tree, clause, checkOperand);
}

/** All that restricts the rows of a query or subquery: its WHERE clause, its scope and the recycle bin. */
export function compileRestriction(scope: QueryScope, query: Pick<Query, 'where' | 'usingScope'>, extra: readonly SqlPart[] = []): SqlPart {
  const parts = [...extra];
  if (query.where !== undefined) parts.push(compileCondition(scope, query.where, 'WHERE'));
  const owner = scope.definition.fields.find((field) => field.name === 'OwnerId');
  if (query.usingScope?.toLowerCase() === 'mine' && owner !== undefined) {
    parts.push({ sql: `${scope.alias}."OwnerId" = ?`, values: [scope.context.userId] });
  }
  const live = liveRowsSql(scope);
  if (live !== null) parts.push(plain(live));
  if (parts.length === 0) return plain('');
  const joined = joinParts(parts, 'AND');
  return { sql: `WHERE ${joined.sql}`, values: joined.values };
}

const MOST_SEMI_JOINS = 2;

/** Salesforce takes two semi-joins or anti-joins at most, and only where all rows have to satisfy them (reference, "Comparison Operators"). */
function refuseNestedJoins(tree: ConditionTree, isTopLevel: boolean): void {
  switch (tree.kind) {
    case 'comparison':
      if (isTopLevel || !('valueQuery' in tree.comparison)) return;
      throw new SoqlRefusal(
        'MALFORMED_QUERY',
        'Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions.',
      );
    case 'not':
      return refuseNestedJoins(tree.inner, false);
    case 'or':
      return tree.parts.forEach((part) => refuseNestedJoins(part, false));
    case 'and':
      if (tree.parts.filter((part) => part.kind === 'comparison' && 'valueQuery' in part.comparison).length > MOST_SEMI_JOINS)
        throw new SoqlRefusal('MALFORMED_QUERY', `Maximum ${MOST_SEMI_JOINS} semi join sub-selects are allowed.`);
      return tree.parts.forEach((part) => refuseNestedJoins(part, isTopLevel));
  }
}

function compileTree(scope: QueryScope, tree: ConditionTree, clause: Clause, checkOperand: (operand: Operand) => void): SqlPart {
  switch (tree.kind) {
    case 'not':
      return negate(compileTree(scope, tree.inner, clause, checkOperand));
    case 'and':
    case 'or': {
      const keyset = tree.kind === 'or' ? compileKeyset(scope, tree.parts, clause) : null;
      if (keyset !== null) return keyset;
      const parts = tree.parts.map((part) => compileTree(scope, part, clause, checkOperand));
      return joinParts(parts, tree.kind === 'and' ? 'AND' : 'OR');
    }
    case 'comparison': {
      const { comparison } = tree;
      const operand = leftOperand(scope, comparison, clause);
      checkOperand(operand);
      if ('valueQuery' in comparison) return compileSemiJoin(scope, operand, comparison, clause);
      return compileComparison(scope, operand, comparison, clause);
    }
  }
}

/**
 * `a > x OR (a = x AND b > y)`, by which clients walk a table, as one comparison of pairs, which SQLite answers from an index on (a, b).
 * Null for every other shape: those go the ordinary way.
 */
function compileKeyset(scope: QueryScope, parts: readonly ConditionTree[], clause: Clause): SqlPart | null {
  const [first, second] = parts;
  if (parts.length !== 2 || first?.kind !== 'comparison' || second?.kind !== 'and' || second.parts.length !== 2) return null;
  const [same, beyond] = second.parts;
  if (same?.kind !== 'comparison' || beyond?.kind !== 'comparison') return null;
  const major = readSimple(first.comparison);
  const equal = readSimple(same.comparison);
  const minor = readSimple(beyond.comparison);
  if (major === null || equal === null || minor === null || equal.operator !== '=') return null;
  if (equal.field.toLowerCase() !== major.field.toLowerCase() || equal.value !== major.value) return null;
  if (major.operator !== minor.operator || (major.operator !== '>' && major.operator !== '<')) return null;

  const left = fieldOperand(scope, major.field, clause);
  const right = fieldOperand(scope, minor.field, clause);
  // Text may need folding and an empty text means null: pairs are for stamps, numbers and ids.
  if (isText(left.type) || isText(right.type) || major.value === "''" || minor.value === "''") return null;
  const sides = [compileTree(scope, first, clause, ignore), compileTree(scope, beyond, clause, ignore)];
  if (sides.some((side) => side.values.length !== 1 || !side.sql.endsWith(` ${major.operator} ?`))) return null;
  return { sql: `(${left.sql}, ${right.sql}) ${major.operator} (?, ?)`, values: sides.flatMap((side) => side.values) };
}

function readSimple(comparison: Comparison): { field: string; operator: string; value: string } | null {
  if (!('field' in comparison) || !('value' in comparison) || typeof comparison.value !== 'string') return null;
  const literalType = comparison.literalType;
  if (literalType === 'NULL' || literalType === 'DATE_LITERAL' || literalType === 'DATE_N_LITERAL') return null;
  return { field: comparison.field, operator: comparison.operator, value: comparison.value };
}

function compileSemiJoin(
  scope: QueryScope,
  operand: Operand,
  comparison: Extract<Comparison, { valueQuery: unknown }>,
  clause: Clause,
): SqlPart {
  const { source } = scope.context;
  if (operand.type !== 'id' && operand.type !== 'reference') {
    const detail = `The left operand '${operand.written}' in the where expression for outer query should be an id field, cannot use: '${operand.written}'`;
    throw refuseAt(source, operand.written, clause, 'MALFORMED_QUERY', detail);
  }
  const query = comparison.valueQuery;
  const inner = openScope(scope.context, query.sObject ?? '', query.sObjectAlias ?? null);
  if (inner.definition.name === scope.definition.name)
    throw new SoqlRefusal('MALFORMED_QUERY', 'The inner and outer selects should not be on the same object type');
  const [selected] = query.fields ?? [];
  if (query.fields?.length !== 1 || selected === undefined || (selected.type !== 'Field' && selected.type !== 'FieldRelationship')) {
    throw new SoqlRefusal('MALFORMED_QUERY', 'semi join sub-selects can only query one id field');
  }
  const column = fieldOperand(inner, fieldPath(selected), clause);
  if (column.type !== 'id' && column.type !== 'reference') {
    throw refuseAt(
      source,
      column.written,
      clause,
      'MALFORMED_QUERY',
      `semi join sub-selects can only query id fields, cannot use: '${column.written}'`,
    );
  }
  const restriction = compileRestriction(inner, query, [plain(`${column.sql} IS NOT NULL`)]);
  const part = { sql: `${operand.sql} IN (SELECT ${column.sql} ${fromSql(inner)} ${restriction.sql})`, values: restriction.values };
  return comparison.operator.toUpperCase() === 'NOT IN' ? negate(part) : part;
}

/** The dotted path of a selected field as the query wrote it. */
export function fieldPath(field: {
  readonly field: string;
  readonly relationships?: readonly string[];
  readonly rawValue?: string;
}): string {
  return field.rawValue ?? [...(field.relationships ?? []), field.field].join('.');
}

function refuseAggregate(scope: QueryScope, operand: Operand): void {
  if (!operand.aggregate) return;
  throw unexpectedToken(scope.context.source, placeOf(scope.context.source, '(', 'WHERE'), '(');
}

function ignore(): void {}
