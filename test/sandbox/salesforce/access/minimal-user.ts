/** Users who have nothing but what a test gives them. */

import type { OpenedOrg } from '../opened-org.ts';

export interface AddedUser {
  readonly id: string;
  readonly alias: string;
}

/** A user of the profile that gives nothing, unless another is named. */
export async function addUser(org: OpenedOrg, alias: string, profile = 'Minimum Access - Salesforce'): Promise<AddedUser> {
  const [found] = await org.query(`SELECT Id FROM Profile WHERE Name = '${profile}'`);
  const address = `${alias}@acme.example`;
  const fields = { Username: address, Email: address, Alias: alias, LastName: alias, ProfileId: found?.['Id'] };
  return { id: (await org.call('POST', '/sobjects/User', fields)).body.id, alias };
}

export async function setIdOf(org: OpenedOrg, name: string): Promise<string> {
  const [found] = await org.query(`SELECT Id FROM PermissionSet WHERE Name = '${name}'`);
  return String(found?.['Id']);
}

/** Gives the user the permission set of that name; gives the assignment's id. */
export async function assign(org: OpenedOrg, user: AddedUser, name: string): Promise<string> {
  const body = { AssigneeId: user.id, PermissionSetId: await setIdOf(org, name) };
  return (await org.call('POST', '/sobjects/PermissionSetAssignment', body)).body.id;
}

/** A permission set with these rights on `object`, and with these fields. */
export async function addSet(
  org: OpenedOrg,
  name: string,
  object: string,
  rights: readonly string[],
  fields: Readonly<Record<string, 'read' | 'edit'>> = {},
): Promise<void> {
  const { id } = (await org.call('POST', '/sobjects/PermissionSet', { Name: name, Label: name, PermissionsApiEnabled: true })).body;
  const flags = Object.fromEntries(rights.map((right) => [`Permissions${right}`, true]));
  await org.call('POST', '/sobjects/ObjectPermissions', { ParentId: id, SobjectType: object, ...flags });
  for (const [field, right] of Object.entries(fields)) {
    const grant = { PermissionsRead: true, PermissionsEdit: right === 'edit' };
    await org.call('POST', '/sobjects/FieldPermissions', { ParentId: id, SobjectType: object, Field: `${object}.${field}`, ...grant });
  }
}
