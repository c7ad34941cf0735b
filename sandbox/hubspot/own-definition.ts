/** What the people of a portal have defined beside HubSpot's own: the shipped definitions, which are data, as if they had been deployed. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Portal } from './portal.ts';
import { objectNamed } from './route/exchange.ts';
import { createLabel, newLabel } from './route/association-label.ts';
import { createSchema, newSchema } from './route/schema.ts';
import { newSchemaProperty, propertyFrom } from './schema/new-property.ts';
import { newPipeline, stageOf } from './schema/pipeline-change.ts';
import type { ApiError } from './wire/api-error.ts';
import { isRefusal } from './wire/api-error.ts';

const ownDefinition = z.object({
  customObject: newSchema,
  properties: z.record(z.string(), z.array(newSchemaProperty)),
  group: z.object({ name: z.string(), label: z.string() }),
  pipelines: z.record(z.string(), newPipeline.extend({ pipelineId: z.string() })).default({}),
  associationLabels: z.array(newLabel.extend({ from: z.string(), to: z.string() })),
});
export type OwnDefinition = z.infer<typeof ownDefinition>;

/** @throws Error for a file that is not there or is no definition. */
export function readOwnDefinition(file: string): OwnDefinition {
  const parsed = ownDefinition.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} does not define what a portal can have: ${z.prettifyError(parsed.error)}`);
}

/** @throws Error for what the portal refuses, with its words. */
export function defineOwn(portal: Portal, { customObject, properties, group, pipelines, associationLabels }: OwnDefinition): void {
  taken(createSchema(portal, customObject));
  for (const [object, given] of Object.entries(properties)) {
    const { type } = taken(objectNamed(portal, object));
    portal.catalogue.putGroup(type.id, { ...group, displayOrder: -1, archived: false });
    for (const each of given) {
      // Looked up for each: the portal counts the unique ones that are there.
      const definition = taken(objectNamed(portal, object));
      const property = taken(propertyFrom(definition, { ...each, groupName: each.groupName ?? group.name }, portal.clock.now()));
      portal.catalogue.putProperty(type.id, property);
    }
  }
  for (const [object, { pipelineId, label, displayOrder, stages }] of Object.entries(pipelines)) {
    const { type } = taken(objectNamed(portal, object));
    const at = { createdAt: portal.clock.now(), updatedAt: portal.clock.now() };
    portal.catalogue.putPipeline(type.id, {
      id: pipelineId,
      label,
      displayOrder,
      stages: stages.map((stage) => stageOf(portal, stage)),
      ...at,
    });
  }
  for (const { from, to, ...label } of associationLabels) {
    const ends = { from: taken(objectNamed(portal, from)).type, to: taken(objectNamed(portal, to)).type };
    taken(createLabel(portal, ends, label));
  }
}

function taken<Value>(answer: Value | ApiError): Value {
  if (isRefusal(answer)) throw new Error(`The portal refuses a shipped definition: ${answer.message}`);
  return answer as Value;
}
