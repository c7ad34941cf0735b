/** One row of an ingest job: carried out, and told in the words of the results. */

import type { SObjectDefinition, SObjectField, SObjectFieldType } from '../schema/definition.ts';
import { findField } from '../schema/catalogue.ts';
import { parseId } from '../store/record-id.ts';
import type { RecordStore } from '../store/record-store.ts';
import { ID_MISSING, malformedId, rowLocked } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import type { WriteMoment } from '../write/field-history.ts';
import { readFieldValue } from '../write/field-value.ts';
import type { RecordBody } from '../write/record-body.ts';
import { deleteRecord, destroyRecord } from '../write/remove-record.ts';
import { createRecord, updateRecord } from '../write/save-record.ts';
import type { SaveOutcome } from '../write/save-outcome.ts';
import { splitId, upsertRecord } from '../write/upsert-record.ts';
import { bodyOfRow } from './ingest-column.ts';
import type { IngestColumn } from './ingest-column.ts';
import type { IngestSettings } from './job.ts';

export interface IngestWork {
  readonly store: RecordStore;
  readonly definition: SObjectDefinition;
  readonly settings: IngestSettings;
  readonly columns: readonly IngestColumn[];
  readonly moment: WriteMoment;
  /** The external ids of the rows before, in the same transaction. */
  readonly seen: Set<string>;
}

export interface RowResult {
  readonly outcome: SaveOutcome;
  /** The record that the row is about; empty where there is none. */
  readonly recordId: string;
}

/** Carries `row` out. Must run inside a transaction, which the caller undoes when the outcome is refused. */
export function writeRow(work: IngestWork, row: readonly string[], isLocked: boolean): RowResult {
  let recordId = '';
  const lock = (id: string | null): SaveOutcome | null => {
    recordId = id ?? '';
    return isLocked ? { kind: 'refused', error: rowLocked(id) } : null;
  };
  const body = bodyOfRow(work.columns, row);
  const outcome = carryOut(work, body, lock);
  if (outcome.kind === 'saved') return { outcome, recordId: outcome.id };
  return { outcome: { ...outcome, error: nameColumn(outcome.error, work.columns, body) }, recordId };
}

function carryOut(work: IngestWork, body: RecordBody, lock: (id: string | null) => SaveOutcome | null): SaveOutcome {
  const { store, definition, settings, moment, seen } = work;
  switch (settings.operation) {
    case 'insert':
      return lock(null) ?? createRecord(store, definition, body, moment);
    case 'update':
      return withId(body, lock, (id, rest) => updateRecord(store, definition, id, rest, moment));
    case 'delete':
      return withId(body, lock, (id) => deleteRecord(store, definition, id, moment));
    case 'hardDelete':
      return withId(body, lock, (id) => destroyRecord(store, definition, id, moment));
    case 'upsert': {
      const field = findField(definition, settings.externalIdFieldName ?? '');
      if (field === null) throw new Error(`${definition.name} has no field ${settings.externalIdFieldName}, by which a job upserts`);
      return upsertRecord(store, body, { definition, field, moment, seen, lock });
    }
  }
}

function withId(
  body: RecordBody,
  lock: (id: string | null) => SaveOutcome | null,
  write: (id: string, rest: RecordBody) => SaveOutcome,
): SaveOutcome {
  const { id: stated, rest } = splitId(body);
  if (typeof stated !== 'string' || stated === '') return { kind: 'refused', error: ID_MISSING };
  const id = parseId(stated.trim());
  return id === null ? { kind: 'refused', error: malformedId(stated) } : (lock(id) ?? write(id, rest));
}

/** A value that does not become the field's type is told by its column; in JSON it would have stopped the parser. */
function nameColumn(error: ApiError, columns: readonly IngestColumn[], body: RecordBody): ApiError {
  if (error.errorCode !== 'JSON_PARSER_ERROR') return error;
  for (const [index, { kind, field }] of columns.entries()) {
    const value = kind === 'field' ? body[field.name] : undefined;
    const read = value === undefined ? null : readFieldValue(field, value);
    if (read?.kind !== 'refused' || read.error.errorCode !== 'JSON_PARSER_ERROR') continue;
    const message = `Failed to deserialize field at col ${index}. Due to, '${String(value)}' is not a valid value for the type ${xsdType(field)}`;
    return { status: 400, errorCode: 'INVALID_FIELD', message, fields: [field.name] };
  }
  return error;
}

function xsdType(field: SObjectField): string {
  const names: Partial<Record<SObjectFieldType, string>> = {
    boolean: 'xsd:boolean',
    int: 'xsd:int',
    double: 'xsd:double',
    currency: 'xsd:double',
    percent: 'xsd:double',
    date: 'xsd:date',
    datetime: 'xsd:dateTime',
  };
  return names[field.type] ?? 'xsd:string';
}

/** `sf__Error`: `CODE:message:fields --`, one behind the other where there are several. */
export function formatRowErrors(errors: readonly ApiError[]): string {
  return errors
    .map(({ errorCode, message, fields = [] }) => `${errorCode}:${message}:${fields.length === 0 ? '' : `${fields.join(', ')} `}--`)
    .join('');
}
