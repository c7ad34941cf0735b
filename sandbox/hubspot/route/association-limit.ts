/** How many records may be associated, as administrators set it. Source: HubSpot developer documentation, "Associations v4: set and manage association limits". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiVersion } from '../api-version.ts';
import { limitOf, removeLimit, setLimit } from '../association/association-limit.ts';
import type { AssociationType } from '../association/association-type.ts';
import type { Portal } from '../portal.ts';
import type { ObjectType } from '../schema/object-type.ts';
import { invalid, isRefusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { multiStatus } from './batch-row.ts';
import { answered, objectNamed, pathPart, readBody, send } from './exchange.ts';
import type { Answer } from './exchange.ts';

const spec = z.object({ category: z.string(), typeId: z.int() });
const limits = z.object({ inputs: z.array(spec.extend({ maxToObjectIds: z.int().min(1) })).min(1) });
const specs = z.object({ inputs: z.array(spec).min(1) });

interface Ends {
  readonly from: ObjectType;
  readonly to: ObjectType;
}

export function registerAssociationLimitRoutes(app: FastifyInstance, portal: Portal, root: string, version: ApiVersion): void {
  const prefix = `${root}/definitions/configurations`;
  const createdStatus = version === '2026-09' ? 200 : 201;
  const at = (method: 'GET' | 'POST', path: string, work: (ends: Ends, request: FastifyRequest) => Answer | ApiError) =>
    app.route({
      method,
      url: `${prefix}/:fromObjectType/:toObjectType${path}`,
      handler: async (request, reply: FastifyReply) => {
        const from = objectNamed(portal, pathPart(request, 'fromObjectType'));
        const to = objectNamed(portal, pathPart(request, 'toObjectType'));
        if (isRefusal(from)) return send(request, reply, from);
        return send(request, reply, isRefusal(to) ? to : work({ from: from.type, to: to.type }, request));
      },
    });
  const configured = (from: ObjectType, to: ObjectType) =>
    portal.associationTypes.between(from.id, to.id).flatMap((type) => {
      const most = limitOf(portal, from.id, to.id, type);
      return most === null ? [] : [configurationBody(type, most)];
    });
  app.get(`${prefix}/all`, async (request, reply) => {
    const types = portal.catalogue.all().map(({ type }) => type);
    return send(request, reply, answered(200, { results: types.flatMap((from) => types.flatMap((to) => configured(from, to))) }));
  });
  at('GET', '', ({ from, to }) => answered(200, { results: configured(from, to) }));
  const set = (status: number) => (ends: Ends, request: FastifyRequest) => {
    const body = readBody(request, limits);
    if (isRefusal(body)) return body;
    const types = body.inputs.map((input) => typeOf(portal, ends, input));
    const unknown = types.find((type) => isRefusal(type));
    if (isRefusal(unknown)) return unknown;
    for (const input of body.inputs) setLimit(portal, ends.from.id, ends.to.id, input, input.maxToObjectIds);
    const rows = types.flatMap((type, index) =>
      isRefusal(type) ? [] : [{ value: configurationBody(type, body.inputs[index]?.maxToObjectIds ?? 0), trace: null }],
    );
    return multiStatus(portal, rows, status, version, (row) => row);
  };
  at('POST', '/batch/create', set(createdStatus));
  at('POST', '/batch/update', set(200));
  at('POST', '/batch/purge', ({ from, to }, request) => {
    const body = readBody(request, specs);
    if (isRefusal(body)) return body;
    for (const input of body.inputs) removeLimit(portal, from.id, to.id, input);
    return version === 'v3' ? answered(204) : multiStatus(portal, [], 200, version, (row) => row as object);
  });
}

function typeOf(portal: Portal, { from, to }: Ends, { category, typeId }: z.infer<typeof spec>): AssociationType | ApiError {
  const found = portal.associationTypes.between(from.id, to.id).find((type) => type.category === category && type.typeId === typeId);
  return found ?? invalid(`No association type ${category} ${typeId} exists from ${from.id} to ${to.id}`);
}

function configurationBody({ category, typeId, label }: AssociationType, most: number): object {
  return { category, typeId, userEnforcedMaxToObjectIds: most, ...(label === null ? {} : { label }) };
}
