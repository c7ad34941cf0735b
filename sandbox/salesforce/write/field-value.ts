/** One field's value on its way in: read, normalised as Salesforce normalises it, and refused where Salesforce refuses it. */

import type { SObjectField } from '../schema/definition.ts';
import { parseId } from '../store/record-id.ts';
import type { StoredValue } from '../store/record-store.ts';
import { badEmail, badPicklistValue, malformedLookup, outsideRange, tooLong, undeserializable, wrongType } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { parseDate, parseInstant, storedInstant } from '../wire/instant.ts';

export type FieldValue = { readonly kind: 'value'; readonly value: StoredValue } | { readonly kind: 'refused'; readonly error: ApiError };

const NULL: FieldValue = { kind: 'value', value: null };

function accepted(value: StoredValue): FieldValue {
  return { kind: 'value', value };
}

function refused(error: ApiError): FieldValue {
  return { kind: 'refused', error };
}

/**
 * The stored form of `input` in `field`.
 *
 * Texts are trimmed and an empty one is null, numbers are rounded to the scale half away from zero, milliseconds are cut, ids get 18 characters,
 * values of restricted picklists take the spelling of the list. Whether a lookup's record exists is not asked here.
 */
export function readFieldValue(field: SObjectField, input: unknown): FieldValue {
  if (input === null || input === undefined || (typeof input === 'string' && input.trim() === '')) {
    return field.type === 'boolean' ? refused(wrongType(field, '')) : NULL;
  }
  switch (field.type) {
    case 'id':
    case 'reference':
      return readReference(field, input);
    case 'boolean':
      return readBoolean(input);
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return readNumber(field, input);
    case 'date': {
      const date = typeof input === 'string' ? parseDate(input) : null;
      return date === null ? refused(undeserializable('date', input)) : accepted(date);
    }
    case 'datetime': {
      const instant = typeof input === 'string' ? parseInstant(input) : null;
      return instant === null ? refused(undeserializable('datetime', input)) : accepted(storedInstant(instant));
    }
    case 'multipicklist':
      return readChoices(field, input);
    case 'picklist':
    case 'string':
    case 'textarea':
    case 'email':
    case 'phone':
    case 'url':
      return readText(field, input);
  }
}

function readText(field: SObjectField, input: unknown): FieldValue {
  if (typeof input === 'object') return refused(undeserializable(field.type === 'picklist' ? 'picklist' : 'string', input));
  const text = (typeof input === 'string' ? input : JSON.stringify(input)).trim();
  // Characters are counted as Java counts them, in UTF-16 units.
  if (text.length > field.length) return refused(tooLong(field, text));
  if (field.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return refused(badEmail(field, text));
  if (field.type !== 'picklist' || !field.restrictedPicklist) return accepted(text);
  const listed = field.picklistValues.find((each) => each.value.toLowerCase() === text.toLowerCase());
  return listed === undefined ? refused(badPicklistValue(field, text)) : accepted(listed.value);
}

/** Several values between semicolons, each once and in the order of the list. */
function readChoices(field: SObjectField, input: unknown): FieldValue {
  if (typeof input !== 'string') return refused(undeserializable('multipicklist', input));
  const named = input.split(';').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]));
  const found = named.map((text) => field.picklistValues.find((each) => each.value.toLowerCase() === text.toLowerCase())?.value ?? null);
  const unknown = named.find((_text, index) => found[index] === null);
  if (unknown !== undefined && field.restrictedPicklist) return refused(badPicklistValue(field, unknown));
  const chosen = new Set(named.map((text, index) => found[index] ?? text));
  const placeOf = (value: string) => {
    const place = field.picklistValues.findIndex((each) => each.value === value);
    return place === -1 ? field.picklistValues.length : place;
  };
  const text = [...chosen].sort((a, b) => placeOf(a) - placeOf(b)).join(';');
  return text.length > field.length ? refused(tooLong(field, text)) : text === '' ? NULL : accepted(text);
}

function readBoolean(input: unknown): FieldValue {
  if (typeof input === 'boolean') return accepted(input ? 1 : 0);
  const text = typeof input === 'string' ? input.trim().toLowerCase() : '';
  return text === 'true' || text === 'false' ? accepted(text === 'true' ? 1 : 0) : refused(undeserializable('boolean', input));
}

function readNumber(field: SObjectField, input: unknown): FieldValue {
  const type = field.type === 'int' ? 'int' : field.type === 'double' ? 'double' : field.type;
  const isNumeric =
    typeof input === 'number' || (typeof input === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(input.trim()));
  const number = Number(input);
  if (!isNumeric || !Number.isFinite(number)) return refused(undeserializable(type, input));
  if (field.type === 'int' && !Number.isInteger(number)) return refused(undeserializable(type, input));
  const rounded = roundHalfUp(number, field.scale);
  const digitsBefore = field.precision - field.scale;
  return field.precision > 0 && Math.abs(rounded) >= 10 ** digitsBefore ? refused(outsideRange(field, number)) : accepted(rounded);
}

/** Rounds on the decimal digits a person sees, so that 1.005 becomes 1.01 although the nearest binary number lies below it. */
function roundHalfUp(value: number, scale: number): number {
  const [mantissa = '0', exponent = '0'] = String(Math.abs(value)).split('e');
  const shifted = Math.round(Number(`${mantissa}e${Number(exponent) + scale}`));
  const [digits = '0', power = '0'] = String(shifted).split('e');
  return Math.sign(value) * Number(`${digits}e${Number(power) - scale}`) + 0;
}

function readReference(field: SObjectField, input: unknown): FieldValue {
  if (typeof input !== 'string')
    return refused(typeof input === 'object' ? undeserializable('reference', input) : wrongType(field, JSON.stringify(input)));
  const id = parseId(input.trim());
  return id === null ? refused(malformedLookup(field, input)) : accepted(id);
}
