/** Custom objects. Source: HubSpot developer documentation, "Custom objects" (an Enterprise portal). */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { customAssociationTypes } from '../association/association-type.ts';
import type { Portal } from '../portal.ts';
import { customSystemProperties } from '../schema/built-in-type.ts';
import { newSchemaProperty, propertyFrom } from '../schema/new-property.ts';
import type { ObjectDefinition, ObjectType } from '../schema/object-type.ts';
import { invalid, isRefusal, refusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { schemaBody } from '../wire/schema.ts';
import { answered, objectNamed, pathPart, readBody, send } from './exchange.ts';
import { kept } from './object.ts';

export const newSchema = z.object({
  name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,49}$/, 'expected at most 50 letters, digits, underscores and hyphens, a letter first'),
  labels: z.object({ singular: z.string().min(1), plural: z.string().min(1) }),
  primaryDisplayProperty: z.string().optional(),
  secondaryDisplayProperties: z.array(z.string()).default([]),
  requiredProperties: z.array(z.string()).default([]),
  searchableProperties: z.array(z.string()).default([]),
  properties: z.array(newSchemaProperty),
  associatedObjects: z.array(z.string()).default([]),
});

export function registerSchemaRoutes(app: FastifyInstance, portal: Portal, prefix: string): void {
  app.get(prefix, async (request, reply) => {
    const results = portal.catalogue.all().filter(({ type }) => type.isCustom);
    return send(request, reply, answered(200, { results: results.map((definition) => schemaBody(portal, definition)) }));
  });
  app.get(`${prefix}/:objectType`, async (request, reply) => {
    const definition = objectNamed(portal, pathPart(request, 'objectType'));
    return send(request, reply, isRefusal(definition) ? definition : answered(200, schemaBody(portal, definition)));
  });
  app.post(prefix, async (request, reply) => {
    const body = readBody(request, newSchema);
    if (isRefusal(body)) return send(request, reply, body);
    const made = kept(portal, () => createSchema(portal, body));
    // What the catalogue holds beyond what was stored is dropped.
    if (isRefusal(made)) portal.catalogue.reload();
    return send(request, reply, isRefusal(made) ? made : answered(201, schemaBody(portal, made)));
  });
}

/** The custom object that `given` defines, stored; or why the portal refuses it, after which what was stored of it is to be dropped. */
export function createSchema(portal: Portal, given: z.infer<typeof newSchema>): ObjectDefinition | ApiError {
  const { catalogue } = portal;
  const now = portal.clock.now();
  const name = `p${portal.id}_${given.name}`;
  if (catalogue.find(name) !== null || catalogue.find(given.name) !== null)
    return refusal(409, 'OBJECT_ALREADY_EXISTS', `An object schema named '${given.name}' already exists.`);
  // Tasks and notes can be put on every custom object, without being named.
  const others = [...given.associatedObjects, 'tasks', 'notes'].map((each) => objectNamed(portal, each));
  const unknown = others.find((each) => isRefusal(each));
  if (isRefusal(unknown)) return unknown;
  const type: ObjectType = {
    id: `2-${3_000_000 + portal.db.nextSerial('schema')}`,
    name,
    singular: given.name,
    isCustom: true,
    labels: given.labels,
    createdProperty: 'hs_createdate',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: [],
    pipelineProperties: { pipeline: 'hs_pipeline', stage: 'hs_pipeline_stage' },
    requiredProperties: given.requiredProperties,
    searchableProperties: given.searchableProperties,
    primaryDisplayProperty: given.primaryDisplayProperty ?? null,
    secondaryDisplayProperties: given.secondaryDisplayProperties,
    createdAt: now,
    updatedAt: now,
  };
  const groupName = `${given.name.toLowerCase()}_information`;
  catalogue.putType(type);
  catalogue.putGroup(type.id, { name: groupName, label: `${given.labels.singular} Information`, displayOrder: 0, archived: false });
  for (const property of customSystemProperties(groupName, now)) catalogue.putProperty(type.id, property);
  const definition = catalogue.find(type.id) as ObjectDefinition;
  for (const each of given.properties) {
    const property = propertyFrom(definition, { ...each, groupName: each.groupName ?? groupName }, now);
    if (isRefusal(property)) return property;
    catalogue.putProperty(type.id, property);
  }
  const displayed = given.primaryDisplayProperty === undefined ? [] : [given.primaryDisplayProperty];
  const named = [...displayed, ...given.secondaryDisplayProperties, ...given.requiredProperties, ...given.searchableProperties];
  const missing = named.find((each) => !definition.properties.has(each));
  if (missing !== undefined) return invalid(`The schema names the property ${missing}, which it does not define`);
  const otherTypes = new Map(others.flatMap((other) => (isRefusal(other) ? [] : [[other.type.id, other.type] as const])));
  for (const other of otherTypes.values()) portal.associationTypes.add(customAssociationTypes(portal.associationTypes, type, other));
  return definition;
}
