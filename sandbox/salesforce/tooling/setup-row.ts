/** What the setup objects hold: rows made from the org's definitions and components. */

import type { KeptComponent } from '../metadata/org-metadata.ts';
import { textIn } from '../metadata/xml.ts';
import type { Org } from '../org.ts';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import type { StoredRow } from '../store/record-store.ts';
import { describeBrief } from '../wire/describe.ts';
import { storedInstant } from '../wire/instant.ts';

const bit = (flag: unknown): 0 | 1 => (flag === true ? 1 : 0);

export function entityRow(org: Org, definition: SObjectDefinition): StoredRow {
  const brief = describeBrief(definition, 'v66.0');
  const custom = org.metadata.components().get(`CustomObject/${definition.name}`);
  return {
    Id: definition.name,
    DurableId: durableId(org, definition),
    QualifiedApiName: definition.name,
    DeveloperName: developerName(definition.name),
    MasterLabel: definition.label,
    Label: definition.label,
    PluralLabel: definition.labelPlural,
    KeyPrefix: definition.keyPrefix,
    InternalSharingModel: custom === undefined ? 'ReadWrite' : (textIn(custom.content, 'sharingModel') ?? 'ReadWrite'),
    ExternalSharingModel: 'Private',
    DeploymentStatus: definition.custom ? 'Deployed' : null,
    IsCustomizable: bit(definition.createable),
    IsCustomSetting: 0,
    IsQueryable: 1,
    IsRetrieveable: 1,
    IsReplicateable: bit(definition.replicateable),
    IsSearchable: bit(brief['searchable']),
    IsLayoutable: bit(brief['layoutable']),
    IsTriggerable: bit(brief['triggerable']),
    IsApexTriggerable: bit(brief['triggerable']),
    IsCompactLayoutable: bit(definition.createable),
    IsWorkflowEnabled: bit(definition.createable),
    IsFieldHistoryTracked: bit(definition.fields.some((field) => field.trackHistory)),
    IsIdEnabled: 1,
    IsEverCreatable: bit(definition.createable),
    IsEverUpdatable: bit(definition.updateable),
    IsEverDeletable: bit(definition.deletable),
    IsMruEnabled: bit(brief['mruEnabled']),
    LastModifiedDate: storedInstant(custom?.modifiedAtMs ?? org.metadata.definedAtMs()),
  };
}

export function fieldRow(org: Org, definition: SObjectDefinition, field: SObjectField): StoredRow {
  const custom = org.metadata.components().get(`CustomField/${definition.name}.${field.name}`);
  const isLong = field.type === 'textarea' && field.length > 255;
  return {
    Id: `${definition.name}.${field.name}`,
    DurableId: `${durableId(org, definition)}.${custom === undefined ? developerName(field.name) : custom.id.slice(0, 15)}`,
    EntityDefinitionId: definition.name,
    QualifiedApiName: field.name,
    DeveloperName: developerName(field.name),
    MasterLabel: field.label,
    Label: field.label,
    DataType: dataType(field),
    ValueTypeId: field.type,
    RelationshipName: field.relationshipName,
    ExtraTypeInfo: field.type === 'textarea' ? (isLong ? 'plaintextarea' : null) : null,
    Description: null,
    Length: field.length,
    Precision: field.precision,
    Scale: field.scale,
    IsNillable: bit(field.nillable),
    IsIndexed: bit(
      field.externalId || field.unique || field.type === 'id' || field.type === 'reference' || field.name === 'SystemModstamp',
    ),
    IsNameField: bit(field.name === 'Name'),
    IsFieldHistoryTracked: bit(field.trackHistory),
    IsApiFilterable: bit(!isLong),
    IsApiSortable: bit(!isLong),
    IsApiGroupable: bit(!isLong && field.type !== 'datetime'),
    IsListVisible: 1,
    IsPolymorphicForeignKey: bit(field.referenceTo.length > 1),
    LastModifiedDate: storedInstant(custom?.modifiedAtMs ?? org.metadata.definedAtMs()),
  };
}

/** The row of a component of one of the setup objects; `owner` stands for what the org began with. */
export function componentRow(component: KeptComponent, owner: string): StoredRow {
  const { content, fullName } = component;
  const name = fullName.slice(fullName.indexOf('.') + 1);
  const object = fullName.split(/[.-]/, 1)[0] ?? fullName;
  const read = (element: string): string | null => textIn(content, element);
  return {
    Id: component.id,
    CreatedDate: storedInstant(component.createdAtMs),
    CreatedById: component.createdBy ?? owner,
    LastModifiedDate: storedInstant(component.modifiedAtMs),
    LastModifiedById: component.modifiedBy ?? owner,
    SystemModstamp: storedInstant(component.modifiedAtMs),
    ManageableState: 'unmanaged',
    DeveloperName: developerName(name),
    Name: name.includes('-') ? name.slice(name.indexOf('-') + 1) : name,
    ValidationName: name,
    MasterLabel: read('label') ?? read('masterLabel') ?? name,
    TableEnumOrId: object,
    EntityDefinitionId: object,
    SharingModel: read('sharingModel'),
    Description: read('description'),
    InlineHelpText: read('inlineHelpText'),
    ErrorMessage: read('errorMessage'),
    ErrorDisplayField: read('errorDisplayField'),
    Active: bit(read('active') === 'true'),
    Length: numberOf(read('length')),
    Precision: numberOf(read('precision')),
    Scale: numberOf(read('scale')),
  };
}

/** Standard objects are named, custom ones have the id of their component. */
function durableId(org: Org, definition: SObjectDefinition): string {
  const custom = definition.custom ? org.metadata.components().get(`CustomObject/${definition.name}`) : undefined;
  return custom?.id.slice(0, 15) ?? definition.name;
}

function developerName(name: string): string {
  return name.replace(/__(c|History)$/, '');
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}

/** The type as Setup shows it: `Text(255)`, `Lookup(Account)`, `Currency(16, 2)`. */
function dataType(field: SObjectField): string {
  const digits = `(${field.precision - field.scale}, ${field.scale})`;
  switch (field.type) {
    case 'id':
      return 'Id';
    case 'reference':
      return `Lookup(${field.referenceTo.join(',')})`;
    case 'boolean':
      return 'Checkbox';
    case 'int':
      return `Number(${field.precision}, 0)`;
    case 'double':
      return `Number${digits}`;
    case 'currency':
      return `Currency${digits}`;
    case 'percent':
      return `Percent${digits}`;
    case 'date':
      return 'Date';
    case 'datetime':
      return 'Date/Time';
    case 'textarea':
      return field.length > 255 ? `Long Text Area(${field.length})` : `Text Area(${field.length})`;
    case 'picklist':
      return 'Picklist';
    case 'multipicklist':
      return 'Picklist (Multi-Select)';
    case 'email':
      return 'Email';
    case 'phone':
      return 'Phone';
    case 'url':
      return `URL(${field.length})`;
    case 'string':
      return `Text(${field.length})${field.externalId ? ' (External ID)' : ''}`;
  }
}
