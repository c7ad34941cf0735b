/** Creates and changes records in the order in which Salesforce does: read and check, ask the org's rules, look for duplicates, save. Source: Apex Developer Guide, "Triggers and Order of Execution". */

import { profileId, STANDARD_USER } from '../access/profile.ts';
import { noteDue } from '../automation/run-automation.ts';
import { lockOn } from '../approval/record-lock.ts';
import { currencyOfUser } from '../currency.ts';
import { findObject } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { RecordStore, StoredRow, StoredValue } from '../store/record-store.ts';
import { CONVERTED_LEAD, CROSS_REFERENCE_INVALID, RECORD_DELETED } from '../wire/api-error.ts';
import { storedInstant } from '../wire/instant.ts';
import { noteActivity } from './activity.ts';
import { deriveValues } from './derived-value.ts';
import { recordChanges, recordCreation } from './field-history.ts';
import type { WriteMoment } from './field-history.ts';
import { assignedOwner } from './lead-assignment.ts';
import { refuseWrite, visibleTo } from './permitted.ts';
import { readRecordBody } from './record-body.ts';
import type { RecordBody } from './record-body.ts';
import { automate, checkSave, evaluationOf } from './save-check.ts';
import { refusedFor } from './save-outcome.ts';
import type { SaveOutcome } from './save-outcome.ts';

/** Creates a record. Must run inside a transaction, which the caller undoes when the outcome is refused. */
export function createRecord(store: RecordStore, described: SObjectDefinition, body: RecordBody, moment: WriteMoment): SaveOutcome {
  const definition = wholeOf(store, described);
  const forbidden = refuseWrite(definition, moment, 'create');
  if (forbidden !== null) return refusedFor(forbidden);
  const read = readRecordBody(store, visibleTo(moment, definition), body, 'create', moment.access?.schema);
  if (read.kind === 'refused') return read;
  const given = { ...initialValues(store, definition, moment), ...read.values, ...assignedOwner(store, definition, moment) };
  const save = automate(store, definition, { row: given, before: null, sets: given, problems: read.problems, moment });
  if (save.kind === 'refused') return save;
  const values = save.sets;
  const derived = deriveValues(definition, values, { ...read.values, ...save.automated });
  const refusal = checkSave(store, definition, { ...save, row: { ...values, ...derived } });
  if (refusal !== null) return refusal;
  const id = store.newId(definition.keyPrefix);
  const row = { Id: id, ...values, ...derived, ...stamps(definition, moment, true) };
  store.insert(definition, row);
  store.noteWrite({ definition, id, before: null, after: row, author: moment });
  recordCreation(store, definition, id, moment);
  noteActivity(store, definition, row, moment);
  noteDue(store, definition, save.automation, id, evaluationOf(store, { ...save, row }), moment.origin);
  return { kind: 'saved', id, created: true };
}

/**
 * Changes a record. A write that changes nothing is still a write: the stamps move, as they do in Salesforce.
 * Must run inside a transaction, which the caller undoes when the outcome is refused.
 */
export function updateRecord(
  store: RecordStore,
  described: SObjectDefinition,
  id: string,
  body: RecordBody,
  moment: WriteMoment,
): SaveOutcome {
  const definition = wholeOf(store, described);
  const forbidden = refuseWrite(definition, moment, 'update');
  if (forbidden !== null) return refusedFor(forbidden);
  const before = store.find(definition, id);
  if (before === null) return refusedFor(CROSS_REFERENCE_INVALID);
  if (before['IsDeleted'] === 1) return refusedFor(RECORD_DELETED);
  if (definition.name === 'Lead' && before['IsConverted'] === 1) return refusedFor(CONVERTED_LEAD);
  const lock = lockOn(store, definition, id, moment);
  if (lock !== null) return refusedFor(lock);
  const read = readRecordBody(store, visibleTo(moment, definition), body, 'update', moment.access?.schema);
  if (read.kind === 'refused') return read;
  const save = automate(store, definition, {
    row: { ...before, ...read.values },
    before,
    sets: read.values,
    problems: read.problems,
    moment,
  });
  if (save.kind === 'refused') return save;
  const after = save.row;
  const derived = deriveValues(definition, after, save.sets);
  const refusal = checkSave(store, definition, { ...save, row: { ...after, ...derived } });
  if (refusal !== null) return refusal;
  const changes = { ...save.sets, ...derived, ...stamps(definition, moment, false) };
  store.update(definition, id, changes);
  store.noteWrite({ definition, id, before, after: { ...before, ...changes }, author: moment });
  recordChanges(store, definition, before, changes, moment);
  noteActivity(store, definition, { ...after, ...derived }, moment);
  noteDue(store, definition, save.automation, id, evaluationOf(store, { ...save, row: { ...after, ...derived } }), moment.origin);
  return { kind: 'saved', id, created: false };
}

/** The object with every field: routes know it as their caller sees it, and a save has to do with the rest as well. */
function wholeOf(store: RecordStore, described: SObjectDefinition): SObjectDefinition {
  return findObject(store.schema, described.name) ?? described;
}

/** What a new record holds where the write says nothing. */
function initialValues(store: RecordStore, definition: SObjectDefinition, moment: WriteMoment): StoredRow {
  const values: Record<string, StoredValue> = {};
  for (const field of definition.fields) {
    if (field.type === 'id' || field.formula !== undefined) continue;
    if (field.name === 'OwnerId') values[field.name] = moment.userId;
    else if (definition.name === 'User' && field.name === 'ProfileId') values[field.name] = profileId(store, STANDARD_USER);
    else if (field.name === 'CurrencyIsoCode') values[field.name] = currencyOfUser(store, moment.userId);
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
