/** Which fields of an object its change events carry, and in what form. Source: Change Data Capture Developer Guide, "Change Event Body Fields", "Get Compound Fields in Change Events". */

import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import type { StoredRow, StoredValue } from '../store/record-store.ts';

/** The id stands in the header; the others are in none of the guide's events. */
const LEFT_OUT = new Set(['Id', 'IsDeleted', 'SystemModstamp', 'LastActivityDate', 'MasterRecordId']);

const ADDRESS_PARTS = ['Street', 'City', 'State', 'PostalCode', 'Country'];

export interface EventField {
  readonly field: SObjectField;
  /** The field under which this one is nested, such as `BillingAddress`; null for one that stands by itself. */
  readonly compound: string | null;
  /** Its name there, such as `Street`; the field's own name where it stands by itself. */
  readonly name: string;
}

const SETUP_OBJECTS = new Set(['PermissionSet', 'PermissionSetAssignment', 'ObjectPermissions', 'FieldPermissions']);

/** Objects whose records people write; history and set-up rows have no change events. */
export function hasChangeEvents(definition: SObjectDefinition): boolean {
  return definition.createable && !SETUP_OBJECTS.has(definition.name);
}

const known = new WeakMap<SObjectDefinition, readonly EventField[]>();

export function eventFields(definition: SObjectDefinition): readonly EventField[] {
  const found = known.get(definition) ?? definition.fields.flatMap((field) => asEventField(definition, field));
  known.set(definition, found);
  return found;
}

/** As header and enrichment name it: `Name.FirstName`, `Status__c`. */
export function pathOfField({ compound, name }: EventField): string {
  return compound === null ? name : `${compound}.${name}`;
}

/** The body that shows `fields` of `row`, with components nested in their compound field. */
export function eventBody(fields: readonly EventField[], row: StoredRow): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const { field, compound, name } of fields) {
    const value = shown(field, row[field.name] ?? null);
    if (compound === null) body[name] = value;
    else body[compound] = { ...(body[compound] as object | undefined), [name]: value };
  }
  return body;
}

function asEventField(definition: SObjectDefinition, field: SObjectField): readonly EventField[] {
  // "Formula fields are not included": Change Data Capture Developer Guide, "Change Event Body Fields".
  if (LEFT_OUT.has(field.name) || field.formula !== undefined) return [];
  const isPerson = definition.fields.some((each) => each.name === 'LastName');
  // The name of a person is the compound of its parts, and what joins them is no field of its own.
  if (isPerson && field.name === 'Name') return [];
  if (isPerson && (field.name === 'FirstName' || field.name === 'LastName')) return [{ field, compound: 'Name', name: field.name }];
  const part = ADDRESS_PARTS.find((each) => field.name.endsWith(each));
  const prefix = part === undefined ? null : field.name.slice(0, -part.length);
  const isAddress = prefix !== null && definition.fields.some((each) => each.name === `${prefix}Street`);
  return [isAddress ? { field, compound: `${prefix}Address`, name: part ?? '' } : { field, compound: null, name: field.name }];
}

/** Datetimes end in `Z` here, unlike in REST. */
function shown(field: SObjectField, value: StoredValue): unknown {
  return field.type === 'boolean' && value !== null ? value === 1 : value;
}
