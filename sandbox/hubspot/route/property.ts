/** Properties and their groups. Source: HubSpot developer documentation, "Properties". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiVersion } from '../api-version.ts';
import type { Portal } from '../portal.ts';
import { changedProperty, newProperty, propertyChange, propertyFrom } from '../schema/new-property.ts';
import type { ObjectDefinition } from '../schema/object-type.ts';
import type { Property } from '../schema/property.ts';
import { invalid, isRefusal, refusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { groupBody, propertyBody } from '../wire/property.ts';
import { multiStatus } from './batch-row.ts';
import type { RowOutcome } from './batch-row.ts';
import { answered, objectNamed, pathPart, queryText, readBody, send } from './exchange.ts';
import type { Answer } from './exchange.ts';
import { kept } from './object.ts';

const MOST_INPUTS = 100;
const names = z.object({ inputs: z.array(z.object({ name: z.string() })).max(MOST_INPUTS) });
const creations = z.object({ inputs: z.array(newProperty).max(MOST_INPUTS) });
const newGroup = z.object({ name: z.string().min(1), label: z.string().min(1), displayOrder: z.int().default(-1) });
const groupChange = z.object({ label: z.string().min(1).optional(), displayOrder: z.int().optional() });

type Work = (definition: ObjectDefinition, request: FastifyRequest) => Answer | ApiError;

export function registerPropertyRoutes(app: FastifyInstance, portal: Portal, prefix: string, version: ApiVersion): void {
  const at = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, work: Work) =>
    app.route({
      method,
      url: `${prefix}/:objectType${path}`,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const definition = objectNamed(portal, pathPart(request, 'objectType'));
        return send(request, reply, isRefusal(definition) ? definition : work(definition, request));
      },
    });
  const put = ({ type }: ObjectDefinition, property: Property) => {
    portal.catalogue.putProperty(type.id, property);
    return property;
  };
  const now = () => portal.clock.now();

  at('GET', '', (definition, request) => {
    const isArchived = queryText(request, 'archived') === 'true';
    const found = [...definition.properties.values()].filter((each) => each.archived === isArchived);
    return answered(200, { results: found.map(propertyBody) });
  });
  at('POST', '', (definition, request) => {
    const body = readBody(request, newProperty);
    const property = isRefusal(body) ? body : propertyFrom(definition, body, now());
    return isRefusal(property) ? property : answered(201, propertyBody(put(definition, property)));
  });
  at('GET', '/:propertyName', (definition, request) => {
    const property = findProperty(definition, pathPart(request, 'propertyName'), queryText(request, 'archived') === 'true');
    return isRefusal(property) ? property : answered(200, propertyBody(property));
  });
  at('PATCH', '/:propertyName', (definition, request) => {
    const property = findProperty(definition, pathPart(request, 'propertyName'), false);
    const body = readBody(request, propertyChange);
    if (isRefusal(property)) return property;
    const changed = isRefusal(body) ? body : changedProperty(definition, property, body, now());
    return isRefusal(changed) ? changed : answered(200, propertyBody(put(definition, changed)));
  });
  const archive = (definition: ObjectDefinition, name: string): ApiError | null => {
    const property = findProperty(definition, name, false);
    if (isRefusal(property)) return property;
    if (property.hubspotDefined) return invalid(`${name} is HubSpot's own and cannot be archived`);
    put(definition, { ...property, archived: true, updatedAt: now() });
    return null;
  };
  at('DELETE', '/:propertyName', (definition, request) => archive(definition, pathPart(request, 'propertyName')) ?? answered(204));
  at('POST', '/batch/create', (definition, request) => {
    const body = readBody(request, creations);
    if (isRefusal(body)) return body;
    const made = kept(portal, () => {
      const properties: Property[] = [];
      for (const input of body.inputs) {
        const property = propertyFrom(definition, input, now());
        if (isRefusal(property)) return property;
        properties.push(put(definition, property));
      }
      return properties;
    });
    // What the catalogue holds beyond what was stored is dropped.
    if (isRefusal(made)) portal.catalogue.reload();
    if (isRefusal(made)) return made;
    const rows = made.map((value) => ({ value, trace: null }));
    return multiStatus(portal, rows, 201, version, propertyBody);
  });
  at('POST', '/batch/read', (definition, request) => {
    const body = readBody(request, names);
    if (isRefusal(body)) return body;
    const rows = body.inputs.map(({ name }): RowOutcome<Property> => {
      const value = findProperty(definition, name, false);
      return isRefusal(value) ? { error: { ...value, context: { ids: [name] } }, trace: null } : { value, trace: null };
    });
    return multiStatus(portal, rows, 200, version, propertyBody);
  });
  at('POST', '/batch/archive', (definition, request) => {
    const body = readBody(request, names);
    if (isRefusal(body)) return body;
    for (const { name } of body.inputs) archive(definition, name);
    return answered(204);
  });

  at('GET', '/groups', (definition) =>
    answered(200, { results: [...definition.groups.values()].filter((group) => !group.archived).map(groupBody) }),
  );
  at('POST', '/groups', (definition, request) => {
    const body = readBody(request, newGroup);
    if (isRefusal(body)) return body;
    if (definition.groups.get(body.name)?.archived === false)
      return refusal(409, 'OBJECT_ALREADY_EXISTS', `A property group named '${body.name}' already exists.`);
    const group = { ...body, archived: false };
    portal.catalogue.putGroup(definition.type.id, group);
    return answered(201, groupBody(group));
  });
  at('GET', '/groups/:groupName', (definition, request) => {
    const group = definition.groups.get(pathPart(request, 'groupName'));
    return group === undefined || group.archived ? noSuchGroup(pathPart(request, 'groupName')) : answered(200, groupBody(group));
  });
  at('PATCH', '/groups/:groupName', (definition, request) => {
    const group = definition.groups.get(pathPart(request, 'groupName'));
    const body = readBody(request, groupChange);
    if (isRefusal(body)) return body;
    if (group === undefined || group.archived) return noSuchGroup(pathPart(request, 'groupName'));
    const changed = { ...group, label: body.label ?? group.label, displayOrder: body.displayOrder ?? group.displayOrder };
    portal.catalogue.putGroup(definition.type.id, changed);
    return answered(200, groupBody(changed));
  });
  at('DELETE', '/groups/:groupName', (definition, request) => {
    const group = definition.groups.get(pathPart(request, 'groupName'));
    if (group === undefined || group.archived) return noSuchGroup(pathPart(request, 'groupName'));
    if ([...definition.properties.values()].some((each) => each.groupName === group.name && !each.archived))
      return invalid(`Property group '${group.name}' has properties and cannot be archived`);
    portal.catalogue.putGroup(definition.type.id, { ...group, archived: true });
    return answered(204);
  });
}

function findProperty(definition: ObjectDefinition, name: string, isArchived: boolean): Property | ApiError {
  const property = definition.properties.get(name);
  if (property !== undefined && property.archived === isArchived) return property;
  return refusal(404, 'OBJECT_NOT_FOUND', `Property ${name} does not exist on ${definition.type.id}`);
}

function noSuchGroup(name: string): ApiError {
  return refusal(404, 'OBJECT_NOT_FOUND', `Property group ${name} does not exist`);
}
