/** Deletes to the recycle bin, brings back from it, and merges. Source: SOAP API Developer Guide, delete(), undelete(), merge(). */

import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import { findField, findObject } from '../schema/catalogue.ts';
import { quoted } from '../store/database.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import { CROSS_REFERENCE_INVALID, RECORD_DELETED } from '../wire/api-error.ts';
import { storedInstant } from '../wire/instant.ts';
import type { WriteMoment } from './field-history.ts';
import { refuseWrite, removeSetup } from './permitted.ts';
import type { SaveOutcome } from './save-record.ts';

/** Children that go with their account; every other lookup to a deleted record is emptied. */
const CASCADES: readonly (readonly [parent: string, child: string, field: string])[] = [
  ['Account', 'Contact', 'AccountId'],
  ['Account', 'Opportunity', 'AccountId'],
];

/** Moves a record to the recycle bin, with the children that belong to it. */
export function deleteRecord(store: RecordStore, described: SObjectDefinition, id: string, moment: WriteMoment): SaveOutcome {
  const definition = findObject(store.schema, described.name) ?? described;
  const forbidden = refuseWrite(definition, moment, 'delete');
  return forbidden === null ? moveToBin(store, definition, id, moment) : { kind: 'refused', error: forbidden };
}

/** What goes with a record goes whoever deletes it. */
function moveToBin(store: RecordStore, definition: SObjectDefinition, id: string, moment: WriteMoment): SaveOutcome {
  const row = store.find(definition, id);
  if (row === null) return { kind: 'refused', error: CROSS_REFERENCE_INVALID };
  if (row['IsDeleted'] === 1) return { kind: 'refused', error: RECORD_DELETED };
  if (findField(definition, 'IsDeleted') === null) {
    const problem = removeSetup(store, definition, row);
    return problem === null ? { kind: 'saved', id, created: false } : { kind: 'refused', error: problem };
  }
  change(store, definition, row, { IsDeleted: 1 }, moment);
  for (const [child, field] of lookupsTo(store, definition)) {
    if (CASCADES.some(([parent, name, by]) => parent === definition.name && name === child.name && by === field.name)) {
      for (const each of store.findBy(child, field.name, id, -1)) moveToBin(store, child, String(each['Id']), moment);
    } else pointLookups(store, child, field, id, null, moment);
  }
  return { kind: 'saved', id, created: false };
}

/** Deletes past the recycle bin. The children that go with the record go to the bin. */
export function destroyRecord(store: RecordStore, definition: SObjectDefinition, id: string, moment: WriteMoment): SaveOutcome {
  const row = store.find(definition, id);
  const outcome = deleteRecord(store, definition, id, moment);
  if (outcome.kind === 'refused') return outcome;
  store.run(`DELETE FROM ${quoted(definition.name)} WHERE "Id" = ?`, id);
  store.noteWrite({ definition, id, before: row, after: null, author: moment });
  return outcome;
}

/** Brings a record back; lookups that were emptied stay empty. */
export function undeleteRecord(store: RecordStore, definition: SObjectDefinition, id: string, moment: WriteMoment): SaveOutcome {
  const row = store.find(definition, id);
  if (row === null || row['IsDeleted'] !== 1) return { kind: 'refused', error: CROSS_REFERENCE_INVALID };
  change(store, definition, row, { IsDeleted: 0 }, moment);
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
