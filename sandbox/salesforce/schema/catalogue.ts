/** Assembles every object of the emulated org: built in, shipped, and the history of both. */

import { FIELD_PERMISSIONS, OBJECT_PERMISSIONS, PERMISSION_SET, PERMISSION_SET_ASSIGNMENT, PROFILE } from './built-in-access.ts';
import { ACCOUNT, CONTACT, LEAD, OPPORTUNITY } from './built-in-sales.ts';
import { OPPORTUNITY_STAGE, ORGANIZATION, RECORD_TYPE, taskObject, USER } from './built-in-setup.ts';
import { CURRENCY_TYPE, DATED_CONVERSION_RATE, withCurrency } from './built-in-currency.ts';
import { processObjects } from './built-in-process.ts';
import type { ChildRelationship, SObjectDefinition, SObjectField } from './definition.ts';
import { lookup } from './field.ts';
import type { FieldSource, ObjectSource } from './field.ts';
import { historyObjectOf } from './history-object.ts';
import type { ShippedObject } from './metadata-file.ts';
import { NO_RULES } from './object-rules.ts';
import { customObjectSource, extendObject } from './shipped-object.ts';

/** Keyed by the object's name in lower case, since the API takes names in any case. */
export type Schema = ReadonlyMap<string, SObjectDefinition>;

const BUILT_IN: readonly ObjectSource[] = [
  ACCOUNT,
  CONTACT,
  LEAD,
  OPPORTUNITY,
  USER,
  ORGANIZATION,
  OPPORTUNITY_STAGE,
  RECORD_TYPE,
  PROFILE,
  PERMISSION_SET,
  PERMISSION_SET_ASSIGNMENT,
  OBJECT_PERMISSIONS,
  FIELD_PERMISSIONS,
];

/** The org whose objects are the built-in ones and `shipped`; custom objects without one of `keyPrefixes` are numbered by their place. */
export function buildSchema(
  shipped: readonly ShippedObject[],
  keyPrefixes: ReadonlyMap<string, string> = new Map(),
  isMultiCurrency = false,
): Schema {
  const byName = new Map(shipped.map((each) => [each.name, each]));
  const builtIn = BUILT_IN.map((source) => {
    const file = byName.get(source.name);
    return file === undefined ? source : extendObject(source, file);
  });
  const custom = shipped
    .filter((each) => each.name.endsWith('__c'))
    .map((each, index) => customObjectSource(each, keyPrefixes.get(each.name) ?? customKeyPrefix(index)));
  const activityParents = shipped.filter((each) => each.object.enableActivities === true).map((each) => each.name);
  const task = taskObject(['Account', 'Opportunity', ...activityParents]);
  // Custom fields of activities are defined on Activity, and are fields of Task and Event. https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/customfield.htm
  const activity = byName.get('Activity');
  const plain = [...builtIn, ...custom, activity === undefined ? task : extendObject(task, activity)].map(withRecordTypeField);
  const main = isMultiCurrency ? [...plain.map(withCurrency), CURRENCY_TYPE, DATED_CONVERSION_RATE] : plain;
  const histories = main.map(historyObjectOf).filter((each) => each !== null);
  const submittable = main.filter((each) => each.writable && each.deletable).map((each) => each.name);
  const all = [...main, ...histories, ...processObjects(submittable)];
  return new Map(all.map((source) => [source.name.toLowerCase(), define(source, all)]));
}

/** An object has the field once it has kinds of records. */
function withRecordTypeField(source: ObjectSource): ObjectSource {
  if ((source.recordTypes ?? []).length === 0) return source;
  return { ...source, fields: [...source.fields, lookup('RecordTypeId', 'Record Type ID', ['RecordType'], 'RecordType')] };
}

/** Custom objects are numbered in base 36 after `a`, as orgs do: a00, a01, … */
function customKeyPrefix(index: number): string {
  return `a${index.toString(36).toUpperCase().padStart(2, '0')}`;
}

/** The definition of one of `all`, which its child relationships are found among. */
export function define(source: ObjectSource, all: readonly ObjectSource[]): SObjectDefinition {
  return {
    name: source.name,
    label: source.label,
    labelPlural: source.labelPlural,
    keyPrefix: source.keyPrefix,
    custom: source.custom,
    createable: source.writable,
    updateable: source.writable,
    deletable: source.deletable,
    replicateable: source.writable || source.name.endsWith('History'),
    fields: source.fields.map((each) => each.field),
    childRelationships: all.flatMap((child) => childRelationshipsOf(source.name, child)),
    rules: NO_RULES,
    recordTypes: source.recordTypes ?? [],
  };
}

function childRelationshipsOf(parent: string, child: ObjectSource): readonly ChildRelationship[] {
  return child.fields
    .filter((each) => each.childRelationshipName !== null && each.field.referenceTo.includes(parent))
    .map((each) => ({
      relationshipName: each.childRelationshipName ?? '',
      childSObject: child.name,
      field: each.field.name,
      ...constraintOf(each),
    }));
}

function constraintOf({ field: { deleteConstraint } }: FieldSource): Pick<ChildRelationship, 'deleteConstraint'> {
  return deleteConstraint === undefined ? {} : { deleteConstraint };
}

export function findObject(schema: Schema, name: string): SObjectDefinition | null {
  return schema.get(name.toLowerCase()) ?? null;
}

export function findField(definition: SObjectDefinition, name: string): SObjectField | null {
  const wanted = name.toLowerCase();
  return definition.fields.find((field) => field.name.toLowerCase() === wanted) ?? null;
}

/** The object whose records' ids begin with the first three characters of `id`; null for a prefix nobody has. */
export function objectOfId(schema: Schema, id: string): SObjectDefinition | null {
  const prefix = id.slice(0, 3);
  for (const definition of schema.values()) if (definition.keyPrefix === prefix) return definition;
  return null;
}
