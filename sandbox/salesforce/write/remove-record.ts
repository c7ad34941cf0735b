/** Deletes to the recycle bin, brings back from it, and merges. Source: SOAP API Developer Guide, delete(), undelete(), merge(); Metadata API Developer Guide, "CustomField", deleteConstraint. */

import { lockOn } from '../approval/record-lock.ts';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import { findField, findObject } from '../schema/catalogue.ts';
import { quoted } from '../store/database.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import { CROSS_REFERENCE_INVALID, operationRefused, RECORD_DELETED } from '../wire/api-error.ts';
import { deleteFailed } from '../wire/rule-error.ts';
import { storedInstant } from '../wire/instant.ts';
import { takeTrace, traceChild, traceLookups } from './deletion-trace.ts';
import type { WriteMoment } from './field-history.ts';
import { refuseWrite, removeSetup } from './permitted.ts';
import type { SaveOutcome } from './save-outcome.ts';

/** Standard children that go with their account; what custom lookups do is said by their definition. */
const CASCADES: readonly (readonly [parent: string, child: string, field: string])[] = [
  ['Account', 'Contact', 'AccountId'],
  ['Account', 'Opportunity', 'AccountId'],
];
/** An org names a few of the records that stand in the way. */
const MOST_NAMED = 5;

/** Moves a record to the recycle bin, with the children that belong to it. Must run inside a transaction, which the caller undoes when the outcome is refused. */
export function deleteRecord(store: RecordStore, described: SObjectDefinition, id: string, moment: WriteMoment): SaveOutcome {
  const definition = findObject(store.schema, described.name) ?? described;
  const forbidden = refuseWrite(definition, moment, 'delete');
  return forbidden === null ? remove(store, definition, id, id, moment) : { kind: 'refused', error: forbidden };
}

/** Deletes past the recycle bin. The children that go with the record go to the bin. */
export function destroyRecord(store: RecordStore, definition: SObjectDefinition, id: string, moment: WriteMoment): SaveOutcome {
  const row = store.find(definition, id);
  const outcome = deleteRecord(store, definition, id, moment);
  if (outcome.kind === 'refused') return outcome;
  store.run(`DELETE FROM ${quoted(definition.name)} WHERE "Id" = ?`, id);
  takeTrace(store, id);
  store.noteWrite({ definition, id, before: row, after: null, author: moment });
  return outcome;
}

/** Brings a record back, with the children that went with it and the lookups to it that nobody has filled since. */
export function undeleteRecord(store: RecordStore, definition: SObjectDefinition, id: string, moment: WriteMoment): SaveOutcome {
  const row = store.find(definition, id);
  if (row === null || row['IsDeleted'] !== 1) return { kind: 'refused', error: CROSS_REFERENCE_INVALID };
  change(store, definition, row, { IsDeleted: 0 }, moment);
  const { children, lookups } = takeTrace(store, id);
  for (const child of children) {
    const lost = store.find(child.definition, child.id);
    if (lost?.['IsDeleted'] === 1) change(store, child.definition, lost, { IsDeleted: 0 }, moment);
  }
  for (const { definition: holder, id: holderId, fieldName } of lookups) {
    const sets = `${quoted(fieldName)} = ?, "SystemModstamp" = ?`;
    const where = `"Id" = ? AND ${quoted(fieldName)} IS NULL`;
    store.run(`UPDATE ${quoted(holder.name)} SET ${sets} WHERE ${where}`, id, storedInstant(moment.nowMs), holderId);
  }
  return { kind: 'saved', id, created: false };
}

/** Merges `loserId` into `masterId`: children move, the loser goes to the recycle bin and points at its master. */
export function mergeRecord(
  store: RecordStore,
  definition: SObjectDefinition,
  masterId: string,
  loserId: string,
  moment: WriteMoment,
): SaveOutcome {
  const master = store.find(definition, masterId);
  if (findField(definition, 'MasterRecordId') === null || master === null || master['IsDeleted'] === 1 || masterId === loserId) {
    return { kind: 'refused', error: CROSS_REFERENCE_INVALID };
  }
  for (const [child, field] of lookupsTo(store, definition)) pointLookups(store, child, field, loserId, masterId, moment);
  const outcome = deleteRecord(store, definition, loserId, moment);
  if (outcome.kind === 'refused') return outcome;
  store.update(definition, loserId, { MasterRecordId: masterId });
  change(store, definition, master, {}, moment);
  return { kind: 'saved', id: masterId, created: false };
}

/** Deletes `id` in the course of the deletion of `rootId`, which may be the same. What goes with a record goes whoever deletes it. */
function remove(store: RecordStore, definition: SObjectDefinition, id: string, rootId: string, moment: WriteMoment): SaveOutcome {
  if (!definition.deletable) return { kind: 'refused', error: operationRefused(definition, 'delete') };
  const row = store.find(definition, id);
  if (row === null) return { kind: 'refused', error: CROSS_REFERENCE_INVALID };
  if (row['IsDeleted'] === 1) return { kind: 'refused', error: RECORD_DELETED };
  if (findField(definition, 'IsDeleted') === null) {
    const problem = removeSetup(store, definition, row);
    return problem === null ? { kind: 'saved', id, created: false } : { kind: 'refused', error: problem };
  }
  const lock = lockOn(store, definition, id, moment);
  if (lock !== null) return { kind: 'refused', error: lock };
  change(store, definition, row, { IsDeleted: 1 }, moment);
  for (const [child, field] of lookupsTo(store, definition)) {
    const constraint = constraintOf(definition, child, field);
    const holders = constraint === 'SetNull' ? [] : store.findBy(child, field.name, id, -1);
    if (constraint === 'Restrict' && holders.length > 0) {
      const names = holders.slice(0, MOST_NAMED).map((holder) => String(holder['Name'] ?? holder['Id']));
      return { kind: 'refused', error: deleteFailed(String(row['Name'] ?? id), child, names) };
    }
    if (constraint === 'Cascade') {
      for (const holder of holders) {
        const childId = String(holder['Id']);
        const outcome = remove(store, child, childId, rootId, moment);
        if (outcome.kind === 'refused' && outcome.error !== RECORD_DELETED) return outcome;
        traceChild(store, rootId, { definition: child, id: childId });
      }
    } else if (constraint === 'SetNull') {
      traceLookups(store, rootId, child, field, id);
      pointLookups(store, child, field, id, null, moment);
    }
  }
  return { kind: 'saved', id, created: false };
}

function constraintOf(
  parent: SObjectDefinition,
  child: SObjectDefinition,
  field: SObjectField,
): NonNullable<SObjectField['deleteConstraint']> {
  const isStandard = CASCADES.some(([name, of, by]) => name === parent.name && of === child.name && by === field.name);
  return isStandard ? 'Cascade' : (field.deleteConstraint ?? 'SetNull');
}

/** Writes `values` and the stamps of whoever acts. */
function change(store: RecordStore, definition: SObjectDefinition, row: StoredRow, values: StoredRow, moment: WriteMoment): void {
  const id = String(row['Id']);
  const now = storedInstant(moment.nowMs);
  const changes = { ...values, LastModifiedDate: now, LastModifiedById: moment.userId, SystemModstamp: now };
  store.update(definition, id, changes);
  store.noteWrite({ definition, id, before: row, after: { ...row, ...changes }, author: moment });
}

/** Every writable lookup in the org that can lead to a record of `parent`. */
function lookupsTo(store: RecordStore, parent: SObjectDefinition): readonly (readonly [SObjectDefinition, SObjectField])[] {
  return [...store.schema.values()].flatMap((child) =>
    child.fields.filter((field) => field.updateable && field.referenceTo.includes(parent.name)).map((field) => [child, field] as const),
  );
}

/** A system change of the children: SystemModstamp moves, LastModifiedDate stays. */
function pointLookups(
  store: RecordStore,
  child: SObjectDefinition,
  field: SObjectField,
  from: string,
  to: string | null,
  moment: WriteMoment,
): void {
  const set = `${quoted(field.name)} = ?, "SystemModstamp" = ?`;
  store.run(`UPDATE ${quoted(child.name)} SET ${set} WHERE ${quoted(field.name)} = ?`, to, storedInstant(moment.nowMs), from);
}
