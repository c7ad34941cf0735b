/** Object definitions as metadata has them, and what of them shapes an object. Source: Metadata API Developer Guide, "CustomObject", "CustomField". */

import { z } from 'zod';
import type { Component } from '../metadata/component.ts';
import { objectNameOf } from '../metadata/component.ts';
import { readSourceProject } from '../metadata/source-project.ts';
import { listOf } from '../screen/element-list.ts';
import type { RecordTypeDefinition } from './definition.ts';

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
  formula: z.string().optional(),
  formulaTreatBlanksAs: z.enum(['BlankAsZero', 'BlankAsBlank']).optional(),
  valueSet: z
    .object({
      controllingField: z.string().optional(),
      valueSettings: listOf(z.object({ controllingFieldValue: listOf(z.string()), valueName: z.string() })),
      restricted: flag.optional(),
      /** A global value set in place of values of its own. */
      valueSetName: z.string().optional(),
      valueSetDefinition: z.object({ value: listOf(picklistValue) }).optional(),
    })
    .optional(),
});
export type FieldFile = z.infer<typeof customField>;

const globalValueSet = z.object({ customValue: listOf(picklistValue) });

const recordType = z.object({
  label: z.string().optional(),
  description: z.string().optional(),
  active: flag.optional(),
  picklistValues: listOf(z.object({ picklist: z.string(), values: listOf(z.object({ fullName: z.string() })) })),
});

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
  readonly recordTypes: readonly RecordTypeDefinition[];
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
  const all = [...components];
  const valueSets = new Map(
    all.filter((each) => each.type === 'GlobalValueSet').map((each) => [each.fullName, readContent(each, globalValueSet)]),
  );
  const objects = new Map<string, { object: ObjectFile; fields: FieldFile[]; recordTypes: RecordTypeDefinition[] }>();
  for (const component of all.filter((each) => OBJECT_PARTS.has(each.type))) {
    const name = objectNameOf(component);
    const known = objects.get(name) ?? { object: {}, fields: [], recordTypes: [] };
    objects.set(name, known);
    if (component.type === 'CustomObject') known.object = readContent(component, customObject);
    else if (component.type === 'RecordType') known.recordTypes.push(recordTypeOf(component));
    else known.fields.push(withGlobalValues(readContent(component, customField), valueSets));
  }
  return [...objects]
    .map(([name, { object, fields, recordTypes }]) => ({
      name,
      object,
      fields: fields.toSorted((a, b) => (a.fullName < b.fullName ? -1 : 1)),
      recordTypes: recordTypes.toSorted((a, b) => (a.developerName < b.developerName ? -1 : 1)),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const OBJECT_PARTS = new Set(['CustomObject', 'CustomField', 'RecordType']);

/** A field of a global value set has that set's values; one that is not there gives none. */
function withGlobalValues(file: FieldFile, valueSets: ReadonlyMap<string, z.infer<typeof globalValueSet>>): FieldFile {
  const { valueSet } = file;
  if (valueSet?.valueSetName === undefined) return file;
  const values = valueSets.get(valueSet.valueSetName)?.customValue ?? [];
  return { ...file, valueSet: { ...valueSet, restricted: valueSet.restricted ?? true, valueSetDefinition: { value: values } } };
}

/** Components that the org keeps have the id that the record type is known by; a deployment that is only planned has none yet. */
function recordTypeOf(component: Component & { readonly id?: string }): RecordTypeDefinition {
  const file = readContent(component, recordType);
  const developerName = component.fullName.split('.')[1] ?? component.fullName;
  return {
    id: component.id ?? '',
    developerName,
    label: file.label ?? developerName,
    description: file.description ?? null,
    isActive: file.active !== false,
    // Values are written as parts of an address in metadata: `Closed %2F Won`.
    picklistValues: new Map(
      file.picklistValues.map((each) => [each.picklist, new Set(each.values.map(({ fullName }) => decodeURIComponent(fullName)))] as const),
    ),
  };
}

/** The objects that the project at `root` ships. @throws Error that names what is missing or not of the format. */
export function readShippedObjects(root: string): readonly ShippedObject[] {
  return shippedObjectsOf(readSourceProject(root));
}
