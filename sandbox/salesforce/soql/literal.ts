import type { LiteralType } from '@jetstreamapp/soql-parser-js';
import type { SObjectFieldType } from '../schema/definition.ts';
import { parseId } from '../store/record-id.ts';
import { parseDate } from '../wire/instant.ts';
import { readDateLiteral, type CalendarPeriod } from './calendar-period.ts';

/** A literal of a condition, read for the type of the field it stands against. */
export type LiteralReading =
  | { readonly kind: 'null' }
  | { readonly kind: 'value'; readonly value: string | number }
  /** Days, or instants for a date-time field; half-open. */
  | { readonly kind: 'period'; readonly period: CalendarPeriod }
  | { readonly kind: 'refused'; readonly errorCode: string; readonly detail: string };

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  N: '\n',
  r: '\r',
  R: '\r',
  t: '\t',
  T: '\t',
  b: '\b',
  B: '\b',
  f: '\f',
  F: '\f',
};
const NUMBER_LITERALS: readonly LiteralType[] = ['INTEGER', 'DECIMAL', 'INTEGER_WITH_CURRENCY_PREFIX', 'DECIMAL_WITH_CURRENCY_PREFIX'];

/**
 * Reads one literal for a field called `fieldName` of type `fieldType` at `now`.
 *
 * Empty text equals null. Ids of 15 characters become the 18 that are stored. Date-times become UTC with milliseconds, as stored.
 * A literal of the wrong type is refused in Salesforce's words.
 */
export function readLiteral(
  written: string,
  literalType: LiteralType | undefined,
  fieldType: SObjectFieldType,
  fieldName: string,
  now: number,
): LiteralReading {
  if (literalType === 'NULL') return { kind: 'null' };
  switch (fieldType) {
    case 'id':
    case 'reference':
      return literalType === 'STRING' ? readId(unescapeText(written)) : wrongType(fieldName, 'string', true);
    case 'boolean':
      return literalType === 'BOOLEAN' ? value(written.toUpperCase() === 'TRUE' ? 1 : 0) : wrongType(fieldName, 'boolean');
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return isNumber(literalType) ? value(Number(written.replace(/^[A-Za-z]{3}/, ''))) : wrongType(fieldName, numberName(fieldType));
    case 'date':
      return readDay(written, literalType, fieldName, now);
    case 'datetime':
      return readInstant(written, literalType, fieldName, now);
    case 'string':
    case 'textarea':
    case 'picklist':
    case 'multipicklist':
    case 'email':
    case 'phone':
    case 'url': {
      if (literalType !== 'STRING') return wrongType(fieldName, 'string', true);
      const text = unescapeText(written);
      return text === '' ? { kind: 'null' } : value(text);
    }
  }
}

/** The text of a quoted literal, its escapes resolved. Source: SOQL Reference, "Quoted String Escape Sequences". */
function unescapeText(written: string): string {
  return written.slice(1, -1).replace(/\\(?:u([0-9a-fA-F]{4})|([^]))/g, (_all, code: string | undefined, sign: string) => {
    return code === undefined ? (ESCAPES[sign] ?? sign) : String.fromCharCode(Number.parseInt(code, 16));
  });
}

/** A LIKE pattern for SQLite with `\` as its escape: an escaped `%` or `_` stays plain, a bare one stays a wildcard. */
export function likePattern(written: string): string {
  return written.slice(1, -1).replace(/\\(?:u([0-9a-fA-F]{4})|([^]))/g, (_all, code: string | undefined, sign: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return sign === '%' || sign === '_' || sign === '\\' ? `\\${sign}` : (ESCAPES[sign] ?? sign);
  });
}

function readId(text: string): LiteralReading {
  if (text === '') return { kind: 'null' };
  const id = parseId(text);
  return id === null ? refused('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${text}`) : value(id);
}

function readDay(written: string, literalType: LiteralType | undefined, fieldName: string, now: number): LiteralReading {
  if (literalType === 'DATE' && parseDate(written) === written) return value(written);
  return readPeriod(written, literalType, now) ?? wrongType(fieldName, 'date');
}

function readInstant(written: string, literalType: LiteralType | undefined, fieldName: string, now: number): LiteralReading {
  if (literalType === 'DATETIME') {
    const ms = Date.parse(written.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
    return Number.isNaN(ms) ? wrongType(fieldName, 'dateTime') : value(new Date(ms).toISOString());
  }
  const reading = readPeriod(written, literalType, now);
  if (reading === null) return wrongType(fieldName, 'dateTime');
  const { from, to } = reading.period;
  return { kind: 'period', period: { from: `${from}T00:00:00.000Z`, to: `${to}T00:00:00.000Z` } };
}

function readPeriod(written: string, literalType: LiteralType | undefined, now: number): { kind: 'period'; period: CalendarPeriod } | null {
  if (literalType !== 'DATE_LITERAL' && literalType !== 'DATE_N_LITERAL') return null;
  const period = readDateLiteral(written, now);
  return period === null ? null : { kind: 'period', period };
}

function isNumber(literalType: LiteralType | undefined): boolean {
  return literalType !== undefined && NUMBER_LITERALS.includes(literalType);
}

function numberName(fieldType: SObjectFieldType): string {
  return fieldType === 'int' ? 'int' : 'double';
}

function wrongType(fieldName: string, type: string, quoted = false): LiteralReading {
  const how = quoted ? 'should be enclosed in quotes' : 'should not be enclosed in quotes';
  return refused('INVALID_FIELD', `value of filter criterion for field '${fieldName}' must be of type ${type} and ${how}`);
}

function refused(errorCode: string, detail: string): LiteralReading {
  return { kind: 'refused', errorCode, detail };
}

function value(of: string | number): LiteralReading {
  return { kind: 'value', value: of };
}
