/** The org's objects as one user sees them: what may not be read is not there, and flags say what may be written. */

import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import type { ObjectRight } from './permission.ts';
import type { Grants } from './permission-row.ts';
import { isPermissionedObject, permissionName } from './permissionable.ts';

const ALL: ReadonlySet<ObjectRight> = new Set(['Create', 'Read', 'Edit', 'Delete', 'ViewAllRecords', 'ModifyAllRecords']);
const READ: ReadonlySet<ObjectRight> = new Set(['Read', 'ViewAllRecords']);
const NONE: ReadonlySet<ObjectRight> = new Set();
const SETS = new Set(['PermissionSet', 'ObjectPermissions', 'FieldPermissions']);

/** What `grants` allow with the records of `definition`. Objects that no permission is about are everybody's. */
export function rightsOn(definition: SObjectDefinition, schema: Schema, { permissions, objects }: Grants): ReadonlySet<ObjectRight> {
  const { name } = definition;
  if (permissions.has('ModifyAllData')) return ALL;
  if (isPermissionedObject(definition)) return withAllData(objects.get(name) ?? NONE, permissions.has('ViewAllData'));
  const tracked = historyParent(definition, schema);
  if (tracked !== null) return rightsOn(tracked, schema, { permissions, objects, fields: new Map() }).has('Read') ? READ : NONE;
  if (name === 'Task') return permissions.has('EditTask') ? ALL : permissions.has('ActivitiesAccess') ? READ : NONE;
  if (name === 'User') return permissions.has('ManageUsers') ? ALL : READ;
  if (SETS.has(name) || name === 'PermissionSetAssignment') {
    const mayChange = permissions.has(name === 'PermissionSetAssignment' ? 'AssignPermissionSets' : 'ManageProfilesPermissionsets');
    return mayChange ? ALL : permissions.has('ViewSetup') || permissions.has('AssignPermissionSets') ? READ : NONE;
  }
  return ALL;
}

/** `schema` as a user with `grants` sees it. Definitions that lose nothing are the very same. */
export function visibleSchema(schema: Schema, grants: Grants): Schema {
  const readable = new Map([...schema].filter(([, definition]) => rightsOn(definition, schema, grants).has('Read')));
  const seen = new Map(
    [...readable].map(([key, definition]) => [key, visibleFields(definition, grants, rightsOn(definition, schema, grants))]),
  );
  return new Map(
    [...seen].map(([key, definition]) => {
      const children = definition.childRelationships.filter(({ childSObject, field }) =>
        seen.get(childSObject.toLowerCase())?.fields.some((each) => each.name === field),
      );
      return [key, children.length === definition.childRelationships.length ? definition : { ...definition, childRelationships: children }];
    }),
  );
}

function visibleFields(definition: SObjectDefinition, grants: Grants, rights: ReadonlySet<ObjectRight>): SObjectDefinition {
  const createable = definition.createable && rights.has('Create');
  const updateable = definition.updateable && rights.has('Edit');
  const deletable = definition.deletable && rights.has('Delete');
  const fields = definition.fields.flatMap((field): readonly SObjectField[] => {
    const name = permissionName(definition, field);
    const right = name === null ? 'edit' : grants.fields.get(name);
    if (right === undefined) return [];
    const mayCreate = field.createable && right === 'edit' && (createable || !definition.createable);
    const mayUpdate = field.updateable && right === 'edit' && (updateable || !definition.updateable);
    return [
      mayCreate === field.createable && mayUpdate === field.updateable ? field : { ...field, createable: mayCreate, updateable: mayUpdate },
    ];
  });
  const isWhole =
    createable === definition.createable &&
    updateable === definition.updateable &&
    deletable === definition.deletable &&
    fields.length === definition.fields.length &&
    fields.every((field, index) => field === definition.fields[index]);
  return isWhole ? definition : { ...definition, createable, updateable, deletable, fields };
}

function withAllData(rights: ReadonlySet<ObjectRight>, seesAll: boolean): ReadonlySet<ObjectRight> {
  return seesAll ? new Set([...rights, ...READ]) : rights;
}

/** The object whose fields' history `definition` keeps; null for any other object. */
function historyParent(definition: SObjectDefinition, schema: Schema): SObjectDefinition | null {
  if (!definition.name.endsWith('History')) return null;
  const parent = definition.fields.find((field) => field.type === 'reference' && field.name !== 'CreatedById')?.referenceTo[0];
  return parent === undefined ? null : (schema.get(parent.toLowerCase()) ?? null);
}
