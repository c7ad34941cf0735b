/** Object types as HubSpot answers them. Source: HubSpot developer documentation, "Custom objects". */

import type { AssociationType } from '../association/association-type.ts';
import type { Portal } from '../portal.ts';
import type { ObjectDefinition, ObjectType } from '../schema/object-type.ts';
import { instantText } from './instant.ts';
import { propertyBody } from './property.ts';

/** The type with its properties and associations. */
export function schemaBody(portal: Portal, { type, properties }: ObjectDefinition): object {
  const associations = portal.catalogue.all().flatMap((other) =>
    portal.associationTypes
      .between(type.id, other.type.id)
      .filter((each) => each.label === null)
      .map((each) => associationDefinitionBody(each, type)),
  );
  return {
    ...typeBody(type),
    properties: [...properties.values()].filter((property) => !property.archived).map(propertyBody),
    associations,
  };
}

export function typeBody(type: ObjectType): object {
  return {
    id: type.id.replace(/^\d-/, ''),
    objectTypeId: type.id,
    fullyQualifiedName: type.isCustom ? type.name : type.singular.toUpperCase(),
    name: type.singular,
    labels: type.labels,
    ...(type.primaryDisplayProperty === null ? {} : { primaryDisplayProperty: type.primaryDisplayProperty }),
    secondaryDisplayProperties: type.secondaryDisplayProperties,
    requiredProperties: type.requiredProperties,
    searchableProperties: type.searchableProperties,
    allowsSensitiveProperties: false,
    createdAt: instantText(type.createdAt),
    updatedAt: instantText(type.updatedAt),
    archived: false,
  };
}

export function associationDefinitionBody(association: AssociationType, type: ObjectType): object {
  return {
    id: String(association.typeId),
    fromObjectTypeId: association.fromObject,
    toObjectTypeId: association.toObject,
    name: association.name,
    createdAt: instantText(type.createdAt),
    updatedAt: instantText(type.updatedAt),
  };
}
