/** The profiles that every org begins with, as far as the sandbox needs them. Source: Salesforce Help, "Standard Profiles". */

import { findObject } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { RecordStore } from '../store/record-store.ts';
import { OBJECT_RIGHTS, USER_PERMISSIONS } from './permission.ts';
import type { ObjectRight, UserPermission } from './permission.ts';
import { addFieldGrant, addObjectGrant, insertSetupRow, permissionColumns } from './permission-row.ts';
import { isPermissionedObject, permissionNames } from './permissionable.ts';

interface StandardProfile {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly UserPermission[];
  /** What it gives on standard objects, with all of their fields; none where it gives nothing. */
  readonly rights: readonly ObjectRight[];
}

export const ADMINISTRATOR = 'System Administrator';
export const STANDARD_USER = 'Standard User';
/** What a user has who gets everything else by permission sets. */
export const MINIMUM_ACCESS = 'Minimum Access - Salesforce';

const WORKING_RIGHTS: readonly ObjectRight[] = ['Create', 'Read', 'Edit', 'Delete'];

const PROFILES: readonly StandardProfile[] = [
  { name: ADMINISTRATOR, description: 'Configures the org and sees all data', permissions: USER_PERMISSIONS, rights: OBJECT_RIGHTS },
  {
    name: STANDARD_USER,
    description: 'Works with the standard objects',
    permissions: ['ActivitiesAccess', 'ApiEnabled', 'EditTask'],
    rights: WORKING_RIGHTS,
  },
  { name: MINIMUM_ACCESS, description: 'Gives nothing by itself', permissions: [], rights: [] },
];

/** Profiles that get new objects and fields as they come, where the org is so set. */
const OPEN_PROFILES = [ADMINISTRATOR, STANDARD_USER];

/** Writes the profiles that are missing, each with the permission set that Salesforce keeps for it. */
export function writeProfiles(store: RecordStore, nowMs: number): void {
  const known = new Set(store.select('SELECT "Name" FROM "Profile"').map((row) => row['Name']));
  for (const profile of PROFILES.filter((each) => !known.has(each.name))) writeProfile(store, profile, nowMs);
}

export function profileId(store: RecordStore, name: string): string | null {
  const id = store.select('SELECT "Id" FROM "Profile" WHERE "Name" = ?', name)[0]?.['Id'];
  return typeof id === 'string' ? id : null;
}

function writeProfile(store: RecordStore, { name, description, permissions, rights }: StandardProfile, nowMs: number): void {
  const flags = permissionColumns(new Set(permissions));
  const id = insertSetupRow(store, 'Profile', { Name: name, Description: description, UserType: 'Standard', ...flags }, nowMs);
  // Salesforce names the permission set behind a profile by an id.
  const owned = { Name: `X${id}`, Label: id, IsOwnedByProfile: 1, IsCustom: 0, ProfileId: id, Type: 'Profile', ...flags };
  const setId = insertSetupRow(store, 'PermissionSet', owned, nowMs);
  if (rights.length === 0) return;
  for (const definition of store.schema.values()) {
    if (definition.custom || !isPermissionedObject(definition)) continue;
    addObjectGrant(store, setId, definition.name, new Set(rights), nowMs);
    for (const field of permissionNames(definition).filter((each) => !each.endsWith('__c')))
      addFieldGrant(store, setId, field, 'edit', nowMs);
  }
}

/** Gives the working profiles every custom object and field that they have not, as somebody does who ticks all profiles for a field made by hand. */
export function openToProfiles(store: RecordStore, nowMs: number): void {
  for (const setId of openSets(store)) {
    const columnOf = (table: string, column: string) =>
      new Set(store.select(`SELECT "${column}" FROM "${table}" WHERE "ParentId" = ?`, setId).map((row) => String(row[column])));
    const objects = columnOf('ObjectPermissions', 'SobjectType');
    const fields = columnOf('FieldPermissions', 'Field');
    for (const definition of store.schema.values()) {
      if (definition.custom && isPermissionedObject(definition) && !objects.has(definition.name))
        addObjectGrant(store, setId, definition.name, new Set(WORKING_RIGHTS), nowMs);
      for (const name of permissionNames(definition)) if (!fields.has(name)) addFieldGrant(store, setId, name, 'edit', nowMs);
    }
  }
}

/** Takes all custom objects and fields from the profiles, which then come by permission sets alone. */
export function closeToProfiles(store: RecordStore): void {
  for (const setId of openSets(store)) {
    store.run(`DELETE FROM "FieldPermissions" WHERE "ParentId" = ? AND "Field" LIKE '%\\_\\_c' ESCAPE '\\'`, setId);
    store.run(`DELETE FROM "ObjectPermissions" WHERE "ParentId" = ? AND "SobjectType" LIKE '%\\_\\_c' ESCAPE '\\'`, setId);
  }
}

function openSets(store: RecordStore): readonly string[] {
  const places = OPEN_PROFILES.map(() => '?').join(', ');
  const sql = `SELECT s."Id" FROM "PermissionSet" s JOIN "Profile" p ON p."Id" = s."ProfileId" WHERE p."Name" IN (${places})`;
  return store.select(sql, ...OPEN_PROFILES).map((row) => String(row['Id']));
}

/** Forgets what was given on objects and fields that the org has no longer. */
export function dropStaleGrants(store: RecordStore, schema: Schema): void {
  const names = new Set([...schema.values()].flatMap(permissionNames));
  for (const row of store.select('SELECT "Id", "SobjectType" FROM "ObjectPermissions"'))
    if (findObject(schema, String(row['SobjectType'])) === null)
      store.run('DELETE FROM "ObjectPermissions" WHERE "Id" = ?', row['Id'] ?? null);
  for (const row of store.select('SELECT "Id", "Field" FROM "FieldPermissions"')) {
    const name = String(row['Field']);
    // Events are given fields of activities too, and do not exist here.
    if (!names.has(name) && !name.startsWith('Event.')) store.run('DELETE FROM "FieldPermissions" WHERE "Id" = ?', row['Id'] ?? null);
  }
}
