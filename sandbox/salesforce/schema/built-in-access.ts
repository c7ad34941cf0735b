/** The objects in which an org keeps who may do what. Source: Salesforce's Object Reference, pages Profile, PermissionSet, PermissionSetAssignment, ObjectPermissions, FieldPermissions. */

import { OBJECT_RIGHTS, USER_PERMISSIONS } from '../access/permission.ts';
import { checkBox, lookup, picklist, READ_ONLY, systemFields, text } from './field.ts';
import type { FieldSource, ObjectSource } from './field.ts';

/** Nothing of these goes to the recycle bin. */
function stampsWithoutBin(name: FieldSource | null): readonly FieldSource[] {
  return systemFields(name, false).filter((source) => source.field.name !== 'IsDeleted');
}

function permissionFlags(isWritable: boolean): readonly FieldSource[] {
  return USER_PERMISSIONS.map((permission) => checkBox(`Permissions${permission}`, permission, isWritable ? {} : READ_ONLY));
}

export const PROFILE: ObjectSource = {
  name: 'Profile',
  label: 'Profile',
  labelPlural: 'Profile',
  keyPrefix: '00e',
  custom: false,
  writable: false,
  deletable: false,
  historyParentField: null,
  fields: [
    ...stampsWithoutBin(text('Name', 'Name', 255, { nillable: false, ...READ_ONLY })),
    picklist('UserType', 'User Type', ['Standard', 'PowerPartner', 'CsnOnly'], READ_ONLY),
    text('Description', 'Description', 255, READ_ONLY),
    ...permissionFlags(false),
  ],
};

export const PERMISSION_SET: ObjectSource = {
  name: 'PermissionSet',
  label: 'Permission Set',
  labelPlural: 'Permission Set',
  keyPrefix: '0PS',
  custom: false,
  writable: true,
  deletable: true,
  historyParentField: null,
  fields: [
    ...stampsWithoutBin(text('Name', 'Permission Set Name', 80, { nillable: false, unique: true })),
    text('Label', 'Permission Set Label', 80, { nillable: false }),
    text('Description', 'Description', 255),
    text('NamespacePrefix', 'Namespace Prefix', 15, READ_ONLY),
    checkBox('IsOwnedByProfile', 'Is Owned By Profile', READ_ONLY),
    checkBox('IsCustom', 'Custom', { ...READ_ONLY, defaultValue: true }),
    lookup('ProfileId', 'Profile ID', ['Profile'], 'Profile', null, READ_ONLY),
    picklist('Type', 'Type', ['Regular', 'Profile'], { ...READ_ONLY, defaultValue: 'Regular' }),
    ...permissionFlags(true),
  ],
};

export const PERMISSION_SET_ASSIGNMENT: ObjectSource = {
  name: 'PermissionSetAssignment',
  label: 'Permission Set Assignment',
  labelPlural: 'Permission Set Assignment',
  keyPrefix: '0Pa',
  custom: false,
  writable: true,
  deletable: true,
  historyParentField: null,
  fields: [
    ...stampsWithoutBin(null),
    lookup('PermissionSetId', 'PermissionSet ID', ['PermissionSet'], 'PermissionSet', 'Assignments', {
      nillable: false,
      updateable: false,
    }),
    lookup('AssigneeId', 'Assignee ID', ['User'], 'Assignee', 'PermissionSetAssignments', { nillable: false, updateable: false }),
    checkBox('IsActive', 'Active', { ...READ_ONLY, defaultValue: true }),
  ],
};

export const OBJECT_PERMISSIONS: ObjectSource = {
  name: 'ObjectPermissions',
  label: 'Object Permissions',
  labelPlural: 'Object Permissions',
  keyPrefix: '110',
  custom: false,
  writable: true,
  deletable: true,
  historyParentField: null,
  fields: [
    ...stampsWithoutBin(null),
    lookup('ParentId', 'Parent ID', ['PermissionSet'], 'Parent', 'ObjectPerms', { nillable: false, updateable: false }),
    text('SobjectType', 'SObject Type Name', 80, { nillable: false, updateable: false }),
    ...OBJECT_RIGHTS.map((right) => checkBox(`Permissions${right}`, right)),
  ],
};

export const FIELD_PERMISSIONS: ObjectSource = {
  name: 'FieldPermissions',
  label: 'Field Permissions',
  labelPlural: 'Field Permissions',
  keyPrefix: '01k',
  custom: false,
  writable: true,
  deletable: true,
  historyParentField: null,
  fields: [
    ...stampsWithoutBin(null),
    lookup('ParentId', 'Parent ID', ['PermissionSet'], 'Parent', 'FieldPerms', { nillable: false, updateable: false }),
    text('SobjectType', 'SObject Type Name', 80, { nillable: false, updateable: false }),
    text('Field', 'Field Name', 255, { nillable: false, updateable: false }),
    checkBox('PermissionsRead', 'Read Access'),
    checkBox('PermissionsEdit', 'Edit Access'),
  ],
};
