/** The objects and fields of the org as rows. Source: Tooling API Developer Guide, "EntityDefinition", "FieldDefinition", "CustomObject", "CustomField", "ValidationRule". */

import { checkBox, field, READ_ONLY, text } from '../schema/field.ts';
import type { FieldSource, ObjectSource } from '../schema/field.ts';
import { setupObject } from '../schema/setup-object.ts';

const flags = (...names: readonly string[]): readonly FieldSource[] => names.map((name) => checkBox(name, name, READ_ONLY));
const texts = (...names: readonly string[]): readonly FieldSource[] => names.map((name) => text(name, name, 255, READ_ONLY));
const numbers = (...names: readonly string[]): readonly FieldSource[] =>
  names.map((name) => field(name, name, 'int', { precision: 9, ...READ_ONLY }));

/** A row of a definition is named by its durable id, which is a name and no record id. */
function byDurableId(name: string, fields: readonly FieldSource[]): ObjectSource {
  const source = setupObject(name, '', fields);
  const kept = source.fields.filter((each) => !['CreatedDate', 'CreatedById', 'SystemModstamp'].includes(each.field.name));
  return {
    ...source,
    fields: kept.map((each) => (each.field.name === 'Id' ? text('Id', 'Record ID', 255, { nillable: false, ...READ_ONLY }) : each)),
  };
}

function toDefinition(childRelationshipName: string | null): FieldSource {
  const source = text('EntityDefinitionId', 'Entity Definition ID', 255, {
    referenceTo: ['EntityDefinition'],
    relationshipName: 'EntityDefinition',
    ...READ_ONLY,
  });
  return { ...source, childRelationshipName };
}

export const ENTITY_DEFINITION: ObjectSource = byDurableId('EntityDefinition', [
  ...texts('DurableId', 'QualifiedApiName', 'NamespacePrefix', 'DeveloperName', 'MasterLabel', 'Label', 'PluralLabel', 'KeyPrefix'),
  ...texts('InternalSharingModel', 'ExternalSharingModel', 'DeploymentStatus', 'PublisherId'),
  ...flags('IsCustomizable', 'IsCustomSetting', 'IsQueryable', 'IsRetrieveable', 'IsReplicateable', 'IsSearchable', 'IsLayoutable'),
  ...flags('IsTriggerable', 'IsApexTriggerable', 'IsCompactLayoutable', 'IsWorkflowEnabled', 'IsFieldHistoryTracked', 'IsIdEnabled'),
  ...flags(
    'IsEverCreatable',
    'IsEverUpdatable',
    'IsEverDeletable',
    'IsInterface',
    'IsDeprecatedAndHidden',
    'IsFeedEnabled',
    'IsMruEnabled',
  ),
]);

export const FIELD_DEFINITION: ObjectSource = byDurableId('FieldDefinition', [
  ...texts('DurableId', 'QualifiedApiName', 'NamespacePrefix', 'DeveloperName', 'MasterLabel', 'Label', 'DataType', 'ValueTypeId'),
  ...texts('RelationshipName', 'ExtraTypeInfo', 'Description', 'PublisherId', 'ControllingFieldDefinitionId'),
  toDefinition('Fields'),
  ...numbers('Length', 'Precision', 'Scale'),
  ...flags('IsNillable', 'IsIndexed', 'IsNameField', 'IsCalculated', 'IsCompound', 'IsHtmlFormatted', 'IsFieldHistoryTracked'),
  ...flags('IsApiFilterable', 'IsApiSortable', 'IsApiGroupable', 'IsListVisible', 'IsPolymorphicForeignKey', 'IsHighScaleNumber'),
]);

export const CUSTOM_OBJECT: ObjectSource = setupObject('CustomObject', '01I', [
  ...texts('DeveloperName', 'NamespacePrefix', 'ManageableState', 'Description', 'SharingModel', 'Language'),
]);

export const CUSTOM_FIELD: ObjectSource = setupObject('CustomField', '00N', [
  ...texts('DeveloperName', 'NamespacePrefix', 'ManageableState', 'TableEnumOrId', 'InlineHelpText', 'Description'),
  toDefinition('CustomFields'),
  ...numbers('Length', 'Precision', 'Scale'),
]);

export const VALIDATION_RULE: ObjectSource = setupObject('ValidationRule', '03d', [
  ...texts('ValidationName', 'NamespacePrefix', 'ManageableState', 'ErrorDisplayField', 'ErrorMessage', 'Description'),
  toDefinition('ValidationRules'),
  ...flags('Active'),
]);

/** Components that a row shows by name alone: object, and the type of the Metadata API. */
export const COMPONENT_OBJECTS: Readonly<Record<string, ObjectSource>> = {
  CustomTab: setupObject('CustomTab', '01r', texts('DeveloperName', 'MasterLabel', 'NamespacePrefix', 'ManageableState')),
  FlexiPage: setupObject('FlexiPage', '0M0', texts('DeveloperName', 'MasterLabel', 'NamespacePrefix', 'ManageableState')),
  Layout: setupObject('Layout', '00h', texts('Name', 'TableEnumOrId', 'NamespacePrefix', 'ManageableState')),
};
