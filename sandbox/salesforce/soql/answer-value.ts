import type { SObjectFieldType } from '../schema/definition.ts';

const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });
const MONEY = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const AMOUNT = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const DAY = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC' });
const INSTANT = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', dateStyle: 'short', timeStyle: 'short' });

/** A stored value as REST answers it: date-times as `2013-05-20T20:49:32.000+0000`, booleans as such, floating-point noise cut. */
export function answerValue(stored: unknown, type: SObjectFieldType): unknown {
  if (stored === null || stored === undefined) return null;
  switch (type) {
    case 'boolean':
      return stored === 1 || stored === 1n;
    case 'datetime':
      return typeof stored === 'string' && stored.endsWith('Z') ? `${stored.slice(0, -1)}+0000` : stored;
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return Number(Number(stored).toPrecision(15));
    case 'id':
    case 'string':
    case 'textarea':
    case 'date':
    case 'picklist':
    case 'multipicklist':
    case 'reference':
    case 'email':
    case 'phone':
    case 'url':
      return stored;
  }
}

/** A stored value as bulk results write it: date-times with Z, numbers with decimals as Java writes a double. */
export function flatValue(stored: unknown, type: SObjectFieldType): string | null {
  if (stored === null || stored === undefined) return null;
  switch (type) {
    case 'boolean':
      return String(stored === 1 || stored === 1n);
    case 'double':
    case 'currency':
    case 'percent':
      return javaDouble(Number(answerValue(stored, type)));
    case 'int':
    case 'id':
    case 'string':
    case 'textarea':
    case 'date':
    case 'datetime':
    case 'picklist':
    case 'multipicklist':
    case 'reference':
    case 'email':
    case 'phone':
    case 'url':
      return asText(stored);
  }
}

/** The text of a value that may be a number or a boolean. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `Double.toString` of Java: `25000.0`, and from 10,000,000 on `1.0E7`. Data Loader issues 161 and 1204 show it in bulk results. */
function javaDouble(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

/** `EUR 1250.5` as `EUR 1,250.50`. */
function formatNamedAmount(named: string): string {
  const [currency = '', amount = ''] = named.split(' ');
  return `${currency} ${AMOUNT.format(Number(amount))}`;
}

/** A stored value as FORMAT() shows it to a person in en_US and UTC. */
export function formatValue(stored: unknown, type: SObjectFieldType): unknown {
  if (type === 'currency' && typeof stored === 'string') return formatNamedAmount(stored);
  const value = answerValue(stored, type);
  if (value === null) return null;
  switch (type) {
    case 'int':
    case 'double':
      return NUMBER.format(Number(value));
    case 'percent':
      return `${NUMBER.format(Number(value))}%`;
    case 'currency':
      return MONEY.format(Number(value));
    case 'date':
      return DAY.format(new Date(String(stored)));
    case 'datetime':
      return INSTANT.format(new Date(String(stored)));
    case 'boolean':
    case 'id':
    case 'string':
    case 'textarea':
    case 'picklist':
    case 'multipicklist':
    case 'reference':
    case 'email':
    case 'phone':
    case 'url':
      return value;
  }
}
