/** Turns shipped metadata into object definitions: new custom objects, and custom fields on objects that are there. */

import type { PicklistValue, SObjectFieldType } from './definition.ts';
import { field, ID_LENGTH, systemFields, text, READ_ONLY } from './field.ts';
import type { FieldSource, ObjectSource } from './field.ts';
import type { FieldFile, ShippedObject } from './metadata-file.ts';

/** Metadata API's field types and what describe calls them. Types that are not listed are refused by name. */
const FIELD_TYPES: Readonly<Record<string, SObjectFieldType>> = {
  Text: 'string',
  AutoNumber: 'string',
  TextArea: 'textarea',
  LongTextArea: 'textarea',
  Html: 'textarea',
  Checkbox: 'boolean',
  Number: 'double',
  Currency: 'currency',
  Percent: 'percent',
  Date: 'date',
  DateTime: 'datetime',
  Picklist: 'picklist',
  MultiselectPicklist: 'multipicklist',
  Lookup: 'reference',
  MasterDetail: 'reference',
  Email: 'email',
  Phone: 'phone',
  Url: 'url',
};

export function isFieldType(type: string): boolean {
  return Object.hasOwn(FIELD_TYPES, type);
}

/** As describe shows them of formulas that come to a text or a number. */
const FORMULA_TEXT_LENGTH = 1300;
const FORMULA_PRECISION = 18;

function isNumeric(type: SObjectFieldType): boolean {
  return type === 'double' || type === 'currency' || type === 'percent';
}

const FIXED_LENGTHS: Readonly<Partial<Record<SObjectFieldType, number>>> = {
  email: 80,
  phone: 40,
  url: 255,
  picklist: 255,
  // "The API allows 4,099 characters", with the marks between the values.
  multipicklist: 4099,
  textarea: 255,
  reference: ID_LENGTH,
};

/** The definition of a custom object; `keyPrefix` is the org's to give. */
export function customObjectSource(shipped: ShippedObject, keyPrefix: string): ObjectSource {
  const label = shipped.object.label ?? shipped.name;
  const nameField = shipped.object.nameField;
  const autoNumbered = nameField?.type === 'AutoNumber';
  const name = text('Name', nameField?.label ?? `${label} Name`, 80, {
    nillable: autoNumbered,
    // Describe has no place for the format of automatic numbers; the definition carries it where a default would stand.
    ...(autoNumbered ? { ...READ_ONLY, defaultValue: nameField.displayFormat ?? '{0}' } : {}),
  });
  return {
    name: shipped.name,
    label,
    labelPlural: shipped.object.pluralLabel ?? label,
    keyPrefix,
    custom: true,
    writable: true,
    deletable: true,
    historyParentField: shipped.object.enableHistory === true ? 'ParentId' : null,
    fields: [
      ...systemFields(name, shipped.object.sharingModel !== 'ControlledByParent'),
      ...(shipped.object.enableActivities === true ? [field('LastActivityDate', 'Last Activity Date', 'date', READ_ONLY)] : []),
      ...shipped.fields.map(customFieldSource),
    ],
    recordTypes: shipped.recordTypes,
  };
}

/** `source` with the shipped custom fields added and the shipped switches of its standard fields set. */
export function extendObject(source: ObjectSource, shipped: ShippedObject): ObjectSource {
  const standard = shipped.fields.filter((file) => !file.fullName.endsWith('__c'));
  const custom = shipped.fields.filter((file) => file.fullName.endsWith('__c'));
  const tracked = new Set(standard.filter((file) => file.trackHistory === true).flatMap((file) => partsOf(file, source)));
  return {
    ...source,
    fields: [
      ...source.fields.map((each) => (tracked.has(each.field.name) ? { ...each, field: { ...each.field, trackHistory: true } } : each)),
      ...custom.map(customFieldSource),
    ],
    recordTypes: shipped.recordTypes,
  };
}

/** A compound address stands for its columns, which are what the history names. */
function partsOf(file: FieldFile, source: ObjectSource): readonly string[] {
  if (!file.fullName.endsWith('Address')) return [file.fullName];
  const prefix = file.fullName.slice(0, -'Address'.length);
  const columns = ['Street', 'City', 'State', 'PostalCode', 'Country'].map((part) => `${prefix}${part}`);
  return columns.filter((column) => source.fields.some((each) => each.field.name === column));
}

function customFieldSource(file: FieldFile): FieldSource {
  const type = FIELD_TYPES[file.type ?? ''];
  if (type === undefined) throw new Error(`${file.fullName}: field type ${file.type ?? '(none)'} is not built in this sandbox`);
  const controllingField = file.valueSet?.controllingField;
  const valueSettings = file.valueSet?.valueSettings ?? [];
  const values = (file.valueSet?.valueSetDefinition?.value ?? []).map((each): PicklistValue => ({
    value: each.fullName,
    label: each.label ?? each.fullName,
    isDefault: each.default === true,
    ...(controllingField === undefined
      ? {}
      : {
          validFor: valueSettings
            .filter(({ valueName }) => valueName === each.fullName)
            .flatMap(({ controllingFieldValue }) => controllingFieldValue),
        }),
  }));
  const { formula } = file;
  const isReference = type === 'reference';
  const source = field(file.fullName, file.label ?? file.fullName, type, {
    helpText: file.inlineHelpText ?? null,
    length: formula !== undefined && type === 'string' ? FORMULA_TEXT_LENGTH : (file.length ?? FIXED_LENGTHS[type] ?? 0),
    precision: file.precision ?? (formula !== undefined && isNumeric(type) ? FORMULA_PRECISION : 0),
    scale: file.scale ?? 0,
    nillable: type !== 'boolean' && file.required !== true && file.type !== 'MasterDetail',
    unique: file.unique === true,
    caseSensitive: file.caseSensitive === true,
    externalId: file.externalId === true,
    restrictedPicklist: file.valueSet?.restricted === true,
    picklistValues: values,
    referenceTo: isReference && file.referenceTo !== undefined ? [file.referenceTo] : [],
    relationshipName: isReference ? file.fullName.replace(/__c$/, '__r') : null,
    trackHistory: file.trackHistory === true,
    ...(isReference
      ? { deleteConstraint: file.type === 'MasterDetail' ? ('Cascade' as const) : (file.deleteConstraint ?? 'SetNull') }
      : {}),
    ...(controllingField === undefined ? {} : { controlledBy: controllingField }),
    ...(formula === undefined
      ? {}
      : { ...READ_ONLY, formula: { text: formula, blanksAreZero: file.formulaTreatBlanksAs !== 'BlankAsBlank' } }),
    defaultValue: type === 'boolean' ? file.defaultValue === 'true' : (values.find((each) => each.isDefault)?.value ?? null),
  });
  return { ...source, childRelationshipName: file.relationshipName === undefined ? null : `${file.relationshipName}__r` };
}
