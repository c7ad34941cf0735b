/** What every portal begins with: HubSpot's objects, their associations, the sales pipeline. */

import { builtInAssociationTypes } from './association/association-type.ts';
import type { Portal } from './portal.ts';
import { builtInDefinitions } from './schema/built-in-type.ts';
import { salesPipeline } from './schema/pipeline.ts';

export function furnish(portal: Portal): void {
  const now = portal.clock.now();
  const definitions = builtInDefinitions(now);
  for (const { type, properties, groups } of definitions) {
    portal.catalogue.putType(type);
    for (const group of groups.values()) portal.catalogue.putGroup(type.id, group);
    for (const property of properties.values()) portal.catalogue.putProperty(type.id, property);
  }
  portal.associationTypes.add(builtInAssociationTypes(definitions.map(({ type }) => type)));
  portal.catalogue.putPipeline('0-3', salesPipeline(now));
}
