/** Writes the rows in which the org keeps profiles, permission sets and what they give. */

import { findObject } from '../schema/catalogue.ts';
import type { RecordStore, StoredRow, StoredValue } from '../store/record-store.ts';
import { storedInstant } from '../wire/instant.ts';
import { OBJECT_RIGHTS, USER_PERMISSIONS } from './permission.ts';
import type { ObjectRight, UserPermission } from './permission.ts';

/** What a profile or a permission set gives. */
export interface Grants {
  readonly permissions: ReadonlySet<UserPermission>;
  readonly objects: ReadonlyMap<string, ReadonlySet<ObjectRight>>;
  /** By names such as `Account.Website`. */
  readonly fields: ReadonlyMap<string, FieldRight>;
}
export type FieldRight = 'read' | 'edit';

/** Inserts a row of a set-up object, stamped at `nowMs`; gives its id. Columns that are not named get their defaults. */
export function insertSetupRow(store: RecordStore, objectName: string, values: StoredRow, nowMs: number): string {
  const definition = findObject(store.schema, objectName);
  if (definition === null) throw new Error(`The org has no object ${objectName}`);
  const stamp = storedInstant(nowMs);
  const id = typeof values['Id'] === 'string' ? values['Id'] : store.newId(definition.keyPrefix);
  store.insert(definition, { CreatedDate: stamp, LastModifiedDate: stamp, SystemModstamp: stamp, ...values, Id: id });
  return id;
}

/** The columns `Permissions…` of a profile or permission set. */
export function permissionColumns(permissions: ReadonlySet<UserPermission>): StoredRow {
  return Object.fromEntries(USER_PERMISSIONS.map((name): [string, StoredValue] => [`Permissions${name}`, permissions.has(name) ? 1 : 0]));
}

/** Writes the objects and fields of `grants` as those of the permission set `parentId`, in place of what was there. */
export function replaceGrants(store: RecordStore, parentId: string, grants: Pick<Grants, 'objects' | 'fields'>, nowMs: number): void {
  store.run('DELETE FROM "ObjectPermissions" WHERE "ParentId" = ?', parentId);
  store.run('DELETE FROM "FieldPermissions" WHERE "ParentId" = ?', parentId);
  for (const [name, rights] of grants.objects) addObjectGrant(store, parentId, name, rights, nowMs);
  for (const [name, right] of grants.fields) addFieldGrant(store, parentId, name, right, nowMs);
}

export function addObjectGrant(store: RecordStore, parentId: string, name: string, rights: ReadonlySet<ObjectRight>, nowMs: number): void {
  const columns = OBJECT_RIGHTS.map((right): [string, StoredValue] => [`Permissions${right}`, rights.has(right) ? 1 : 0]);
  insertSetupRow(store, 'ObjectPermissions', { ParentId: parentId, SobjectType: name, ...Object.fromEntries(columns) }, nowMs);
}

export function addFieldGrant(store: RecordStore, parentId: string, name: string, right: FieldRight, nowMs: number): void {
  const [object = ''] = name.split('.', 1);
  const values = { ParentId: parentId, SobjectType: object, Field: name, PermissionsRead: 1, PermissionsEdit: right === 'edit' ? 1 : 0 };
  insertSetupRow(store, 'FieldPermissions', values, nowMs);
}
