/** Object definitions as metadata has them, and what of them shapes an object. Source: Metadata API Developer Guide, "CustomObject", "CustomField". */

import { z } from 'zod';
import type { Component } from '../metadata/component.ts';
import { objectNameOf } from '../metadata/component.ts';
import { readSourceProject } from '../metadata/source-project.ts';
import { listOf } from '../screen/element-list.ts';

/** XML carries everything as text; these are the elements that shape an object, and others are let through unread. */
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const whole = z.string().regex(/^\d+$/).transform(Number);

const picklistValue = z.object({ fullName: z.string(), label: z.string().optional(), default: flag.optional() });

export const customField = z.object({
  fullName: z.string(),
  label: z.string().optional(),
  /** Absent for standard fields, whose files only switch something on, such as history. */
  type: z.string().optional(),
  length: whole.optional(),
  precision: whole.optional(),
  scale: whole.optional(),
  required: flag.optional(),
  unique: flag.optional(),
  caseSensitive: flag.optional(),
  externalId: flag.optional(),
  trackHistory: flag.optional(),
  defaultValue: z.string().optional(),
  referenceTo: z.string().optional(),
  deleteConstraint: z.enum(['SetNull', 'Restrict', 'Cascade']).optional(),
  relationshipName: z.string().optional(),
  relationshipLabel: z.string().optional(),
  inlineHelpText: z.string().optional(),
  valueSet: z
    .object({
      restricted: flag.optional(),
      valueSetDefinition: z.object({ value: listOf(picklistValue) }).optional(),
    })
    .optional(),
});
export type FieldFile = z.infer<typeof customField>;

export const customObject = z.object({
  label: z.string().optional(),
  pluralLabel: z.string().optional(),
  enableHistory: flag.optional(),
  enableActivities: flag.optional(),
  sharingModel: z.string().optional(),
  nameField: z.object({ type: z.string(), label: z.string().optional(), displayFormat: z.string().optional() }).optional(),
});
export type ObjectFile = z.infer<typeof customObject>;

export interface ShippedObject {
  readonly name: string;
  readonly object: ObjectFile;
  readonly fields: readonly FieldFile[];
}

/**
 * The content of a component.
 *
 * @throws Error that names the component and every place in it that does not fit `shape`.
 */
export function readContent<T>(component: Component, shape: z.ZodType<T>): T {
  const parsed = shape.safeParse(component.content);
  if (parsed.success) return parsed.data;
  throw new Error(`${component.fullName} is not a ${component.type}: ${problemsOf(parsed.error)}`);
}

export function problemsOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}

/**
 * The objects and fields among `components`, in the order of their names. An object that only has something of its own, such as a list view, is one too.
 *
 * @throws Error that names the component which is not of the format.
 */
export function shippedObjectsOf(components: Iterable<Component>): readonly ShippedObject[] {
  const objects = new Map<string, { object: ObjectFile; fields: FieldFile[] }>();
  for (const component of components) {
    if (component.type !== 'CustomObject' && component.type !== 'CustomField') continue;
    const name = objectNameOf(component);
    const known = objects.get(name) ?? { object: {}, fields: [] };
    objects.set(name, known);
    if (component.type === 'CustomObject') known.object = readContent(component, customObject);
    else known.fields.push(readContent(component, customField));
  }
  return [...objects]
    .map(([name, { object, fields }]) => ({ name, object, fields: fields.toSorted((a, b) => (a.fullName < b.fullName ? -1 : 1)) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The objects that the project at `root` ships. @throws Error that names what is missing or not of the format. */
export function readShippedObjects(root: string): readonly ShippedObject[] {
  return shippedObjectsOf(readSourceProject(root));
}
