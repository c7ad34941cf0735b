/** Creates and changes records as Salesforce does: read, check, compute, stamp, keep the history. */

import type { SObjectDefinition } from '../schema/definition.ts';
import type { RecordStore, StoredRow, StoredValue } from '../store/record-store.ts';
import {
  CONVERTED_LEAD,
  CROSS_REFERENCE_INVALID,
  duplicateValue,
  operationRefused,
  RECORD_DELETED,
  requiredFieldsMissing,
} from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { storedInstant } from '../wire/instant.ts';
import { noteActivity } from './activity.ts';
import { deriveValues } from './derived-value.ts';
import { recordChanges, recordCreation } from './field-history.ts';
import type { WriteMoment } from './field-history.ts';
import { assignedOwner } from './lead-assignment.ts';
import { readRecordBody } from './record-body.ts';
import type { RecordBody } from './record-body.ts';

export type SaveOutcome =
  { readonly kind: 'saved'; readonly id: string; readonly created: boolean } | { readonly kind: 'refused'; readonly error: ApiError };

function refused(error: ApiError): SaveOutcome {
  return { kind: 'refused', error };
}

/** Creates a record. Must run inside a transaction, which the caller undoes when the outcome is refused. */
export function createRecord(store: RecordStore, definition: SObjectDefinition, body: RecordBody, moment: WriteMoment): SaveOutcome {
  if (!definition.createable) return refused(operationRefused(definition, 'create'));
  const read = readRecordBody(store, definition, body, 'create');
  if (read.kind === 'refused') return read;
  const values = { ...initialValues(store, definition, moment), ...read.values, ...assignedOwner(store, definition, moment) };
  const problem = findProblem(store, definition, values, values, null);
  if (problem !== null) return refused(problem);
  const id = store.newId(definition.keyPrefix);
  const row = { Id: id, ...values, ...deriveValues(definition, values, read.values), ...stamps(definition, moment, true) };
  store.insert(definition, row);
  store.noteWrite({ definition, id, before: null, after: row, author: moment });
  recordCreation(store, definition, id, moment);
  noteActivity(store, definition, row, moment);
  return { kind: 'saved', id, created: true };
}

/**
 * Changes a record. A write that changes nothing is still a write: the stamps move, as they do in Salesforce.
 * Must run inside a transaction, which the caller undoes when the outcome is refused.
 */
export function updateRecord(
  store: RecordStore,
  definition: SObjectDefinition,
  id: string,
  body: RecordBody,
  moment: WriteMoment,
): SaveOutcome {
  if (!definition.updateable) return refused(operationRefused(definition, 'update'));
  const before = store.find(definition, id);
  if (before === null) return refused(CROSS_REFERENCE_INVALID);
  if (before['IsDeleted'] === 1) return refused(RECORD_DELETED);
  if (definition.name === 'Lead' && before['IsConverted'] === 1) return refused(CONVERTED_LEAD);
  const read = readRecordBody(store, definition, body, 'update');
  if (read.kind === 'refused') return read;
  const after = { ...before, ...read.values };
  const problem = findProblem(store, definition, after, read.values, id);
  if (problem !== null) return refused(problem);
  const derived = deriveValues(definition, after, read.values);
  const changes = { ...read.values, ...derived, ...stamps(definition, moment, false) };
  store.update(definition, id, changes);
  store.noteWrite({ definition, id, before, after: { ...before, ...changes }, author: moment });
  recordChanges(store, definition, before, changes, moment);
  noteActivity(store, definition, { ...after, ...derived }, moment);
  return { kind: 'saved', id, created: false };
}

/** What a new record holds where the write says nothing. */
function initialValues(store: RecordStore, definition: SObjectDefinition, moment: WriteMoment): StoredRow {
  const values: Record<string, StoredValue> = {};
  for (const field of definition.fields) {
    if (field.type === 'id') continue;
    if (field.name === 'OwnerId') values[field.name] = moment.userId;
    else if (isAutoNumber(definition, field.name)) values[field.name] = nextNumber(store, definition, String(field.defaultValue));
    else if (field.type === 'boolean') values[field.name] = field.defaultValue === true ? 1 : 0;
    else if (typeof field.defaultValue === 'string' || typeof field.defaultValue === 'number') values[field.name] = field.defaultValue;
  }
  return values;
}

/** True for a `Name` that the org counts up; its default value is the format. */
export function isAutoNumber(definition: SObjectDefinition, fieldName: string): boolean {
  const field = definition.custom && fieldName === 'Name' ? definition.fields.find((each) => each.name === 'Name') : undefined;
  return field !== undefined && !field.createable;
}

/** `DR-{000000}` becomes `DR-000001`. */
function nextNumber(store: RecordStore, definition: SObjectDefinition, format: string): string {
  const serial = store.nextSerial(`number.${definition.name}`);
  return format.replace(/\{(0+)\}/, (_all, zeros: string) => String(serial).padStart(zeros.length, '0'));
}

function stamps(definition: SObjectDefinition, moment: WriteMoment, isNew: boolean): StoredRow {
  const now = storedInstant(moment.nowMs);
  const modified = { LastModifiedDate: now, LastModifiedById: moment.userId, SystemModstamp: now };
  const created = { CreatedDate: now, CreatedById: moment.userId };
  const deleted = definition.fields.some((field) => field.name === 'IsDeleted') ? { IsDeleted: 0 } : {};
  return isNew ? { ...deleted, ...created, ...modified } : modified;
}

/** The first thing that forbids saving `row`, of which this write sets `sets`: required fields before duplicates, as Salesforce orders them. */
function findProblem(
  store: RecordStore,
  definition: SObjectDefinition,
  row: StoredRow,
  sets: StoredRow,
  id: string | null,
): ApiError | null {
  const missing = definition.fields
    .filter((field) => !field.nillable && field.createable && field.type !== 'boolean' && (row[field.name] ?? null) === null)
    .filter((field) => id === null || field.name in sets)
    .map((field) => field.name);
  if (missing.length > 0) return requiredFieldsMissing(missing);
  for (const field of definition.fields.filter((each) => each.unique)) {
    const value = sets[field.name] ?? null;
    const other = value === null ? undefined : store.findBy(definition, field.name, value, 2).find((each) => each['Id'] !== id);
    if (other !== undefined) return duplicateValue(field, String(other['Id']));
  }
  return null;
}
