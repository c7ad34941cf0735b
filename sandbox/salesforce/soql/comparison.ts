import type { LiteralType, Operator } from '@jetstreamapp/soql-parser-js';
import { isAnyTypeColumn } from '../schema/history-object.ts';
import type { Comparison } from './condition-tree.ts';
import { likePattern, readLiteral, type LiteralReading } from './literal.ts';
import { fieldOperand, functionOperand, isLongText, isText, type Operand } from './operand.ts';
import type { QueryScope } from './query-scope.ts';
import { refuseAt, SoqlRefusal, type Clause } from './refusal.ts';
import { FOLD_FUNCTION, joinParts, plain, type SqlPart, type SqlValue } from './sql-part.ts';

/** Above this, a list is bound as one JSON text: SQLite limits the number of parameters. */
const LIST_LIMIT = 500;
type Written = Exclude<Comparison, { valueQuery: unknown }>;
type Reading = Exclude<LiteralReading, { kind: 'refused' }>;

/** The left side of a comparison, checked for whether it may be filtered. */
export function leftOperand(scope: QueryScope, comparison: Comparison, clause: Clause): Operand {
  const operand =
    'fn' in comparison && comparison.fn !== undefined
      ? functionOperand(scope, comparison.fn, clause)
      : fieldOperand(scope, 'field' in comparison ? comparison.field : '', clause);
  const field = operand.column?.field;
  const isHistoryValue = operand.column?.entity.targets.some(({ definition }) => isAnyTypeColumn(definition.name, field?.name ?? ''));
  if (field !== undefined && (isLongText(field) || isHistoryValue === true)) {
    throw refuseAt(
      scope.context.source,
      operand.written,
      clause,
      'INVALID_FIELD',
      `field '${field.name}' can not be filtered in a query call`,
    );
  }
  return operand;
}

/**
 * SQL for one comparison with literals.
 *
 * As in Salesforce: text is compared without regard to case; `!=` and NOT IN include rows without a value; `<` and its kin never do;
 * a date literal stands for all of its days.
 */
export function compileComparison(scope: QueryScope, operand: Operand, comparison: Written, clause: Clause): SqlPart {
  // `<>` is another spelling of `!=`, which the parser takes and does not name among its operators.
  const written: string = comparison.operator.toUpperCase();
  const operator = (written === '<>' ? '!=' : written) as Operator;
  if (operator === 'LIKE') return like(scope, operand, comparison, clause);
  const literals = readLiterals(scope, operand, comparison, clause);
  switch (operator) {
    case 'IN':
      return inList(operand, literals);
    case 'NOT IN':
      return negate(inList(operand, literals));
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const [literal] = literals;
      if (literal === undefined) throw new SoqlRefusal('MALFORMED_QUERY', `unexpected token: '${operator}'`);
      return compareOne(operand, operator, literal);
    }
    case 'INCLUDES':
    case 'EXCLUDES':
      return includes(scope, operand, literals, operator, clause);
  }
}

/** True where `part` is false or unknown: SOQL knows no third truth value. */
export function negate(part: SqlPart): SqlPart {
  return { sql: `(${part.sql}) IS NOT TRUE`, values: part.values };
}

function readLiterals(scope: QueryScope, operand: Operand, comparison: Written, clause: Clause): readonly Reading[] {
  const written: readonly string[] = Array.isArray(comparison.value) ? comparison.value : [comparison.value];
  const name = operand.column?.field.name ?? operand.written;
  return written.map((each, index) => {
    const literalType: LiteralType | undefined = Array.isArray(comparison.literalType)
      ? comparison.literalType[index]
      : comparison.literalType;
    const reading = readLiteral(each, literalType, operand.type, name, scope.context.now);
    if (reading.kind === 'refused') throw refuseAt(scope.context.source, operand.written, clause, reading.errorCode, reading.detail);
    return reading;
  });
}

function compareOne(operand: Operand, operator: '=' | '!=' | '<' | '<=' | '>' | '>=', literal: Reading): SqlPart {
  const { sql } = operand;
  if (literal.kind === 'null') {
    if (operator === '=') return plain(`${sql} IS NULL`);
    // `> ''` is how some clients begin to walk ids: every value is beyond nothing.
    return operator === '!=' || operator === '>' ? plain(`${sql} IS NOT NULL`) : plain('0');
  }
  if (literal.kind === 'value') {
    const [left, right] = sides(operand, literal.value);
    return operator === '!='
      ? { sql: `${left} IS NOT ${right}`, values: [literal.value] }
      : { sql: `${left} ${operator} ${right}`, values: [literal.value] };
  }
  const { from, to } = literal.period;
  switch (operator) {
    case '=':
      return { sql: `(${sql} >= ? AND ${sql} < ?)`, values: [from, to] };
    case '!=':
      return negate({ sql: `${sql} >= ? AND ${sql} < ?`, values: [from, to] });
    case '<':
      return { sql: `${sql} < ?`, values: [from] };
    case '<=':
      return { sql: `${sql} < ?`, values: [to] };
    case '>':
      return { sql: `${sql} >= ?`, values: [to] };
    case '>=':
      return { sql: `${sql} >= ?`, values: [from] };
  }
}

/** Both sides as SQL: as they are, or folded where the literal has letters whose case SQLite does not know. */
function sides(operand: Operand, value: SqlValue): readonly [string, string] {
  const folds = typeof value === 'string' && isText(operand.type) && /\P{ASCII}/u.test(value);
  return folds ? [`${FOLD_FUNCTION}(${operand.sql})`, `${FOLD_FUNCTION}(?)`] : [operand.sql, '?'];
}

/** Each literal is a set of values, `'a;b'`, of which a record has to have all; one of the literals is enough. A record without any value excludes all. */
function includes(
  scope: QueryScope,
  operand: Operand,
  literals: readonly Reading[],
  operator: 'INCLUDES' | 'EXCLUDES',
  clause: Clause,
): SqlPart {
  if (operand.type !== 'multipicklist')
    throw refuseAt(
      scope.context.source,
      operand.written,
      clause,
      'INVALID_QUERY_FILTER_OPERATOR',
      `invalid operator on ${operand.type} field`,
    );
  const parts = literals.map((literal): SqlPart => {
    if (literal.kind !== 'value') return plain(`${operand.sql} IS NULL`);
    const wanted = String(literal.value).split(';');
    const each = wanted.map((value): SqlPart => ({
      sql: `instr(lower(';' || ${operand.sql} || ';'), ?) > 0`,
      values: [`;${value.trim().toLowerCase()};`],
    }));
    return joinParts(each, 'AND');
  });
  const found = joinParts(parts, 'OR');
  return operator === 'INCLUDES' ? found : negate(found);
}

function inList(operand: Operand, literals: readonly Reading[]): SqlPart {
  const values = literals.flatMap((literal) => (literal.kind === 'value' ? [literal.value] : []));
  const folded = values.filter((value) => sides(operand, value)[0] !== operand.sql);
  const direct = values.filter((value) => !folded.includes(value));
  const parts = literals.filter((literal) => literal.kind !== 'value').map((literal) => compareOne(operand, '=', literal));
  parts.push(...folded.map((value) => compareOne(operand, '=', { kind: 'value', value })));
  if (direct.length > LIST_LIMIT) {
    parts.push({ sql: `${operand.sql} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(direct)] });
  } else if (direct.length > 0) {
    parts.push({ sql: `${operand.sql} IN (${direct.map(() => '?').join(', ')})`, values: direct });
  }
  return joinParts(parts, 'OR');
}

function like(scope: QueryScope, operand: Operand, comparison: Written, clause: Clause): SqlPart {
  if (!isText(operand.type)) {
    const type = operand.type === 'reference' ? 'id' : operand.type;
    throw refuseAt(scope.context.source, operand.written, clause, 'INVALID_QUERY_FILTER_OPERATOR', `invalid operator on ${type} field`);
  }
  const written: readonly string[] = Array.isArray(comparison.value) ? comparison.value : [comparison.value];
  const parts = written.map((each): SqlPart => {
    if (!each.startsWith("'")) return plain('0');
    const pattern = likePattern(each);
    const [left, right] = sides(operand, pattern);
    return { sql: `${left} LIKE ${right} ESCAPE '\\'`, values: [pattern] };
  });
  return joinParts(parts, 'OR');
}
