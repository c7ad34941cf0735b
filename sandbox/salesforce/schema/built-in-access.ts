/** The objects in which an org keeps who may do what. Source: Salesforce's Object Reference, pages Profile, PermissionSet, PermissionSetAssignment, ObjectPermissions, FieldPermissions. */

import { OBJECT_RIGHTS, USER_PERMISSIONS } from '../access/permission.ts';
import { checkBox, lookup, picklist, READ_ONLY, text } from './field.ts';
import type { FieldSource, ObjectSource } from './field.ts';
import { setupObject } from './setup-object.ts';

function permissionFlags(isWritable: boolean): readonly FieldSource[] {
  return USER_PERMISSIONS.map((permission) => checkBox(`Permissions${permission}`, permission, isWritable ? {} : READ_ONLY));
}

export const PROFILE: ObjectSource = setupObject(
  'Profile',
  '00e',
  [
    picklist('UserType', 'User Type', ['Standard', 'PowerPartner', 'CsnOnly'], READ_ONLY),
    text('Description', 'Description', 255, READ_ONLY),
    ...permissionFlags(false),
  ],
  { labelPlural: 'Profile', nameField: text('Name', 'Name', 255, { nillable: false, ...READ_ONLY }) },
);

export const PERMISSION_SET: ObjectSource = setupObject(
  'PermissionSet',
  '0PS',
  [
    text('Label', 'Permission Set Label', 80, { nillable: false }),
    text('Description', 'Description', 255),
    text('NamespacePrefix', 'Namespace Prefix', 15, READ_ONLY),
    checkBox('IsOwnedByProfile', 'Is Owned By Profile', READ_ONLY),
    checkBox('IsCustom', 'Custom', { ...READ_ONLY, defaultValue: true }),
    lookup('ProfileId', 'Profile ID', ['Profile'], 'Profile', null, READ_ONLY),
    picklist('Type', 'Type', ['Regular', 'Profile'], { ...READ_ONLY, defaultValue: 'Regular' }),
    ...permissionFlags(true),
  ],
  {
    labelPlural: 'Permission Set',
    nameField: text('Name', 'Permission Set Name', 80, { nillable: false, unique: true }),
    writable: true,
    deletable: true,
  },
);

export const PERMISSION_SET_ASSIGNMENT: ObjectSource = setupObject(
  'PermissionSetAssignment',
  '0Pa',
  [
    lookup('PermissionSetId', 'PermissionSet ID', ['PermissionSet'], 'PermissionSet', 'Assignments', {
      nillable: false,
      updateable: false,
    }),
    lookup('AssigneeId', 'Assignee ID', ['User'], 'Assignee', 'PermissionSetAssignments', { nillable: false, updateable: false }),
    // There are no groups of permission sets here, which tools ask for all the same.
    lookup('PermissionSetGroupId', 'PermissionSetGroup ID', ['PermissionSetGroup'], 'PermissionSetGroup', null, READ_ONLY),
    checkBox('IsActive', 'Active', { ...READ_ONLY, defaultValue: true }),
  ],
  { labelPlural: 'Permission Set Assignment', writable: true, deletable: true },
);

export const OBJECT_PERMISSIONS: ObjectSource = setupObject(
  'ObjectPermissions',
  '110',
  [
    lookup('ParentId', 'Parent ID', ['PermissionSet'], 'Parent', 'ObjectPerms', { nillable: false, updateable: false }),
    text('SobjectType', 'SObject Type Name', 80, { nillable: false, updateable: false }),
    ...OBJECT_RIGHTS.map((right) => checkBox(`Permissions${right}`, right)),
  ],
  { labelPlural: 'Object Permissions', writable: true, deletable: true },
);

export const FIELD_PERMISSIONS: ObjectSource = setupObject(
  'FieldPermissions',
  '01k',
  [
    lookup('ParentId', 'Parent ID', ['PermissionSet'], 'Parent', 'FieldPerms', { nillable: false, updateable: false }),
    text('SobjectType', 'SObject Type Name', 80, { nillable: false, updateable: false }),
    text('Field', 'Field Name', 255, { nillable: false, updateable: false }),
    checkBox('PermissionsRead', 'Read Access'),
    checkBox('PermissionsEdit', 'Edit Access'),
  ],
  { labelPlural: 'Field Permissions', writable: true, deletable: true },
);
