import type { OrderByClause } from '@jetstreamapp/soql-parser-js';
import { fieldOperand, functionOperand, isLongText, isText, type Operand } from './operand.ts';
import type { QueryScope } from './query-scope.ts';
import { refuseAt } from './refusal.ts';
import { quoteText } from './sql-part.ts';

/** One term of ORDER BY; the three parts one after the other are its SQL. */
export interface OrderTerm {
  readonly sql: string;
  /** For where the term is a column of a subquery, which has lost it. */
  readonly collation: string;
  readonly direction: string;
}

/**
 * SQL for ORDER BY, or an empty text.
 *
 * Rows without a value come first in both directions unless the query says otherwise; picklists sort by the position of their values.
 * Source: Salesforce, SOQL and SOSL Reference, "ORDER BY". `checkOperand` refuses what may not be sorted by there.
 */
export function compileOrder(scope: QueryScope, orderBy: WrittenOrder, checkOperand?: (operand: Operand) => void): string {
  const terms = compileOrderTerms(scope, orderBy, checkOperand);
  return terms.length === 0 ? '' : `ORDER BY ${terms.map(({ sql, direction }) => sql + direction).join(', ')}`;
}

type WrittenOrder = OrderByClause | readonly OrderByClause[] | undefined;

/** The terms by themselves. */
export function compileOrderTerms(
  scope: QueryScope,
  orderBy: WrittenOrder,
  checkOperand: (operand: Operand) => void = () => undefined,
): readonly OrderTerm[] {
  const clauses = orderBy === undefined ? [] : 'length' in orderBy ? orderBy : [orderBy];
  return clauses.map((clause) => {
    const operand = 'fn' in clause ? functionOperand(scope, clause.fn, 'ORDER') : fieldOperand(scope, clause.field, 'ORDER');
    checkOperand(operand);
    refuseLongText(scope, operand);
    const descending = clause.order === 'DESC';
    const direction = `${descending ? ' DESC' : ''}${nullsSql(operand, descending, clause.nulls === 'LAST')}`;
    return { sql: sortKey(operand), collation: isText(operand.type) ? ' COLLATE NOCASE' : '', direction };
  });
}

function nullsSql(operand: Operand, descending: boolean, last: boolean): string {
  // SQLite puts nulls first when ascending and last when descending; only the other order is said, since saying it costs an index.
  if (last === descending) return '';
  const neverNull = operand.column?.field.nillable === false && operand.column.parents.length === 0;
  if (neverNull) return '';
  return last ? ' NULLS LAST' : ' NULLS FIRST';
}

function sortKey(operand: Operand): string {
  const values = operand.column?.field.picklistValues ?? [];
  if (operand.type !== 'picklist' || values.length === 0 || operand.written.includes('(')) return operand.sql;
  const cases = values.map(({ value }, position) => `WHEN ${quoteText(value)} THEN ${position}`);
  return `CASE ${operand.sql} ${cases.join(' ')} ELSE iif(${operand.sql} IS NULL, NULL, ${values.length}) END`;
}

function refuseLongText(scope: QueryScope, operand: Operand): void {
  const field = operand.column?.field;
  if (field === undefined || !isLongText(field)) return;
  throw refuseAt(
    scope.context.source,
    operand.written,
    'ORDER',
    'INVALID_FIELD',
    `field '${field.name}' can not be sorted in a query call`,
  );
}
