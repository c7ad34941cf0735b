/** Whether an object or a field can be made of a component. Source: Metadata API Developer Guide, "CustomObject", "CustomField"; wordings are ours where none was found. */

import type { z } from 'zod';
import { findObject } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import { customField, customObject, problemsOf } from '../schema/metadata-file.ts';
import type { FieldFile } from '../schema/metadata-file.ts';
import { resultTypeOf } from '../formula/formula-field.ts';
import { isFieldType } from '../schema/shipped-object.ts';
import type { Component } from './component.ts';
import { objectNameOf } from './component.ts';

const MOST_TEXT = 255;
const COMPOUND_ADDRESS = /^(Billing|Shipping|Mailing|Other)?Address$/;
/** Its custom fields are fields of tasks and events. */
const ACTIVITY = 'Activity';

/** What forbids `component` by itself, given the objects that the org has: their names are all that is looked at. */
export function problemsOfObject(component: Component, before: Schema, objectNames: ReadonlySet<string>): readonly string[] {
  const object = objectNameOf(component);
  if (component.type === 'CustomObject') {
    const problem = shapeProblem(component, customObject);
    if (problem !== null) return [problem];
    return object.endsWith('__c') ? problemsOfCustomObject(component) : isStandard(before, object) ? [] : [noObject(object)];
  }
  if (!objectNames.has(object.toLowerCase()) && !isStandard(before, object)) return [noObject(object)];
  if (component.type !== 'CustomField') return [];
  const problem = shapeProblem(component, customField);
  return problem === null ? problemsOfField(customField.parse(component.content), object, before, objectNames) : [problem];
}

export function noObject(name: string): string {
  return `no CustomObject named ${name} found`;
}

export function shapeProblem(component: Component, shape: z.ZodType<unknown>): string | null {
  const parsed = shape.safeParse(component.content);
  return parsed.success ? null : `Error parsing file: ${problemsOf(parsed.error)}`;
}

function isStandard(schema: Schema, name: string): boolean {
  return name === ACTIVITY || findObject(schema, name)?.custom === false;
}

function problemsOfCustomObject({ content }: Component): readonly string[] {
  const { label, pluralLabel, nameField, sharingModel } = customObject.parse(content);
  const problems: string[] = [];
  if (!label) problems.push('Must specify a non-empty label for the CustomObject');
  if (!pluralLabel) problems.push('Must specify a non-empty pluralLabel for the CustomObject');
  if (nameField?.type !== 'Text' && nameField?.type !== 'AutoNumber') problems.push('Must specify a nameField of type Text or AutoNumber');
  if (sharingModel === undefined) problems.push('Must specify a sharingModel for the CustomObject');
  return problems;
}

function problemsOfField(file: FieldFile, object: string, before: Schema, objectNames: ReadonlySet<string>): readonly string[] {
  const { fullName, type = '' } = file;
  const definition = findObject(before, object);
  if (!fullName.endsWith('__c')) {
    const known = COMPOUND_ADDRESS.test(fullName) || (definition?.fields.some((field) => field.name === fullName) ?? false);
    return known ? [] : [`Invalid fullName, must end in Custom suffix (e.g. __c): ${fullName}`];
  }
  if (!/^[A-Za-z](_?[A-Za-z0-9])*__c$/.test(fullName))
    return [`The object name you provided ${fullName} is not valid: letters, digits and single underscores, beginning with a letter`];
  if (!isFieldType(type)) return [`Field type ${type === '' ? '(none)' : type} is not built in this sandbox`];
  const problems: string[] = [];
  if (!file.label) problems.push('Must specify a non-empty label for the CustomField');
  if (file.formula !== undefined) return [...problems, ...problemsOfFormulaShape(file)];
  for (const property of requiredProperties(type))
    if (file[property] === undefined) problems.push(`Must specify '${property}' for a CustomField of type ${type}`);
  if (type === 'Text' && (file.length ?? 1) > MOST_TEXT) problems.push(`Value too long for field: Length maximum length is:${MOST_TEXT}`);
  if (file.externalId === true && !['Text', 'Number', 'Email', 'AutoNumber'].includes(type))
    problems.push(`Can not specify 'externalId' for a CustomField of type ${type}`);
  if (file.referenceTo !== undefined && !objectNames.has(file.referenceTo.toLowerCase()) && findObject(before, file.referenceTo) === null)
    problems.push(`referenceTo value of '${file.referenceTo}' does not resolve to a valid sObject type`);
  const values = (file.valueSet?.valueSetDefinition?.value ?? []).map((each) => each.fullName.toLowerCase());
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) problems.push(`Duplicate label or value in the value set: ${twice}`);
  return problems;
}

/** What the formula itself is checked for: `check-rule.ts`. */
function problemsOfFormulaShape({ type = '', externalId, required, unique }: FieldFile): readonly string[] {
  if (resultTypeOf(type) === null) return [`Formulas of type ${type} are not built in this sandbox`];
  const given = Object.entries({ externalId, required, unique }).filter(([, value]) => value === true);
  return given.map(([property]) => `Can not specify '${property}' for a CustomField of type Formula`);
}

function requiredProperties(type: string): readonly ('length' | 'precision' | 'scale' | 'referenceTo' | 'valueSet' | 'relationshipName')[] {
  switch (type) {
    case 'Text':
    case 'LongTextArea':
    case 'Html':
      return ['length'];
    case 'Number':
    case 'Currency':
    case 'Percent':
      return ['precision', 'scale'];
    case 'Lookup':
    case 'MasterDetail':
      return ['referenceTo', 'relationshipName'];
    case 'Picklist':
    case 'MultiselectPicklist':
      return ['valueSet'];
    default:
      return [];
  }
}
