/** The body of a write: which columns it sets, and to what. Parents may be given by a nested object with an external id. */

import { findField, findObject, objectOfId } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import type { RecordStore, StoredRow, StoredValue } from '../store/record-store.ts';
import {
  CROSS_REFERENCE_INVALID,
  RECORD_DELETED,
  inactiveOwner,
  noAccessToParent,
  readOnlyFields,
  undeserializable,
  unknownColumn,
  unknownExternalId,
  unknownParent,
  wrongParentType,
} from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { readFieldValue } from './field-value.ts';

export type RecordBody = Readonly<Record<string, unknown>>;

export type BodyReading =
  | { readonly kind: 'values'; readonly values: StoredRow; readonly problems: readonly ApiError[] }
  | { readonly kind: 'refused'; readonly error: ApiError };

type Lookup = { readonly kind: 'id'; readonly id: string } | { readonly kind: 'refused'; readonly error: ApiError };

export function isRecordBody(value: unknown): value is RecordBody {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/**
 * The columns that `body` sets, in stored form. `attributes` says what the record is and sets nothing.
 * Refused at once are unknown names, fields that this operation cannot write, values of another JSON type, and parents that their
 * external id does not name; `problems` are all values that do not fit and the first lookup to what is not there.
 * `definition` and `seen` are the object, and all objects, as the writer sees them.
 */
export function readRecordBody(
  store: RecordStore,
  definition: SObjectDefinition,
  body: RecordBody,
  operation: 'create' | 'update',
  seen: Schema = store.schema,
): BodyReading {
  const values: Record<string, StoredValue> = {};
  const readOnly: string[] = [];
  const problems: ApiError[] = [];
  for (const [key, input] of Object.entries(body)) {
    if (key.toLowerCase() === 'attributes') continue;
    const field = findField(definition, key) ?? fieldOfRelationship(definition, key);
    if (field === null) return { kind: 'refused', error: unknownColumn(definition, key) };
    if (!(operation === 'create' ? field.createable : field.updateable)) {
      readOnly.push(field.name);
      continue;
    }
    const byRelationship = field.name.toLowerCase() !== key.toLowerCase();
    const read = byRelationship ? readParent(store, seen, field, input) : readFieldValue(field, input);
    if (read.kind === 'value') values[field.name] = read.value;
    else if (byRelationship || read.error.errorCode === 'JSON_PARSER_ERROR') return read;
    else problems.push(read.error);
  }
  if (readOnly.length > 0) return { kind: 'refused', error: readOnlyFields(readOnly) };
  const broken = findBrokenLookup(store, seen, definition, values);
  return { kind: 'values', values, problems: broken === null ? problems : [...problems, broken] };
}

function fieldOfRelationship(definition: SObjectDefinition, name: string): SObjectField | null {
  return definition.fields.find((field) => field.relationshipName?.toLowerCase() === name.toLowerCase()) ?? null;
}

function readParent(
  store: RecordStore,
  seen: Schema,
  field: SObjectField,
  input: unknown,
): { kind: 'value'; value: StoredValue } | { kind: 'refused'; error: ApiError } {
  if (input === null) return { kind: 'value', value: null };
  if (!isRecordBody(input)) return { kind: 'refused', error: undeserializable(field.relationshipName ?? field.name, input) };
  const found = findParent(store, seen, field, input);
  return found.kind === 'id' ? { kind: 'value', value: found.id } : found;
}

/** The parent named by the one external id in `input`; `attributes.type` says which object where the lookup leads to several. */
function findParent(store: RecordStore, seen: Schema, field: SObjectField, input: RecordBody): Lookup {
  const stated = isRecordBody(input['attributes']) ? input['attributes']['type'] : undefined;
  const parent = findObject(seen, typeof stated === 'string' ? stated : (field.referenceTo[0] ?? ''));
  const [key = '', value] = Object.entries(input).find(([name]) => name !== 'attributes') ?? [];
  if (parent === null || !field.referenceTo.includes(parent.name)) return { kind: 'refused', error: unknownExternalId(key) };
  const idField = findField(parent, key);
  if (idField === null || !(idField.externalId || idField.type === 'id' || (idField.unique && parent.name === 'User'))) {
    return { kind: 'refused', error: unknownExternalId(key) };
  }
  const read = readFieldValue(idField, value);
  if (read.kind === 'refused') return read;
  const rows = read.value === null ? [] : store.findBy(parent, idField.name, read.value, 2);
  const [only] = rows;
  if (only === undefined || rows.length > 1) return { kind: 'refused', error: unknownParent(String(value), idField.name, parent.name) };
  return { kind: 'id', id: String(only['Id']) };
}

function findBrokenLookup(store: RecordStore, seen: Schema, definition: SObjectDefinition, values: StoredRow): ApiError | null {
  for (const field of definition.fields) {
    const id = values[field.name];
    if (field.type !== 'reference' || typeof id !== 'string') continue;
    const parent = objectOfId(store.schema, id);
    if (parent === null || !field.referenceTo.includes(parent.name)) return wrongParentType(field, id);
    if (!seen.has(parent.name.toLowerCase())) return noAccessToParent(id);
    const row = store.find(parent, id);
    if (row === null) return CROSS_REFERENCE_INVALID;
    if (row['IsDeleted'] === 1) return RECORD_DELETED;
    if (field.name === 'OwnerId' && row['IsActive'] === 0) return inactiveOwner(definition, id);
  }
  return null;
}
