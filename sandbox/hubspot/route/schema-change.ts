/** Custom objects that are there already: changed, associated with others, taken away. Source: HubSpot developer documentation, "Custom objects". */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { customAssociationTypes } from '../association/association-type.ts';
import type { Portal } from '../portal.ts';
import type { ObjectDefinition, ObjectType } from '../schema/object-type.ts';
import { invalid, isRefusal, refusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { associationDefinitionBody, schemaBody, typeBody } from '../wire/schema.ts';
import { answered, objectNamed, pathPart, queryText, readBody, send } from './exchange.ts';
import type { Answer } from './exchange.ts';

const names = z.array(z.string());
const change = z.object({
  labels: z.object({ singular: z.string().min(1).optional(), plural: z.string().min(1).optional() }).optional(),
  primaryDisplayProperty: z.string().optional(),
  secondaryDisplayProperties: names.optional(),
  requiredProperties: names.optional(),
  searchableProperties: names.optional(),
});
const association = z.object({ fromObjectTypeId: z.string(), toObjectTypeId: z.string(), name: z.string().min(1).optional() });
const reading = z.object({ inputs: names.max(100) });

export function registerSchemaChangeRoutes(app: FastifyInstance, portal: Portal, prefix: string): void {
  const at = (
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    work: (definition: ObjectDefinition, request: FastifyRequest) => Answer | ApiError,
  ) =>
    app.route({
      method,
      url: `${prefix}/:objectType${path}`,
      handler: async (request, reply) => {
        const definition = objectNamed(portal, pathPart(request, 'objectType'));
        return send(request, reply, isRefusal(definition) ? definition : work(definition, request));
      },
    });
  app.post(`${prefix}/batch/read`, async (request, reply) => {
    const body = readBody(request, reading);
    if (isRefusal(body)) return send(request, reply, body);
    const found = body.inputs.flatMap((name) => portal.catalogue.find(name) ?? []);
    return send(request, reply, answered(200, { results: found.map((definition) => schemaBody(portal, definition)) }));
  });
  at('PATCH', '', (definition, request) => {
    const body = readBody(request, change);
    if (isRefusal(body)) return body;
    if (!definition.type.isCustom) return notCustom(definition.type);
    const { labels, ...rest } = body;
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Partial<ObjectType>;
    const { primaryDisplayProperty: primary, secondaryDisplayProperties = [], requiredProperties = [], searchableProperties = [] } = rest;
    const named = [
      ...(primary === undefined ? [] : [primary]),
      ...secondaryDisplayProperties,
      ...requiredProperties,
      ...searchableProperties,
    ];
    const missing = named.find((name) => definition.properties.get(name)?.archived !== false);
    if (missing !== undefined) return invalid(`The schema names the property ${missing}, which it does not define`);
    const kept = definition.type.labels;
    const type: ObjectType = {
      ...definition.type,
      ...given,
      labels: { singular: labels?.singular ?? kept.singular, plural: labels?.plural ?? kept.plural },
      updatedAt: portal.clock.now(),
    };
    portal.catalogue.putType(type);
    return answered(200, typeBody(type));
  });
  at('DELETE', '', ({ type }, request) => {
    if (!type.isCustom) return notCustom(type);
    // The second step, which HubSpot has for good deletion, finds nothing more to do.
    const isArchived = queryText(request, 'archived') === 'true';
    const [row] = portal.db.select('SELECT count(*) AS n FROM record WHERE object = ? AND archived_at IS NULL', type.id);
    if (!isArchived && Number(row?.['n'] ?? 0) > 0)
      return invalid(`The object type ${type.id} has ${Number(row?.['n'])} record(s) and cannot be deleted; delete them first`);
    for (const other of portal.catalogue.all())
      for (const each of portal.associationTypes.between(type.id, other.type.id)) portal.associationTypes.remove(each);
    portal.catalogue.removeType(type.id);
    return answered(204);
  });
  at('POST', '/associations', ({ type }, request) => {
    const body = readBody(request, association);
    if (isRefusal(body)) return body;
    const [from, to] = [objectNamed(portal, body.fromObjectTypeId), objectNamed(portal, body.toObjectTypeId)];
    if (isRefusal(from)) return from;
    if (isRefusal(to)) return to;
    if (!type.isCustom || ![from.type.id, to.type.id].includes(type.id)) return invalid(`Neither side of the association is ${type.id}`);
    if (portal.associationTypes.between(from.type.id, to.type.id).length > 0)
      return refusal(409, 'OBJECT_ALREADY_EXISTS', `${from.type.id} and ${to.type.id} can be associated already`);
    const types = customAssociationTypes(portal.associationTypes, from.type, to.type).map((each, index) =>
      index === 0 && body.name !== undefined ? { ...each, name: body.name } : each,
    );
    portal.associationTypes.add(types);
    const [made] = types;
    return made === undefined ? invalid('No association was made') : answered(201, associationDefinitionBody(made, type));
  });
  at('DELETE', '/associations/:associationId', ({ type }, request) => {
    const id = pathPart(request, 'associationId');
    const found = portal.catalogue
      .all()
      .flatMap((other) => portal.associationTypes.between(type.id, other.type.id))
      .find((each) => each.category === 'USER_DEFINED' && (String(each.typeId) === id || each.name === id));
    if (found === undefined) return refusal(404, 'OBJECT_NOT_FOUND', `${type.id} has no association ${id} of its own`);
    portal.associationTypes.remove(found);
    return answered(204);
  });
}

function notCustom({ id }: ObjectType): ApiError {
  return invalid(`The object type ${id} is HubSpot's own and cannot be changed`);
}
