/** Finds what components name: objects, fields, columns of list views. */

import { findField, findObject } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { isElement, listed } from './xml.ts';
import type { XmlElement } from './xml.ts';

const ADDRESS_PARTS = ['Street', 'City', 'State', 'PostalCode', 'Country'];

export interface FoundValue {
  readonly value: string;
  /** The element in which it stands. */
  readonly element: XmlElement;
}

/** Every text under `path`, such as `layoutSections.layoutColumns.layoutItems.field`. */
export function valuesAt(element: XmlElement, path: string): readonly FoundValue[] {
  const [name = '', ...rest] = path.split('.');
  const values = listed(element, name);
  if (rest.length === 0) return values.flatMap((value) => (typeof value === 'string' && value !== '' ? [{ value, element }] : []));
  return values.filter((each) => isElement(each)).flatMap((each) => valuesAt(each, rest.join('.')));
}

/** Custom fields of activities are fields of tasks and events; there are no events here, and their fields are those of tasks. */
export function objectNamed(schema: Schema, name: string): SObjectDefinition | null {
  return findObject(schema, name === 'Event' || name === 'Activity' ? 'Task' : name);
}

/** True for a field of `definition`, a compound address, and a relationship by its name without `Id`, as some kinds of metadata have it. */
export function hasField(definition: SObjectDefinition, name: string): boolean {
  if (findField(definition, name) !== null) return true;
  if (name.endsWith('Address')) return ADDRESS_PARTS.some((part) => findField(definition, name.replace(/Address$/, part)) !== null);
  return !name.endsWith('__c') && definition.fields.some((field) => field.relationshipName === name);
}
