/** Creates or changes the record that an external id names: one row of a collection or of a bulk job. */

import { findField } from '../schema/catalogue.ts';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import { parseId } from '../store/record-id.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import { CROSS_REFERENCE_INVALID, duplicateInRequest, malformedId, unknownExternalId } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import type { WriteMoment } from './field-history.ts';
import { readFieldValue } from './field-value.ts';
import type { RecordBody } from './record-body.ts';
import { createRecord, updateRecord } from './save-record.ts';
import type { SaveOutcome } from './save-outcome.ts';

type Match =
  | { readonly kind: 'matches'; readonly field: SObjectField; readonly rows: readonly StoredRow[] }
  | { readonly kind: 'refused'; readonly error: ApiError };

/** The records whose external id `fieldName` has `text`; up to as many as an answer 300 lists. `Id` counts as one. */
export function matchExternalId(store: RecordStore, definition: SObjectDefinition, fieldName: string, text: string): Match {
  const field = findField(definition, fieldName);
  if (field === null || !(field.externalId || field.type === 'id')) return { kind: 'refused', error: unknownExternalId(fieldName) };
  if (field.type === 'id') {
    const id = parseId(text);
    const row = id === null ? null : store.find(definition, id);
    if (id === null) return { kind: 'refused', error: malformedId(text) };
    return { kind: 'matches', field, rows: row === null || row['IsDeleted'] === 1 ? [] : [row] };
  }
  const read = readFieldValue(field, text);
  if (read.kind === 'refused') return read;
  return { kind: 'matches', field, rows: store.findBy(definition, field.name, read.value, 200) };
}

export interface Upsert {
  readonly definition: SObjectDefinition;
  readonly field: SObjectField;
  readonly moment: WriteMoment;
  /** The external ids of earlier rows of the same request, to which this row's is added. */
  readonly seen: Set<string>;
  /** Asked before a record is written, null for a new one; refuses where the row cannot be locked. */
  readonly lock: (id: string | null) => SaveOutcome | null;
}

/** Must run inside a transaction, which the caller undoes when the outcome is refused. */
export function upsertRecord(store: RecordStore, record: RecordBody, upsert: Upsert): SaveOutcome {
  const { definition, field, moment, seen, lock } = upsert;
  const { id: stated, rest } = splitId(record);
  if (field.type !== 'id' && stated !== undefined) return refused(ID_IN_UPSERT);
  const [key, value] = Object.entries(record).find(([name]) => name.toLowerCase() === field.name.toLowerCase()) ?? [];
  if (field.type === 'id' && (value === undefined || value === null)) {
    return lock(null) ?? createRecord(store, definition, rest, moment);
  }
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value ?? '').replace('""', '');
  if (key === undefined || text === '') return refused(externalIdMissing(field.name));
  if (seen.has(text)) return refused(duplicateInRequest(text));
  seen.add(text);
  const match = matchExternalId(store, definition, field.name, text);
  if (match.kind === 'refused') return match;
  const ids = match.rows.map((row) => String(row['Id']));
  const [only] = ids;
  if (ids.length > 1) return refused(severalMatches(field.name, ids));
  if (only === undefined) {
    return field.type === 'id' ? refused(CROSS_REFERENCE_INVALID) : (lock(null) ?? createRecord(store, definition, rest, moment));
  }
  const changes = Object.fromEntries(Object.entries(rest).filter(([name]) => name !== key));
  return lock(only) ?? updateRecord(store, definition, only, changes, moment);
}

/** The id of `record` under any spelling of its key, and the record without it. */
export function splitId(record: RecordBody): { readonly id: unknown; readonly rest: RecordBody } {
  const entries = Object.entries(record);
  return {
    id: entries.find(([name]) => name.toLowerCase() === 'id')?.[1],
    rest: Object.fromEntries(entries.filter(([name]) => name.toLowerCase() !== 'id')),
  };
}

const ID_IN_UPSERT: ApiError = { status: 400, errorCode: 'INVALID_FIELD', message: 'cannot specify Id in an upsert by external id' };

function refused(error: ApiError): SaveOutcome {
  return { kind: 'refused', error };
}

function externalIdMissing(name: string): ApiError {
  return { status: 400, errorCode: 'MISSING_ARGUMENT', message: `${name} not specified` };
}

function severalMatches(name: string, ids: readonly string[]): ApiError {
  return {
    status: 400,
    errorCode: 'INVALID_FIELD',
    message: `More than one record found for external id field: [${ids.join(', ')}]`,
    fields: [name],
  };
}
