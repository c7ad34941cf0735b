/** What the describe calls answer, generated from the definitions. Source: REST API Developer Guide, "sObject Describe"; SOAP API, DescribeSObjectResult. */

import { LONG_TEXT_FROM } from '../schema/field.ts';
import { permissionName } from '../access/permissionable.ts';
import type { PicklistValue, RecordTypeDefinition, SObjectDefinition, SObjectField } from '../schema/definition.ts';
import { isAutoNumber } from '../write/save-record.ts';

/** The entry of an object in the list of all objects, and the head of its own description. */
export function describeBrief(definition: SObjectDefinition, version: string): Record<string, unknown> {
  const path = `/services/data/${version}/sobjects/${definition.name}`;
  const isHistory = definition.name.endsWith('History');
  return {
    activateable: false,
    associateEntityType: isHistory ? 'History' : null,
    associateParentEntity: isHistory ? (definition.fields.find((field) => field.type === 'reference')?.referenceTo[0] ?? null) : null,
    createable: definition.createable,
    custom: definition.custom,
    customSetting: false,
    deepCloneable: false,
    deletable: definition.deletable,
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: definition.keyPrefix,
    label: definition.label,
    labelPlural: definition.labelPlural,
    layoutable: definition.createable,
    mergeable: definition.fields.some((field) => field.name === 'MasterRecordId'),
    mruEnabled: definition.createable,
    name: definition.name,
    queryable: true,
    replicateable: definition.replicateable,
    retrieveable: true,
    searchable: definition.createable,
    triggerable: definition.createable,
    undeletable: definition.deletable,
    updateable: definition.updateable,
    urls: { sobject: path, describe: `${path}/describe`, rowTemplate: `${path}/{ID}` },
  };
}

export function describeFull(definition: SObjectDefinition, version: string): Record<string, unknown> {
  return {
    actionOverrides: [],
    ...describeBrief(definition, version),
    childRelationships: definition.childRelationships.map((child) => ({
      cascadeDelete: child.deleteConstraint === 'Cascade' || (definition.name === 'Account' && child.field === 'AccountId'),
      childSObject: child.childSObject,
      deprecatedAndHidden: false,
      field: child.field,
      junctionIdListNames: [],
      junctionReferenceTo: [],
      relationshipName: child.relationshipName,
      restrictedDelete: child.deleteConstraint === 'Restrict',
    })),
    compactLayoutable: definition.createable,
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: definition.fields.map((field) => describeField(definition, field)),
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: recordTypeInfos(definition, version),
    searchLayoutable: definition.createable,
    sobjectDescribeOption: 'FULL',
    supportedScopes: [
      { label: `All ${definition.labelPlural.toLowerCase()}`, name: 'everything' },
      { label: `My ${definition.labelPlural.toLowerCase()}`, name: 'mine' },
    ],
  };
}

const MASTER = { id: '012000000000000AAA', developerName: 'Master', label: 'Master', isActive: true };

/** Every kind of record that the object has, the master kind last. */
export function recordTypeInfos({ name, recordTypes }: SObjectDefinition, version: string): readonly Record<string, unknown>[] {
  return [...recordTypes, MASTER].map((each) => recordTypeInfo(version, name, each));
}

/** Records that name no record type are of the master kind, and every active kind is available to everybody (DIFFERENCES.md). */
function recordTypeInfo(
  version: string,
  objectName: string,
  { id, developerName, label, isActive }: Pick<RecordTypeDefinition, 'id' | 'developerName' | 'label' | 'isActive'>,
): Record<string, unknown> {
  const isMaster = id === MASTER.id;
  return {
    active: isActive,
    available: isActive,
    defaultRecordTypeMapping: isMaster,
    developerName,
    master: isMaster,
    name: label,
    recordTypeId: id,
    urls: { layout: `/services/data/${version}/sobjects/${objectName}/describe/layouts/${id}` },
  };
}

export function describeField(definition: SObjectDefinition, field: SObjectField): Record<string, unknown> {
  const autoNumber = isAutoNumber(definition, field.name);
  const isLong = field.type === 'textarea' && field.length >= LONG_TEXT_FROM;
  return {
    aggregatable: field.type !== 'boolean' && !isLong,
    aiPredictionField: false,
    autoNumber,
    byteLength: field.length * (field.type === 'id' || field.type === 'reference' ? 1 : 3),
    calculated: field.formula !== undefined,
    calculatedFormula: field.formula?.text ?? null,
    cascadeDelete: false,
    caseSensitive: field.caseSensitive,
    compoundFieldName: null,
    controllerName: field.controlledBy ?? null,
    createable: field.createable,
    custom: field.name.endsWith('__c'),
    defaultValue: field.type === 'boolean' ? field.defaultValue === true : null,
    defaultValueFormula: null,
    defaultedOnCreate: field.type === 'boolean' || autoNumber || isSystemSet(field) || field.defaultValue !== null,
    dependentPicklist: field.controlledBy !== undefined,
    deprecatedAndHidden: false,
    digits: field.type === 'int' ? field.precision : 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: field.externalId,
    extraTypeInfo: field.type === 'textarea' ? (isLong ? 'plaintextarea' : null) : null,
    filterable: !isLong,
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: field.formula?.blanksAreZero === true,
    groupable: !isLong && field.type !== 'datetime' && !isDecimal(field),
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: field.type === 'id' || field.externalId || field.unique || field.type === 'email' || field.name === 'Name',
    inlineHelpText: field.helpText,
    label: field.label,
    length: field.length,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: field.name === 'Name',
    namePointing: field.referenceTo.length > 1,
    nillable: field.nillable,
    permissionable: permissionName(definition, field) === `${definition.name}.${field.name}`,
    picklistValues: describeValues(definition, field),
    polymorphicForeignKey: field.referenceTo.length > 1,
    precision: isDecimal(field) ? field.precision : 0,
    queryByDistance: false,
    referenceTargetField: null,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    relationshipOrder: null,
    restrictedDelete: false,
    restrictedPicklist: field.restrictedPicklist,
    scale: field.scale,
    searchPrefilterable: field.type === 'id' || field.type === 'reference',
    soapType: soapType(field),
    sortable: !isLong,
    type: field.type,
    unique: field.unique,
    updateable: field.updateable,
    writeRequiresMasterRead: false,
  };
}

export function describeValues(definition: SObjectDefinition, field: SObjectField): readonly object[] {
  return field.picklistValues.map((each) => ({
    active: true,
    defaultValue: each.isDefault,
    label: each.label,
    validFor: validFor(definition, field, each),
    value: each.value,
  }));
}

/** The places of the controlling values, a bit each from the left, in base 64; a check box has the places of false and true. */
function validFor(definition: SObjectDefinition, field: SObjectField, { validFor: controlling }: PicklistValue): string | null {
  const controller = definition.fields.find(({ name }) => name === field.controlledBy);
  if (controller === undefined || controlling === undefined) return null;
  const places = controller.type === 'boolean' ? ['unchecked', 'checked'] : controller.picklistValues.map(({ value }) => value);
  const bytes = new Uint8Array(Math.max(1, Math.ceil(places.length / 8)));
  for (const [place, value] of places.entries()) {
    if (controlling.includes(value)) bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (0x80 >> (place % 8));
  }
  return Buffer.from(bytes).toString('base64');
}

function isSystemSet(field: SObjectField): boolean {
  return field.name === 'OwnerId' || (!field.nillable && !field.createable);
}

function isDecimal(field: SObjectField): boolean {
  return field.type === 'double' || field.type === 'currency' || field.type === 'percent';
}

function soapType(field: SObjectField): string {
  switch (field.type) {
    case 'id':
    case 'reference':
      return 'tns:ID';
    case 'boolean':
      return 'xsd:boolean';
    case 'int':
      return 'xsd:int';
    case 'double':
    case 'currency':
    case 'percent':
      return 'xsd:double';
    case 'date':
      return 'xsd:date';
    case 'datetime':
      return 'xsd:dateTime';
    case 'string':
    case 'textarea':
    case 'picklist':
    case 'multipicklist':
    case 'email':
    case 'phone':
    case 'url':
      return 'xsd:string';
  }
}
