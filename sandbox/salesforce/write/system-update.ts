/** What the org itself writes to a record in the course of a save or an approval: without permissions, locks and validation rules, as workflow field updates are. */

import type { SObjectDefinition } from '../schema/definition.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import { storedInstant } from '../wire/instant.ts';
import { deriveValues } from './derived-value.ts';
import { recordChanges } from './field-history.ts';
import type { WriteMoment } from './field-history.ts';

/** Writes `values` with the history and the stamps of whoever acts; nothing where there are none. */
export function writeFields(store: RecordStore, definition: SObjectDefinition, id: string, values: StoredRow, moment: WriteMoment): void {
  const before = store.find(definition, id);
  if (before === null || Object.keys(values).length === 0) return;
  const now = storedInstant(moment.nowMs);
  const derived = deriveValues(definition, { ...before, ...values }, values);
  const changes = { ...values, ...derived, LastModifiedDate: now, LastModifiedById: moment.userId, SystemModstamp: now };
  store.update(definition, id, changes);
  store.noteWrite({ definition, id, before, after: { ...before, ...changes }, author: moment });
  recordChanges(store, definition, before, changes, moment);
}
