/** Which objects and fields are a matter of permissions, and by what name permissions call them. Source: Object Reference, "FieldPermissions"; Salesforce Help, "Field-Level Security". */

import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';

/** Standard objects whose records profiles and permission sets give access to. Activities are given by user permissions, and all others are anybody's to read. */
const STANDARD_OBJECTS = new Set(['Account', 'Contact', 'Lead', 'Opportunity']);
const ADDRESS_PARTS = ['Street', 'City', 'State', 'PostalCode', 'Country'];
/** Fields that everybody sees who sees the record, although they may be empty. */
const ALWAYS_SEEN = new Set(['FirstName', 'OwnerId', 'RecordTypeId', 'CurrencyIsoCode']);

export function isPermissionedObject(definition: SObjectDefinition): boolean {
  return STANDARD_OBJECTS.has(definition.name) || definition.name.endsWith('__c');
}

/**
 * The name by which permissions call `field`, such as `Account.BillingAddress` for each of its columns; null for a field that is seen by everybody who sees its record:
 * what the system sets, names, and whatever the object requires.
 */
export function permissionName(definition: SObjectDefinition, field: SObjectField): string | null {
  const isCustom = field.name.endsWith('__c');
  // Which standard fields of activities permissions are about was not found out: here none.
  if (!isPermissionedObject(definition) && !(isCustom && definition.name === 'Task')) return null;
  if (isCustom) return isRequired(field) ? null : `${definition.name}.${field.name}`;
  if (ALWAYS_SEEN.has(field.name) || !field.nillable || !(field.createable || field.updateable)) return null;
  return `${definition.name}.${addressOf(definition, field.name) ?? field.name}`;
}

/** The compound field that the column `name` is a part of; null for a field that stands by itself. */
export function addressOf(definition: SObjectDefinition, name: string): string | null {
  const part = ADDRESS_PARTS.find((each) => name.endsWith(each));
  if (part === undefined) return null;
  const prefix = name.slice(0, -part.length);
  return definition.fields.some((field) => field.name === `${prefix}Street`) ? `${prefix}Address` : null;
}

/** Every name of `definition` that permissions can give, each once. */
export function permissionNames(definition: SObjectDefinition): readonly string[] {
  return [...new Set(definition.fields.flatMap((field) => permissionName(definition, field) ?? []))];
}

function isRequired(field: SObjectField): boolean {
  return !field.nillable && field.type !== 'boolean';
}
