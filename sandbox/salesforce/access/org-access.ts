/** Who may see and write what, worked out once for a user and kept until permissions or objects change. */

import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import { OBJECT_RIGHTS, USER_PERMISSIONS } from './permission.ts';
import { isPermissionedObject } from './permissionable.ts';
import type { ObjectRight, UserPermission } from './permission.ts';
import type { FieldRight, Grants } from './permission-row.ts';
import { rightsOn, visibleSchema } from './visible-schema.ts';

export interface UserAccess {
  /** The org's objects as the user sees them; what may not be read is not in it. */
  readonly schema: Schema;
  readonly may: (permission: UserPermission) => boolean;
  /** True with _Modify All Data_, and with _Modify All_ of this object. */
  readonly modifiesAll: (definition: SObjectDefinition) => boolean;
}

export interface OrgAccess {
  /** When somebody's access was last seen to have changed; 0 where it never was. Epoch milliseconds. */
  readonly changedAtMs: () => number;
  /** What the user with that id may do; nothing for one that is not there. */
  readonly of: (userId: string) => UserAccess;
}

/** Tables whose rows say who may do what, and the columns of users that do. */
const WATCHED = ['PermissionSet', 'PermissionSetAssignment', 'ObjectPermissions', 'FieldPermissions', 'Profile'];

/** `schema` is the org's own, which is refilled when metadata changes. */
export function createOrgAccess(store: RecordStore, schema: Schema, now: () => number): OrgAccess {
  watchChanges(store);
  let changedAtMs = 0;
  let kept = new Map<string, UserAccess>();
  let version = -1;
  let sample: SObjectDefinition | undefined;
  const catchUp = () => {
    const current = Number(store.select('SELECT n FROM temp._access_version')[0]?.['n'] ?? 0);
    if (current === version && sample === schema.get('user')) return;
    if (version !== -1) changedAtMs = now();
    kept = new Map();
    version = current;
    sample = schema.get('user');
  };
  return {
    changedAtMs: () => {
      catchUp();
      return changedAtMs;
    },
    of: (userId) => {
      catchUp();
      const known = kept.get(userId);
      if (known !== undefined) return known;
      const grants = readGrants(store, userId);
      const access: UserAccess = {
        schema: visibleSchema(schema, grants),
        may: (permission) => grants.permissions.has(permission),
        modifiesAll: (definition) => isPermissionedObject(definition) && rightsOn(definition, schema, grants).has('ModifyAllRecords'),
      };
      // What a transaction has changed may yet be undone, and its version be given to another change.
      if (!store.db.isTransaction) kept.set(userId, access);
      return access;
    },
  };
}

/** Counts changes of who may do what, whichever way they come. The count is of this connection and undone with its transaction. */
function watchChanges(store: RecordStore): void {
  store.db.exec('CREATE TEMP TABLE IF NOT EXISTS _access_version (n INTEGER NOT NULL)');
  store.db.exec('INSERT INTO temp._access_version SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM temp._access_version)');
  const count = 'BEGIN UPDATE _access_version SET n = n + 1; END';
  const watch = (name: string, when: string) => store.db.exec(`CREATE TEMP TRIGGER IF NOT EXISTS "_access_${name}" AFTER ${when} ${count}`);
  for (const table of WATCHED)
    for (const event of ['INSERT', 'UPDATE', 'DELETE']) watch(`${table}_${event}`, `${event} ON main."${table}"`);
  watch('User_UPDATE', 'UPDATE OF "ProfileId" ON main."User"');
  watch('User_INSERT', 'INSERT ON main."User"');
}

function readGrants(store: RecordStore, userId: string): Grants {
  const sets = store.select(
    `SELECT * FROM "PermissionSet" WHERE "ProfileId" = (SELECT "ProfileId" FROM "User" WHERE "Id" = ?)
      OR "Id" IN (SELECT "PermissionSetId" FROM "PermissionSetAssignment" WHERE "AssigneeId" = ? AND "IsActive" = 1)`,
    userId,
    userId,
  );
  const objects = new Map<string, Set<ObjectRight>>();
  const fields = new Map<string, FieldRight>();
  for (const { Id: id } of sets) {
    for (const row of store.select('SELECT * FROM "ObjectPermissions" WHERE "ParentId" = ?', id ?? null)) {
      const name = String(row['SobjectType']);
      objects.set(name, new Set([...(objects.get(name) ?? []), ...OBJECT_RIGHTS.filter((right) => isSet(row, right))]));
    }
    for (const row of store.select('SELECT * FROM "FieldPermissions" WHERE "ParentId" = ?', id ?? null)) {
      const name = String(row['Field']);
      if (isSet(row, 'Edit')) fields.set(name, 'edit');
      else if (isSet(row, 'Read') && !fields.has(name)) fields.set(name, 'read');
    }
  }
  return { permissions: new Set(USER_PERMISSIONS.filter((name) => sets.some((row) => isSet(row, name)))), objects, fields };
}

function isSet(row: StoredRow, permission: string): boolean {
  return row[`Permissions${permission}`] === 1;
}
