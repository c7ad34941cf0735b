/** Associations as HubSpot answers them. */

import type { Associated } from '../association/associate.ts';
import type { AssociationType } from '../association/association-type.ts';

export function associatedBody({ id, types }: Associated): object {
  return { toObjectId: String(id), associationTypes: types.map(associationTypeBody) };
}

export function associationTypeBody({ category, typeId, label }: AssociationType): object {
  return { category, typeId, label };
}
