/** A stored record as REST shows it. */

import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import type { StoredRow, StoredValue } from '../store/record-store.ts';
import { restInstant } from './instant.ts';

export function recordUrl(version: string, objectName: string, id: string): string {
  return `/services/data/${version}/sobjects/${objectName}/${id}`;
}

/** `row` with `attributes` first and then `fields` in the order given. */
export function formatRecord(
  definition: SObjectDefinition,
  row: StoredRow,
  fields: readonly SObjectField[],
  version: string,
): Record<string, unknown> {
  const attributes = { type: definition.name, url: recordUrl(version, definition.name, String(row['Id'])) };
  return Object.fromEntries([
    ['attributes', attributes],
    ...fields.map((field) => [field.name, formatValue(field, row[field.name] ?? null)]),
  ]);
}

function formatValue(field: SObjectField, value: StoredValue): unknown {
  if (value === null) return null;
  if (field.type === 'boolean') return value === 1;
  return field.type === 'datetime' ? restInstant(String(value)) : value;
}
