/** What the kind of a record forbids. Source: Salesforce Help, "Record Types"; Metadata API Developer Guide, "RecordType". */

import type { SObjectDefinition } from '../schema/definition.ts';
import type { StoredRow } from '../store/record-store.ts';
import { badPicklistValue, badRecordType } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';

/**
 * The refusal of `row`, of which this write sets `sets`: a kind that is not the object's or not active, or a value of a restricted picklist that the kind leaves out.
 * Values that are not restricted are taken whatever the kind, as the API takes them.
 */
export function refuseKind(definition: SObjectDefinition, row: StoredRow, sets: StoredRow): ApiError | null {
  const id = row['RecordTypeId'] ?? null;
  if (definition.recordTypes.length === 0 || id === null) return null;
  const kind = definition.recordTypes.find((each) => each.id === id);
  if (kind === undefined || (!kind.isActive && 'RecordTypeId' in sets)) return badRecordType(String(id));
  for (const field of definition.fields) {
    const values = field.restrictedPicklist ? kind.picklistValues.get(field.name) : undefined;
    const value = sets[field.name] ?? null;
    if (values === undefined || value === null) continue;
    const chosen = field.type === 'multipicklist' ? String(value).split(';') : [String(value)];
    const outside = chosen.find((each) => !values.has(each));
    if (outside !== undefined) return badPicklistValue(field, outside);
  }
  return null;
}
