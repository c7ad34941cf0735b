/** The labels that associations may have. Source: HubSpot developer documentation, "Associations v4", "Association labels". */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AssociationType } from '../association/association-type.ts';
import type { Portal } from '../portal.ts';
import type { ObjectType } from '../schema/object-type.ts';
import { invalid, isRefusal, refusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { associationTypeBody } from '../wire/association.ts';
import { answered, objectNamed, pathPart, readBody, send } from './exchange.ts';
import type { Answer } from './exchange.ts';

export const newLabel = z.object({ name: z.string().min(1), label: z.string().min(1), inverseLabel: z.string().min(1).optional() });
const labelChange = z.object({ associationTypeId: z.int(), label: z.string().min(1), inverseLabel: z.string().min(1).optional() });

export function registerLabelRoutes(app: FastifyInstance, portal: Portal, prefix: string): void {
  const at = (method: 'GET' | 'PUT' | 'DELETE' | 'POST', url: string, work: (request: FastifyRequest) => Answer | ApiError) =>
    app.route({ method, url, handler: async (request, reply) => send(request, reply, work(request)) });
  const labels = `${prefix}/:fromObjectType/:toObjectType/labels`;
  const pair = (request: FastifyRequest) => {
    const from = objectNamed(portal, pathPart(request, 'fromObjectType'));
    const to = objectNamed(portal, pathPart(request, 'toObjectType'));
    if (isRefusal(from)) return from;
    return isRefusal(to) ? to : { from: from.type, to: to.type };
  };
  at('GET', labels, (request) => {
    const ends = pair(request);
    if (isRefusal(ends)) return ends;
    return answered(200, { results: portal.associationTypes.between(ends.from.id, ends.to.id).map(associationTypeBody) });
  });
  at('POST', labels, (request) => {
    const ends = pair(request);
    const body = readBody(request, newLabel);
    if (isRefusal(ends)) return ends;
    if (isRefusal(body)) return body;
    const types = createLabel(portal, ends, body);
    return isRefusal(types) ? types : answered(200, { results: types.map(associationTypeBody) });
  });
  const ownLabel = (ends: { from: { id: string }; to: { id: string } }, typeId: number) =>
    portal.associationTypes.between(ends.from.id, ends.to.id).find((type) => type.typeId === typeId && type.category === 'USER_DEFINED');
  at('PUT', labels, (request) => {
    const ends = pair(request);
    const body = readBody(request, labelChange);
    if (isRefusal(ends)) return ends;
    if (isRefusal(body)) return body;
    const type = ownLabel(ends, body.associationTypeId);
    if (type === undefined) return noSuchLabel(body.associationTypeId);
    portal.associationTypes.rename(type, body.label);
    const inverse = ownLabel({ from: ends.to, to: ends.from }, type.inverseId);
    if (inverse !== undefined && body.inverseLabel !== undefined) portal.associationTypes.rename(inverse, body.inverseLabel);
    return answered(204);
  });
  at('DELETE', `${labels}/:associationTypeId`, (request) => {
    const ends = pair(request);
    if (isRefusal(ends)) return ends;
    const type = ownLabel(ends, Number(pathPart(request, 'associationTypeId')));
    if (type === undefined) return noSuchLabel(pathPart(request, 'associationTypeId'));
    portal.associationTypes.remove(type);
    return answered(204);
  });
}

/** The label `given` on associations of two objects, in both directions; or why the portal refuses it. */
export function createLabel(
  portal: Portal,
  { from, to }: { readonly from: ObjectType; readonly to: ObjectType },
  body: z.infer<typeof newLabel>,
): readonly AssociationType[] | ApiError {
  const known = portal.associationTypes.between(from.id, to.id);
  if (known.length === 0) return invalid(`No association type exists from ${from.id} to ${to.id}`);
  if (known.some((type) => type.label === body.label || type.name === body.name))
    return refusal(409, 'OBJECT_ALREADY_EXISTS', `An association label '${body.label}' already exists.`);
  const [typeId, inverseId] = [portal.associationTypes.newTypeId(), portal.associationTypes.newTypeId()];
  const there = { category: 'USER_DEFINED', name: body.name, isSingle: false } as const;
  const types: AssociationType[] = [
    { ...there, fromObject: from.id, toObject: to.id, typeId, inverseId, label: body.label },
    {
      ...there,
      fromObject: to.id,
      toObject: from.id,
      typeId: inverseId,
      inverseId: typeId,
      label: body.inverseLabel ?? body.label,
    },
  ];
  portal.associationTypes.add(types);
  return types;
}

function noSuchLabel(typeId: number | string): ApiError {
  return refusal(404, 'OBJECT_NOT_FOUND', `No label of this portal has the association type id ${typeId}`);
}
