/** The permissions that the emulated org asks for. Source: Salesforce's Object Reference, pages PermissionSet and ObjectPermissions. */

/** Permissions of a user as a whole, by the names that metadata gives them. */
export const USER_PERMISSIONS = [
  'ActivitiesAccess',
  'ApiEnabled',
  'AssignPermissionSets',
  'CustomizeApplication',
  'EditTask',
  'ManageProfilesPermissionsets',
  'ManageUsers',
  'ModifyAllData',
  'ModifyMetadata',
  'ViewAllData',
  'ViewSetup',
] as const;
export type UserPermission = (typeof USER_PERMISSIONS)[number];

/** What may be done with the records of an object. */
export const OBJECT_RIGHTS = ['Create', 'Read', 'Edit', 'Delete', 'ViewAllRecords', 'ModifyAllRecords'] as const;
export type ObjectRight = (typeof OBJECT_RIGHTS)[number];

/** What one right brings with it: Salesforce refuses a permission set that has the first and not the others. */
export const IMPLIED_RIGHTS: Readonly<Record<ObjectRight, readonly ObjectRight[]>> = {
  Create: ['Read'],
  Read: [],
  Edit: ['Read'],
  Delete: ['Read', 'Edit'],
  ViewAllRecords: ['Read'],
  ModifyAllRecords: ['Read', 'Edit', 'Delete', 'ViewAllRecords'],
};
