/** Associations of single records. Source: HubSpot developer documentation, "Associations v4". */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { recordAssociationPrefix } from '../api-version.ts';
import type { ApiVersion } from '../api-version.ts';
import { associate, associatedPage, dissociate } from '../association/associate.ts';
import type { RecordReference } from '../association/associate.ts';
import type { AssociationType } from '../association/association-type.ts';
import type { Portal } from '../portal.ts';
import { isRefusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { associatedBody } from '../wire/association.ts';
import { instantText } from '../wire/instant.ts';
import { answered, nextPage, objectNamed, pageLimit, pageStart, pathPart, readBody, send } from './exchange.ts';
import type { Answer } from './exchange.ts';
import { associationType, findRecord, kept } from './object.ts';

const MOST_PAGE = 500;

export function registerAssociationRoutes(app: FastifyInstance, portal: Portal, version: ApiVersion): void {
  const records = recordAssociationPrefix(version);
  const at = (method: 'GET' | 'PUT' | 'DELETE' | 'POST', url: string, work: (request: FastifyRequest) => Answer | ApiError) =>
    app.route({ method, url, handler: async (request, reply) => send(request, reply, work(request)) });
  const side = (request: FastifyRequest, type: string, id: string) => referenceOf(portal, pathPart(request, type), pathPart(request, id));

  // The description of 2026-09 has no such list; batch read serves there.
  if (version !== '2026-09')
    at('GET', `${records}/:objectType/:objectId/associations/:toObjectType`, (request) => {
      const from = side(request, 'objectType', 'objectId');
      const to = objectNamed(portal, pathPart(request, 'toObjectType'));
      const limit = pageLimit(request, MOST_PAGE, MOST_PAGE);
      const start = pageStart(request);
      if (isRefusal(from)) return from;
      if (isRefusal(to)) return to;
      if (isRefusal(limit)) return limit;
      if (isRefusal(start)) return start;
      const rows = associatedPage(portal, from, to.type.id, start, limit + 1);
      const next = rows[limit];
      const paging = next === undefined ? {} : nextPage(portal, request, String(next.id));
      return answered(200, { results: rows.slice(0, limit).map(associatedBody), ...paging });
    });
  at('PUT', `${records}/:objectType/:objectId/associations/:toObjectType/:toObjectId`, (request) => {
    const from = side(request, 'objectType', 'objectId');
    const to = side(request, 'toObjectType', 'toObjectId');
    const types = readBody(request, z.array(associationType).min(1));
    if (isRefusal(from)) return from;
    if (isRefusal(to)) return to;
    if (isRefusal(types)) return types;
    const held = kept(portal, () => associate(portal, from, to, types, request.actor.source));
    return isRefusal(held) ? held : answered(201, pairBody(from, to, held));
  });
  at('PUT', `${records}/:objectType/:objectId/associations/default/:toObjectType/:toObjectId`, (request) => {
    const from = side(request, 'objectType', 'objectId');
    const to = side(request, 'toObjectType', 'toObjectId');
    if (isRefusal(from)) return from;
    if (isRefusal(to)) return to;
    const held = kept(portal, () => associate(portal, from, to, null, request.actor.source));
    const plain = isRefusal(held) ? held : held.filter((type) => type.label === null);
    if (isRefusal(plain)) return plain;
    const results = plain.flatMap((type) => [defaultRow(from, to, type, type.typeId), defaultRow(to, from, type, type.inverseId)]);
    const at = instantText(portal.clock.now());
    return answered(200, { status: 'COMPLETE', results, startedAt: at, completedAt: at });
  });
  at('DELETE', `${records}/:objectType/:objectId/associations/:toObjectType/:toObjectId`, (request) => {
    const from = side(request, 'objectType', 'objectId');
    const to = side(request, 'toObjectType', 'toObjectId');
    if (!isRefusal(from) && !isRefusal(to)) dissociate(portal, from, to, request.actor.source);
    return answered(204);
  });
}

/** The record that a path or an input names. */
export function referenceOf(portal: Portal, objectType: string, id: string): RecordReference | ApiError {
  const definition = objectNamed(portal, objectType);
  if (isRefusal(definition)) return definition;
  const found = findRecord(portal, definition, id, null);
  return isRefusal(found) ? found : { object: definition.type.id, id: found };
}

export function pairBody(from: RecordReference, to: RecordReference, held: readonly AssociationType[]): object {
  return {
    fromObjectTypeId: from.object,
    fromObjectId: String(from.id),
    toObjectTypeId: to.object,
    toObjectId: String(to.id),
    labels: held.flatMap(({ label }) => (label === null ? [] : [label])),
  };
}

function defaultRow(from: RecordReference, to: RecordReference, { category }: AssociationType, typeId: number): object {
  const associationSpec = { associationCategory: category, associationTypeId: typeId };
  return { from: { id: String(from.id) }, to: { id: String(to.id) }, associationSpec };
}
