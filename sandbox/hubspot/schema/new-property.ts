/** Definitions that a portal's own people make, and what HubSpot refuses of them. */

import { z } from 'zod';
import { invalid, isRefusal, refusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import type { ObjectDefinition } from './object-type.ts';
import { FIELD_TYPES, PROPERTY_TYPES, propertyOption } from './property.ts';
import type { Property } from './property.ts';

const SHAPE = {
  name: z.string().regex(/^[a-z][a-z0-9_]{0,99}$/, 'expected at most 100 lower-case letters, digits and underscores, a letter first'),
  label: z.string().min(1),
  type: z.enum(PROPERTY_TYPES),
  fieldType: z.enum(FIELD_TYPES),
  description: z.string().default(''),
  options: z.array(propertyOption).default([]),
  displayOrder: z.int().min(-1).default(-1),
  hasUniqueValue: z.boolean().default(false),
  hidden: z.boolean().default(false),
  formField: z.boolean().default(false),
  /** A property whose values are owners. */
  referencedObjectType: z.literal('OWNER').nullable().default(null),
};
export const newProperty = z.object({ ...SHAPE, groupName: z.string() });
/** In a schema the group may be left out; it is that of the object then. */
export const newSchemaProperty = z.object({ ...SHAPE, groupName: z.string().optional() });
export type NewProperty = z.infer<typeof newProperty>;

/** What HubSpot lets an object have of unique properties, beside its own. */
const MOST_UNIQUE = 10;

/** The property that `given` defines on `definition`, or why it does not. */
export function propertyFrom(definition: ObjectDefinition, given: NewProperty, nowMs: number): Property | ApiError {
  const old = definition.properties.get(given.name);
  if (old !== undefined && !old.archived) return refusal(409, 'OBJECT_ALREADY_EXISTS', `A property named '${given.name}' already exists.`);
  if (given.name.startsWith('hs_')) return invalid(`${given.name}: names that begin with hs_ are HubSpot's own`);
  const group = definition.groups.get(given.groupName);
  if (group === undefined || group.archived) return invalid(`Property group '${given.groupName}' does not exist`);
  const unfit = unfitOptions(given);
  if (unfit !== null) return unfit;
  const unique = [...definition.properties.values()].filter((each) => each.hasUniqueValue && !each.hubspotDefined && !each.archived);
  if (given.hasUniqueValue && unique.length >= MOST_UNIQUE)
    return invalid(`${definition.type.id} has ${MOST_UNIQUE} unique properties already`);
  const options = given.type === 'bool' && given.options.length === 0 ? YES_OR_NO : given.options;
  const isCalculated = given.fieldType === 'calculation_equation';
  return {
    ...given,
    options,
    hubspotDefined: false,
    readOnlyValue: isCalculated,
    calculated: isCalculated,
    externalOptions: given.referencedObjectType !== null,
    createdAt: nowMs,
    updatedAt: nowMs,
    archived: false,
  };
}

const YES_OR_NO = [
  { label: 'Yes', value: 'true', displayOrder: 0, hidden: false },
  { label: 'No', value: 'false', displayOrder: 1, hidden: false },
];

/** The properties that may be changed of one that exists. */
export const propertyChange = z.object({
  label: SHAPE.label.optional(),
  description: z.string().optional(),
  groupName: z.string().optional(),
  options: z.array(propertyOption).optional(),
  displayOrder: z.int().min(-1).optional(),
  hidden: z.boolean().optional(),
  formField: z.boolean().optional(),
});

/** `property` with `change`; HubSpot's own take none. */
export function changedProperty(
  definition: ObjectDefinition,
  property: Property,
  change: z.infer<typeof propertyChange>,
  nowMs: number,
): Property | ApiError {
  if (property.hubspotDefined) return invalid(`${property.name} is HubSpot's own and cannot be changed`);
  if (change.groupName !== undefined && !definition.groups.has(change.groupName))
    return invalid(`Property group '${change.groupName}' does not exist`);
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<Property>;
  const changed = { ...property, ...given, updatedAt: nowMs };
  const unfit = unfitOptions(changed);
  return isRefusal(unfit) ? unfit : changed;
}

function unfitOptions({ name, type, options }: Pick<Property, 'name' | 'type' | 'options'>): ApiError | null {
  if (options.length > 0 && type !== 'enumeration' && type !== 'bool') return invalid(`${name}: a property of type ${type} has no options`);
  for (const key of ['value', 'label'] as const) {
    const all = options.map((option) => option[key]);
    const twice = all.find((each, index) => all.indexOf(each) < index);
    if (twice !== undefined) return invalid(`${name}: the ${key} ${twice} stands in two options`);
  }
  return null;
}
