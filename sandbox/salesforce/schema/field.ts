/** Builders for the fields of built-in objects; every property that is not named takes Salesforce's own default for the type. */

import type { PicklistValue, RecordTypeDefinition, SObjectField, SObjectFieldType } from './definition.ts';

/** Long text is kept, but neither indexed nor shown in field history (help: "Field History Tracking"). */
export const LONG_TEXT_FROM = 256;

/** Ids have 18 characters on the wire. */
export const ID_LENGTH = 18;

/** A field before the catalogue is assembled: with the name its parent's child relationship will carry. */
export interface FieldSource {
  readonly field: SObjectField;
  /** Null where the parent offers no child relationship. */
  readonly childRelationshipName: string | null;
}

/** An object before the catalogue is assembled. */
export interface ObjectSource {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly custom: boolean;
  /** False for rows that the org itself writes, such as history. */
  readonly writable: boolean;
  readonly deletable: boolean;
  /** The field that `X__History` or `XHistory` rows point back with; null where the object keeps no history. */
  readonly historyParentField: string | null;
  readonly fields: readonly FieldSource[];
  /** Left out where there are none but the master kind. */
  readonly recordTypes?: readonly RecordTypeDefinition[];
}

type FieldOptions = Partial<Omit<SObjectField, 'name' | 'label' | 'type'>>;

/** A field of `type` with Salesforce's defaults, then `options` over them. */
export function field(name: string, label: string, type: SObjectFieldType, options: FieldOptions = {}): FieldSource {
  return {
    field: {
      name,
      label,
      helpText: null,
      type,
      length: 0,
      precision: 0,
      scale: 0,
      nillable: true,
      unique: false,
      caseSensitive: false,
      externalId: false,
      createable: true,
      updateable: true,
      restrictedPicklist: false,
      picklistValues: [],
      referenceTo: [],
      relationshipName: null,
      trackHistory: false,
      defaultValue: null,
      ...options,
    },
    childRelationshipName: null,
  };
}

export function text(name: string, label: string, length: number, options: FieldOptions = {}): FieldSource {
  return field(name, label, 'string', { length, ...options });
}

/** A check box: never null, false unless stated. */
export function checkBox(name: string, label: string, options: FieldOptions = {}): FieldSource {
  return field(name, label, 'boolean', { nillable: false, defaultValue: false, ...options });
}

export function decimal(
  name: string,
  label: string,
  type: 'currency' | 'double' | 'percent',
  precision: number,
  scale: number,
): FieldSource {
  return field(name, label, type, { precision, scale });
}

/** A picklist; Salesforce's standard ones are not restricted, so that values outside the list are kept. */
export function picklist(name: string, label: string, values: readonly string[], options: FieldOptions = {}): FieldSource {
  const picklistValues = values.map((value): PicklistValue => ({ value, label: value, isDefault: value === options.defaultValue }));
  return field(name, label, 'picklist', { length: 255, picklistValues, ...options });
}

/** A lookup to `parents`; `relationshipName` leads up to the parent, `childRelationshipName` down from it. */
export function lookup(
  name: string,
  label: string,
  parents: readonly string[],
  relationshipName: string,
  childRelationshipName: string | null = null,
  options: FieldOptions = {},
): FieldSource {
  const source = field(name, label, 'reference', { length: ID_LENGTH, referenceTo: parents, relationshipName, ...options });
  return { ...source, childRelationshipName };
}

/** The options of a field that clients can read and not write. */
export const READ_ONLY: FieldOptions = { createable: false, updateable: false };

/** What every object has, in the order in which describe lists it. */
export function systemFields(name: FieldSource | null, owned: boolean): readonly FieldSource[] {
  return [
    field('Id', 'Record ID', 'id', { length: ID_LENGTH, nillable: false, ...READ_ONLY }),
    checkBox('IsDeleted', 'Deleted', READ_ONLY),
    ...(name === null ? [] : [name]),
    ...(owned ? [lookup('OwnerId', 'Owner ID', ['User'], 'Owner', null, { nillable: false })] : []),
    ...stampFields(),
  ];
}

function stampFields(): readonly FieldSource[] {
  const stamped: FieldOptions = { nillable: false, ...READ_ONLY };
  return [
    field('CreatedDate', 'Created Date', 'datetime', stamped),
    lookup('CreatedById', 'Created By ID', ['User'], 'CreatedBy', null, stamped),
    field('LastModifiedDate', 'Last Modified Date', 'datetime', stamped),
    lookup('LastModifiedById', 'Last Modified By ID', ['User'], 'LastModifiedBy', null, stamped),
    field('SystemModstamp', 'System Modstamp', 'datetime', stamped),
  ];
}
