/** The shape of an object of the emulated org, as describe, storage and SOQL see it. Built-in objects and the shipped metadata files both end up in it. */

import type { ObjectRules } from './object-rules.ts';

export type SObjectFieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'picklist'
  | 'multipicklist'
  | 'reference'
  | 'email'
  | 'phone'
  | 'url';

export interface PicklistValue {
  readonly value: string;
  readonly label: string;
  readonly isDefault: boolean;
  /** In a dependent picklist, the values of the controlling field with which this one may be chosen. */
  readonly validFor?: readonly string[];
}

/** What a formula field is computed by, each time it is read. */
export interface FieldFormula {
  readonly text: string;
  /** Numbers of the record itself that are blank count as 0. */
  readonly blanksAreZero: boolean;
}

export interface SObjectField {
  readonly name: string;
  readonly label: string;
  /** What the field is for, in a sentence; null where nobody wrote one. */
  readonly helpText: string | null;
  readonly type: SObjectFieldType;
  /** Characters; 0 where the type has none. */
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly nillable: boolean;
  readonly unique: boolean;
  readonly caseSensitive: boolean;
  readonly externalId: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly restrictedPicklist: boolean;
  readonly picklistValues: readonly PicklistValue[];
  readonly referenceTo: readonly string[];
  /** The name by which SOQL and nested writes reach the parent, such as `Partner__r`; null for fields that refer to nothing. */
  readonly relationshipName: string | null;
  /** What the end of the parent does to a custom lookup, or to the record that has it; lookups without it are emptied. */
  readonly deleteConstraint?: 'SetNull' | 'Restrict' | 'Cascade';
  readonly trackHistory: boolean;
  readonly defaultValue: string | number | boolean | null;
  /** Left out for fields that hold a value of their own. */
  readonly formula?: FieldFormula;
  /** The field whose value says which values of this picklist may be chosen; left out where all may. */
  readonly controlledBy?: string;
}

/** A kind of record that an object has beside the master kind. */
export interface RecordTypeDefinition {
  readonly id: string;
  readonly developerName: string;
  readonly label: string;
  readonly description: string | null;
  readonly isActive: boolean;
  /** The values that its records may take, by the name of a picklist; a picklist that is not there has all of its values. */
  readonly picklistValues: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface ChildRelationship {
  readonly relationshipName: string;
  readonly childSObject: string;
  readonly field: string;
  readonly deleteConstraint?: 'SetNull' | 'Restrict' | 'Cascade';
}

export interface SObjectDefinition {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly custom: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly replicateable: boolean;
  readonly fields: readonly SObjectField[];
  readonly childRelationships: readonly ChildRelationship[];
  /** What a record must keep to be saved. */
  readonly rules: ObjectRules;
  readonly recordTypes: readonly RecordTypeDefinition[];
}
