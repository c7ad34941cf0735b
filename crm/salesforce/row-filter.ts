import type { CaptureRequest, RowCondition } from '../port.ts';
import { checkName, quoteText } from './soql-literal.ts';

/** The conditions of a query that keep the rows that a capture wants. A comparison with `!=` is true of an empty field, too. */
export function rowFilters({ whereNotNull, where = [] }: Pick<CaptureRequest, 'whereNotNull' | 'where'>): readonly string[] {
  return [...(whereNotNull === undefined ? [] : [`${checkName(whereNotNull)} != null`]), ...where.map(filterOf)];
}

function filterOf(condition: RowCondition): string {
  if ('anyOf' in condition) return `(${condition.anyOf.map(filterOf).join(' OR ')})`;
  const field = checkName(condition.field);
  if ('isEmpty' in condition) return `${field} ${condition.isEmpty ? '=' : '!='} null`;
  return 'is' in condition ? `${field} = ${quoteText(condition.is)}` : `${field} != ${quoteText(condition.isNot)}`;
}
