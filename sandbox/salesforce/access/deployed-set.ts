/** Permission sets that were deployed, as rows. Source: Metadata API Developer Guide, "PermissionSet". */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { KeptComponent } from '../metadata/org-metadata.ts';
import { readContent } from '../schema/metadata-file.ts';
import { listOf } from '../screen/element-list.ts';
import type { RecordStore } from '../store/record-store.ts';
import { storedInstant } from '../wire/instant.ts';
import { replaceCustomPermissions } from './custom-permission.ts';
import { OBJECT_RIGHTS, USER_PERMISSIONS } from './permission.ts';
import type { ObjectRight, UserPermission } from './permission.ts';
import { insertSetupRow, permissionColumns, replaceGrants } from './permission-row.ts';
import type { FieldRight, Grants } from './permission-row.ts';

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

const permissionSetFile = z.object({
  label: z.string().default(''),
  description: z.string().optional(),
  fieldPermissions: listOf(z.object({ field: z.string(), readable: flag, editable: flag })),
  objectPermissions: listOf(
    z.object({
      object: z.string(),
      allowCreate: flag,
      allowRead: flag,
      allowEdit: flag,
      allowDelete: flag,
      viewAllRecords: flag,
      modifyAllRecords: flag,
    }),
  ),
  userPermissions: listOf(z.object({ name: z.string(), enabled: flag })),
  customPermissions: listOf(z.object({ name: z.string(), enabled: flag })),
});
type PermissionSetFile = z.infer<typeof permissionSetFile>;

const DEPLOYED = 'permissionSet.';

/**
 * Writes the rows of every permission set among `components` that is another than the last time, and removes those whose component is gone, with their assignments.
 * What people changed of a set since then stays until it is deployed in another form.
 */
export function writeDeployedSets(store: RecordStore, components: Iterable<KeptComponent>, nowMs: number): void {
  const sets = [...components].filter((each) => each.type === 'PermissionSet');
  for (const component of sets) {
    const digest = createHash('sha256').update(JSON.stringify(component.content)).digest('hex');
    if (store.readMeta(DEPLOYED + component.id) === digest) continue;
    writeSet(store, component, nowMs);
    store.writeMeta(DEPLOYED + component.id, digest);
  }
  const present = new Set(sets.map((each) => each.id));
  const written = store.select('SELECT key FROM _meta WHERE substr(key, 1, ?) = ?', DEPLOYED.length, DEPLOYED);
  for (const id of written.map((row) => String(row['key']).slice(DEPLOYED.length)).filter((each) => !present.has(each))) {
    removeSet(store, id);
    store.run('DELETE FROM _meta WHERE key = ?', DEPLOYED + id);
  }
}

/** Removes a permission set with all that hangs on it. */
export function removeSet(store: RecordStore, id: string): void {
  store.run('DELETE FROM "ObjectPermissions" WHERE "ParentId" = ?', id);
  store.run('DELETE FROM "FieldPermissions" WHERE "ParentId" = ?', id);
  replaceCustomPermissions(store, id, []);
  store.run('DELETE FROM "PermissionSetAssignment" WHERE "PermissionSetId" = ?', id);
  store.run('DELETE FROM "PermissionSet" WHERE "Id" = ?', id);
}

function writeSet(store: RecordStore, component: KeptComponent, nowMs: number): void {
  const file = readContent(component, permissionSetFile);
  const grants = grantsOf(file);
  const flags = permissionColumns(grants.permissions);
  const values = { Label: file.label, Description: file.description ?? null, ...flags };
  const [known] = store.select('SELECT "Id" FROM "PermissionSet" WHERE "Id" = ?', component.id);
  if (known === undefined) {
    insertSetupRow(store, 'PermissionSet', { Id: component.id, Name: component.fullName, IsCustom: 1, Type: 'Regular', ...values }, nowMs);
  } else {
    const sets = Object.keys(values).map((column) => `"${column}" = ?`);
    const sql = `UPDATE "PermissionSet" SET ${sets.join(', ')}, "SystemModstamp" = ? WHERE "Id" = ?`;
    store.run(sql, ...Object.values(values), storedInstant(nowMs), component.id);
  }
  replaceGrants(store, component.id, grants, nowMs);
  replaceCustomPermissions(
    store,
    component.id,
    file.customPermissions.filter(({ enabled }) => enabled).map(({ name }) => name),
  );
}

function grantsOf(file: PermissionSetFile): Grants {
  const allowed = (each: PermissionSetFile['objectPermissions'][number], right: ObjectRight): boolean => {
    switch (right) {
      case 'Create':
        return each.allowCreate;
      case 'Read':
        return each.allowRead;
      case 'Edit':
        return each.allowEdit;
      case 'Delete':
        return each.allowDelete;
      case 'ViewAllRecords':
        return each.viewAllRecords;
      case 'ModifyAllRecords':
        return each.modifyAllRecords;
    }
  };
  const enabled = new Set(file.userPermissions.filter((each) => each.enabled).map((each) => each.name));
  return {
    permissions: new Set(USER_PERMISSIONS.filter((name: UserPermission) => enabled.has(name))),
    objects: new Map(
      file.objectPermissions.map((each) => [each.object, new Set(OBJECT_RIGHTS.filter((right) => allowed(each, right)))] as const),
    ),
    fields: new Map(
      file.fieldPermissions
        .filter((each) => each.readable || each.editable)
        .map((each): readonly [string, FieldRight] => [each.field, each.editable ? 'edit' : 'read']),
    ),
  };
}
