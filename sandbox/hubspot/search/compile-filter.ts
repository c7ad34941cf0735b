/** Filters of a search as conditions of SQL over `search_row`. */

import type { ObjectDefinition } from '../schema/object-type.ts';
import type { Property } from '../schema/property.ts';
import type { StoredValue } from '../store/database.ts';
import { invalid } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { storedInstant } from '../wire/instant.ts';
import { epochMsOf } from '../write/property-value.ts';
import type { SearchFilter } from './search-request.ts';

export interface Condition {
  readonly sql: string;
  readonly values: readonly StoredValue[];
}

/** What of a row is compared, and how an operand is put beside it. */
interface Operand {
  readonly sql: string;
  /** Null where the text is no such value. */
  readonly read: (text: string) => StoredValue;
}

/** The expression by which a property is compared and sorted. Stamps and ids have columns of their own, which are indexed. */
export function operandOf({ type }: ObjectDefinition, property: Property): Operand {
  const readNumber = (text: string) => (text.trim() === '' || Number.isNaN(Number(text)) ? null : Number(text));
  if (property.name === 'hs_object_id') return { sql: 'id', read: readNumber };
  if (property.name === type.createdProperty) return { sql: 'created_at', read: epochMsOf };
  if (property.name === type.modifiedProperty) return { sql: 'modified_at', read: epochMsOf };
  // Names are words of letters, digits and underscores. Cleared values are empty texts.
  const text = `nullif(json_extract(properties, '$.${property.name}'), '')`;
  switch (property.type) {
    case 'number':
      return { sql: `CAST(${text} AS REAL)`, read: readNumber };
    case 'datetime':
      return { sql: text, read: (given) => withEpoch(given, storedInstant) };
    case 'date':
      return { sql: text, read: (given) => withEpoch(given, (ms) => storedInstant(ms).slice(0, 10)) };
    case 'string':
    case 'phone_number':
      return { sql: `lower(${text})`, read: (given) => given.toLowerCase() };
    case 'enumeration':
    case 'bool':
      return { sql: text, read: (given) => given };
  }
}

function withEpoch(text: string, write: (ms: number) => string): string | null {
  const ms = epochMsOf(text);
  return ms === null ? null : write(ms);
}

/** One filter, or why it cannot be asked. A record without a value fits no comparison. */
export function compileFilter(definition: ObjectDefinition, filter: SearchFilter): Condition | ApiError {
  const { propertyName, operator } = filter;
  const property = definition.properties.get(propertyName);
  if (property === undefined || property.archived)
    return invalid(`There was a problem with the request: property ${propertyName} does not exist on ${definition.type.id}`);
  const { sql, read } = operandOf(definition, property);
  const needed = neededOperands(filter);
  if (needed === null) return invalid(`${operator} on ${propertyName} lacks its ${operandNames(operator)}`);
  const values = needed.map(read);
  const bad = needed.find((_text, index) => values[index] === null);
  if (bad !== undefined) return invalid(`${bad} is not a valid value of ${propertyName}, which is of type ${property.type}`);
  switch (operator) {
    case 'EQ':
    case 'LT':
    case 'LTE':
    case 'GT':
    case 'GTE':
    case 'NEQ':
      return { sql: `${sql} ${COMPARISONS[operator]} ?`, values };
    case 'BETWEEN':
      return { sql: `${sql} BETWEEN ? AND ?`, values };
    case 'IN':
      return { sql: `${sql} IN (${values.map(() => '?').join(', ')})`, values };
    case 'NOT_IN':
      return { sql: `${sql} NOT IN (${values.map(() => '?').join(', ')})`, values };
    case 'HAS_PROPERTY':
      return { sql: `${sql} IS NOT NULL`, values: [] };
    case 'NOT_HAS_PROPERTY':
      return { sql: `${sql} IS NULL`, values: [] };
    case 'CONTAINS_TOKEN':
      return { sql: `contains_tokens(${sql}, ?) = 1`, values: needed };
    case 'NOT_CONTAINS_TOKEN':
      return { sql: `contains_tokens(${sql}, ?) = 0`, values: needed };
  }
}

const COMPARISONS = { EQ: '=', NEQ: '<>', LT: '<', LTE: '<=', GT: '>', GTE: '>=' } as const;

/** The operands that the operator takes; null where one is missing. */
function neededOperands({ operator, value, highValue, values }: SearchFilter): readonly string[] | null {
  switch (operator) {
    case 'IN':
    case 'NOT_IN':
      return values === undefined || values.length === 0 ? null : values;
    case 'BETWEEN':
      return value === undefined || highValue === undefined ? null : [value, highValue];
    case 'HAS_PROPERTY':
    case 'NOT_HAS_PROPERTY':
      return [];
    case 'EQ':
    case 'NEQ':
    case 'LT':
    case 'LTE':
    case 'GT':
    case 'GTE':
    case 'CONTAINS_TOKEN':
    case 'NOT_CONTAINS_TOKEN':
      return value === undefined ? null : [value];
  }
}

function operandNames(operator: SearchFilter['operator']): string {
  if (operator === 'IN' || operator === 'NOT_IN') return 'values';
  return operator === 'BETWEEN' ? 'value and highValue' : 'value';
}
