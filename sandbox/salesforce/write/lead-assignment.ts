/** The org's active assignment rule for leads, which has one entry: everything goes to one user. Source: REST API Developer Guide, "Assignment Rule Header". */

import type { SObjectDefinition } from '../schema/definition.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import type { WriteMoment } from './field-history.ts';

const KEY = 'leadOwner';

/** Null: there is no active rule. */
export function setLeadOwner(store: RecordStore, userId: string | null): void {
  store.writeMeta(KEY, userId ?? '');
}

/** The owner that the rule gives a new record, over whoever the write named; nothing where it does not apply. */
export function assignedOwner(store: RecordStore, definition: SObjectDefinition, { assigns }: WriteMoment): StoredRow {
  if (definition.name !== 'Lead' || assigns !== true) return {};
  const owner = store.readMeta(KEY) ?? '';
  return owner === '' ? {} : { OwnerId: owner };
}
