import type { FieldFunctionExpression, FunctionExp } from '@jetstreamapp/soql-parser-js';
import type { SObjectField, SObjectFieldType } from '../schema/definition.ts';
import { CORPORATE_CURRENCY } from '../schema/built-in-currency.ts';
import { inCorporateCurrency, inCurrencyOf, namedAmount } from './amount.ts';
import { columnOf, resolveColumn, type Column, type QueryScope } from './query-scope.ts';
import { notBuilt, refuseAt, SoqlRefusal, type Clause } from './refusal.ts';
import { GROUPING_FUNCTION, quoteText } from './sql-part.ts';

/** A field or a function of one, as SQL without parameters, with the type by which literals and answers are read. */
export interface Operand {
  readonly sql: string;
  readonly type: SObjectFieldType;
  /** The field inside, by which refusals name the operand; null for COUNT(). */
  readonly column: Column | null;
  readonly aggregate: boolean;
  /** FORMAT() asks for text as a person reads it. */
  readonly formatted: boolean;
  /** SQL for the currency that an amount is in; left out in an org of one currency. */
  readonly currencySql?: string;
  /** The name as the query wrote it. */
  readonly written: string;
}

/** A function as the parser gives it, in a field list or in a condition. */
export type WrittenFunction = FieldFunctionExpression | FunctionExp;

const AGGREGATES = new Set(['COUNT', 'COUNT_DISTINCT', 'SUM', 'AVG', 'MIN', 'MAX']);
const NUMBERS = new Set<SObjectFieldType>(['int', 'double', 'currency', 'percent']);

/**
 * SQL of the date functions over a stored date or date-time, all whole numbers but DAY_ONLY.
 *
 * Weeks of a month or year are counted from its first day, not from a Sunday; the fiscal year is the calendar year.
 * Source: Salesforce, SOQL and SOSL Reference, "Date Functions".
 */
const DATE_FUNCTIONS: Readonly<Record<string, (sql: string) => string>> = {
  CALENDAR_YEAR: (sql) => part('%Y', sql),
  CALENDAR_QUARTER: (sql) => `((${part('%m', sql)} + 2) / 3)`,
  CALENDAR_MONTH: (sql) => part('%m', sql),
  FISCAL_YEAR: (sql) => part('%Y', sql),
  FISCAL_QUARTER: (sql) => `((${part('%m', sql)} + 2) / 3)`,
  FISCAL_MONTH: (sql) => part('%m', sql),
  DAY_IN_MONTH: (sql) => part('%d', sql),
  DAY_IN_WEEK: (sql) => `(${part('%w', sql)} + 1)`,
  DAY_IN_YEAR: (sql) => part('%j', sql),
  WEEK_IN_MONTH: (sql) => `((${part('%d', sql)} + 6) / 7)`,
  WEEK_IN_YEAR: (sql) => `((${part('%j', sql)} + 6) / 7)`,
  HOUR_IN_DAY: (sql) => part('%H', sql),
  DAY_ONLY: (sql) => `date(${sql})`,
};

/** Compiles a field of the query. */
export function fieldOperand(scope: QueryScope, path: string, clause: Clause): Operand {
  const column = resolveColumn(scope, path, clause);
  const operand: Operand = { sql: column.sql, type: column.field.type, column, aggregate: false, formatted: false, written: path };
  const currency = column.field.type === 'currency' ? columnOf(column.entity, 'CurrencyIsoCode') : null;
  return currency === null ? operand : { ...operand, currencySql: currency.sql };
}

/** Compiles a function call; refuses what Salesforce refuses of it, and by name what the sandbox does not build. */
export function functionOperand(scope: QueryScope, written: WrittenFunction, clause: Clause): Operand {
  const name = (written.functionName ?? '').toUpperCase();
  const argument = written.parameters?.[0];
  const text = written.rawValue ?? name;
  if (argument === undefined) {
    if (name !== 'COUNT') throw new SoqlRefusal('MALFORMED_QUERY', `unexpected token: '${text}'`);
    return { sql: 'COUNT(*)', type: 'int', column: null, aggregate: true, formatted: false, written: text };
  }
  const inner = typeof argument === 'string' ? fieldOperand(scope, argument, clause) : functionOperand(scope, argument, clause);
  if (AGGREGATES.has(name)) return aggregateOperand(scope, name, inner, text, clause);
  const dateFunction = DATE_FUNCTIONS[name];
  if (dateFunction !== undefined) {
    if (inner.type !== 'date' && inner.type !== 'datetime') throw refuseFunction(scope, name, inner, clause);
    return { ...inner, sql: dateFunction(inner.sql), type: name === 'DAY_ONLY' ? 'date' : 'int', written: text };
  }
  switch (name) {
    case 'TOLABEL':
      return { ...inner, sql: labelSql(inner), written: text };
    case 'GROUPING':
      return { ...inner, sql: `${GROUPING_FUNCTION}(${inner.sql})`, type: 'int', aggregate: true, written: text };
    case 'FORMAT':
      return {
        ...inner,
        sql: inner.currencySql === undefined ? inner.sql : namedAmount(inner.currencySql, inner.sql),
        formatted: true,
        written: text,
      };
    case 'CONVERTCURRENCY':
      return { ...inCurrencyOf(scope.context.userId, inner), written: text };
    case 'CONVERTTIMEZONE':
      // One time zone (UTC): nothing changes.
      return { ...inner, written: text };
  }
  throw notBuilt(`the SOQL function ${name}()`);
}

function aggregateOperand(scope: QueryScope, name: string, inner: Operand, written: string, clause: Clause): Operand {
  const field = inner.column?.field;
  if (field === undefined || !canAggregate(name, field)) throw refuseFunction(scope, name, inner, clause);
  const distinct = name === 'COUNT_DISTINCT';
  const amount = name === 'COUNT' ? inner.sql : inCorporateCurrency(inner);
  const sql = distinct ? `COUNT(DISTINCT ${inner.sql})` : `${name}(${amount})`;
  const type = name === 'COUNT' || distinct ? 'int' : inner.type;
  return {
    ...inner,
    sql,
    type,
    aggregate: true,
    written,
    ...(inner.currencySql === undefined ? {} : { currencySql: quoteText(CORPORATE_CURRENCY) }),
  };
}

function canAggregate(name: string, field: SObjectField): boolean {
  if (field.type === 'boolean' || isLongText(field)) return false;
  return name === 'SUM' || name === 'AVG' ? NUMBERS.has(field.type) : true;
}

/** Long text areas (more than 255 characters) can be read, but not filtered, sorted, grouped or counted. */
export function isLongText(field: SObjectField): boolean {
  return field.type === 'textarea' && field.length > 255;
}

/** Whether text in this field is compared without regard to case: all text but ids. */
export function isText(type: SObjectFieldType): boolean {
  return !NUMBERS.has(type) && !['id', 'reference', 'boolean', 'date', 'datetime'].includes(type);
}

function refuseFunction(scope: QueryScope, name: string, inner: Operand, clause: Clause): SoqlRefusal {
  const field = inner.column?.field.name ?? inner.written;
  const detail = AGGREGATES.has(name)
    ? `field ${field} does not support aggregate operator ${name}`
    : `field ${field} does not support ${name}`;
  return refuseAt(scope.context.source, inner.written, clause, 'MALFORMED_QUERY', detail);
}

function labelSql(inner: Operand): string {
  const values = inner.column?.field.picklistValues ?? [];
  if (values.length === 0) return inner.sql;
  const cases = values.map(({ value, label }) => `WHEN ${quoteText(value)} THEN ${quoteText(label)}`);
  return `(CASE ${inner.sql} ${cases.join(' ')} ELSE ${inner.sql} END COLLATE NOCASE)`;
}

function part(format: string, sql: string): string {
  return `CAST(strftime('${format}', ${sql}) AS INTEGER)`;
}
