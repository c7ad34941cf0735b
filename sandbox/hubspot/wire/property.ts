/** Properties and groups as HubSpot answers them. Source: HubSpot developer documentation, "Properties". */

import type { Property, PropertyGroup } from '../schema/property.ts';
import { instantText } from './instant.ts';

export function propertyBody(property: Property): object {
  const { name, label, type, fieldType, groupName, description, options, displayOrder, hasUniqueValue, hidden, formField } = property;
  return {
    updatedAt: instantText(property.updatedAt),
    createdAt: instantText(property.createdAt),
    name,
    label,
    type,
    fieldType,
    description,
    groupName,
    options,
    displayOrder,
    calculated: property.calculated,
    externalOptions: property.externalOptions,
    ...(property.referencedObjectType === null ? {} : { referencedObjectType: property.referencedObjectType }),
    archived: property.archived,
    hasUniqueValue,
    hidden,
    hubspotDefined: property.hubspotDefined,
    modificationMetadata: {
      archivable: !property.hubspotDefined,
      readOnlyDefinition: property.hubspotDefined,
      readOnlyValue: property.readOnlyValue,
    },
    formField,
    dataSensitivity: 'non_sensitive',
  };
}

export function groupBody({ name, label, displayOrder, archived }: PropertyGroup): object {
  return { name, label, displayOrder, archived };
}
