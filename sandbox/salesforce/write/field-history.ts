/** Writes the history rows of tracked fields. Source: Salesforce Help, "Field History Tracking"; Object Reference, "StandardObjectNameHistory". */

import type { UserAccess } from '../access/org-access.ts';
import { findObject, objectOfId } from '../schema/catalogue.ts';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import { historyObjectName } from '../schema/history-object.ts';
import { LONG_TEXT_FROM } from '../schema/field.ts';
import type { RecordStore, StoredRow, StoredValue } from '../store/record-store.ts';
import { restInstant, storedInstant } from '../wire/instant.ts';

/** Who acts, when, and through which API, as change events tell it. */
export interface WriteMoment {
  readonly userId: string;
  readonly nowMs: number;
  readonly origin: string;
  /** How the caller wants duplicates to be treated, where a header says so. */
  readonly duplicates?: { readonly allowSave: boolean; readonly includeRecordDetails: boolean };
  /** What that user may see and write; left out where the org itself acts, which may everything. */
  readonly access?: UserAccess;
  /** Assignment rules apply: over REST they do, unless the header says otherwise. */
  readonly assigns?: boolean;
}

/** One row `created`, as every object with history gets when a record is made. */
export function recordCreation(store: RecordStore, definition: SObjectDefinition, id: string, moment: WriteMoment): void {
  addRow(store, definition, id, moment, { Field: 'created', DataType: null, OldValue: null, NewValue: null });
}

/** The rows for every tracked field whose value differs between `before` and `changes`. */
export function recordChanges(
  store: RecordStore,
  definition: SObjectDefinition,
  before: StoredRow,
  changes: StoredRow,
  moment: WriteMoment,
): void {
  for (const field of definition.fields) {
    const to = changes[field.name];
    const from = before[field.name] ?? null;
    if (!field.trackHistory || to === undefined || to === from) continue;
    const add = (OldValue: StoredValue, NewValue: StoredValue, DataType: string) =>
      addRow(store, definition, String(before['Id']), moment, { Field: historyFieldName(field), DataType, OldValue, NewValue });
    // A lookup gives two rows: the names for people, then the ids.
    if (field.type === 'reference') {
      add(parentName(store, from), parentName(store, to), 'Text');
      add(from, to, 'EntityId');
    } else if (field.length >= LONG_TEXT_FROM) add(null, null, 'TextArea');
    else add(shown(field, from), shown(field, to), dataType(field));
  }
}

function addRow(store: RecordStore, definition: SObjectDefinition, recordId: string, moment: WriteMoment, values: StoredRow): void {
  const history = findObject(store.schema, historyObjectName(definition.name));
  const parentField = history?.fields.find((field) => field.type === 'reference' && field.name !== 'CreatedById');
  if (history === null || parentField === undefined) return;
  store.insert(history, {
    Id: store.newId(history.keyPrefix),
    IsDeleted: 0,
    [parentField.name]: recordId,
    CreatedById: moment.userId,
    CreatedDate: storedInstant(moment.nowMs),
    ...values,
  });
}

/** Standard lookups appear under their relationship's name (`Owner`), custom ones under their own. */
function historyFieldName(field: SObjectField): string {
  return field.type === 'reference' && !field.name.endsWith('__c') ? (field.relationshipName ?? field.name) : field.name;
}

function parentName(store: RecordStore, id: StoredValue): StoredValue {
  const parent = typeof id === 'string' ? objectOfId(store.schema, id) : null;
  return parent === null ? null : (store.find(parent, String(id))?.['Name'] ?? null);
}

function shown(field: SObjectField, value: StoredValue): StoredValue {
  if (value === null) return null;
  if (field.type === 'boolean') return value === 1 ? 'true' : 'false';
  return field.type === 'datetime' ? restInstant(String(value)) : value;
}

function dataType(field: SObjectField): string {
  const names: Partial<Record<SObjectField['type'], string>> = {
    boolean: 'Boolean',
    currency: 'Currency',
    date: 'DateOnly',
    datetime: 'DateTime',
    picklist: 'DynamicEnum',
  };
  return names[field.type] ?? (field.type === 'double' || field.type === 'int' || field.type === 'percent' ? 'Double' : 'Text');
}
