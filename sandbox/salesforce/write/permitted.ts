/** Whether whoever writes may do so, and the rules of the objects that say who may. Source: Object Reference, "ObjectPermissions", "FieldPermissions", "PermissionSetAssignment". */

import { removeSet } from '../access/deployed-set.ts';
import { IMPLIED_RIGHTS, OBJECT_RIGHTS } from '../access/permission.ts';
import { isPermissionedObject, permissionNames } from '../access/permissionable.ts';
import { findObject } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { quoted } from '../store/database.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import { badPermission, duplicateAssignment, noRightTo, operationRefused, ownedByProfile, permissionNeeds } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import type { WriteMoment } from './field-history.ts';

type Operation = 'create' | 'update' | 'delete';

/** `definition` as the writer sees it; whole where the org itself writes. */
export function visibleTo(moment: WriteMoment, definition: SObjectDefinition): SObjectDefinition {
  return moment.access?.schema.get(definition.name.toLowerCase()) ?? definition;
}

/** The refusal of an operation that the object does not offer, or for which the writer has no right; null where it may be tried. */
export function refuseWrite(definition: SObjectDefinition, moment: WriteMoment, operation: Operation): ApiError | null {
  if (!offers(definition, operation)) return operationRefused(definition, operation);
  return offers(visibleTo(moment, definition), operation) ? null : noRightTo(definition, operation);
}

function offers(definition: SObjectDefinition, operation: Operation): boolean {
  switch (operation) {
    case 'create':
      return definition.createable;
    case 'update':
      return definition.updateable;
    case 'delete':
      return definition.deletable;
  }
}

/** What forbids `row` of an object in which permissions are kept; null for a row that may stand, and for any other object. `id` is null for a new row. */
export function refuseSetup(store: RecordStore, definition: SObjectDefinition, row: StoredRow, id: string | null): ApiError | null {
  switch (definition.name) {
    case 'PermissionSetAssignment':
      return refuseAssignment(store, row);
    case 'ObjectPermissions':
      return refuseObjectGrant(store, row, id);
    case 'FieldPermissions':
      return refuseFieldGrant(store, row, id);
    // Not a union: objects are data, and no other has rules of this kind.
    default:
      return null;
  }
}

function refuseAssignment(store: RecordStore, { PermissionSetId: setId, AssigneeId: userId }: StoredRow): ApiError | null {
  const [set] = store.select('SELECT "IsOwnedByProfile" FROM "PermissionSet" WHERE "Id" = ?', setId ?? null);
  if (set?.['IsOwnedByProfile'] === 1) return ownedByProfile(String(setId));
  const sql = 'SELECT 1 FROM "PermissionSetAssignment" WHERE "PermissionSetId" = ? AND "AssigneeId" = ?';
  return store.select(sql, setId ?? null, userId ?? null).length > 0 ? duplicateAssignment(String(setId), String(userId)) : null;
}

function refuseObjectGrant(store: RecordStore, row: StoredRow, id: string | null): ApiError | null {
  const name = String(row['SobjectType']);
  const definition = findObject(store.schema, name);
  if (definition === null || !isPermissionedObject(definition)) return badPermission('SobjectType', name);
  if (id === null && isGranted(store, 'ObjectPermissions', 'SobjectType', row)) return badPermission('SobjectType', name);
  const has = (right: string) => row[`Permissions${right}`] === 1;
  for (const right of OBJECT_RIGHTS.filter(has)) {
    const missing = IMPLIED_RIGHTS[right].filter((each) => !has(each));
    if (missing.length > 0) return permissionNeeds(right, missing, definition.label);
  }
  return null;
}

function refuseFieldGrant(store: RecordStore, row: StoredRow, id: string | null): ApiError | null {
  const [object, name] = [String(row['SobjectType']), String(row['Field'])];
  const definition = findObject(store.schema, object);
  if (definition === null || !permissionNames(definition).includes(name)) return badPermission('Field', name);
  if (id === null && isGranted(store, 'FieldPermissions', 'Field', row)) return badPermission('Field', name);
  return row['PermissionsEdit'] === 1 && row['PermissionsRead'] !== 1 ? permissionNeeds('Edit', ['Read'], name) : null;
}

function isGranted(store: RecordStore, table: string, column: string, row: StoredRow): boolean {
  const sql = `SELECT 1 FROM ${quoted(table)} WHERE "ParentId" = ? AND ${quoted(column)} = ?`;
  return store.select(sql, row['ParentId'] ?? null, row[column] ?? null).length > 0;
}

/** Removes a row that has no recycle bin to go to, with what hangs on a permission set; or gives the refusal to do so. */
export function removeSetup(store: RecordStore, definition: SObjectDefinition, row: StoredRow): ApiError | null {
  const id = String(row['Id']);
  if (row['IsOwnedByProfile'] === 1) return ownedByProfile(id);
  if (definition.name === 'PermissionSet') removeSet(store, id);
  else store.run(`DELETE FROM ${quoted(definition.name)} WHERE "Id" = ?`, id);
  return null;
}
