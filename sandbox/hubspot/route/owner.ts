/** Owners. Source: HubSpot developer documentation, "Owners". */

import type { FastifyInstance } from 'fastify';
import { OWNERS } from '../owner.ts';
import type { Owner } from '../owner.ts';
import type { Portal } from '../portal.ts';
import { isRefusal } from '../wire/api-error.ts';
import { instantText } from '../wire/instant.ts';
import { answered, nextPage, pageLimit, pageStart, pathPart, queryText, send } from './exchange.ts';

const PAGE = 100;
const MOST_PAGE = 500;
/** The people were there before anything else. */
const SINCE_MS = Date.UTC(2024, 0, 1);

export function registerOwnerRoutes(app: FastifyInstance, portal: Portal, prefix: string): void {
  app.get(prefix, async (request, reply) => {
    const limit = pageLimit(request, PAGE, MOST_PAGE);
    const start = pageStart(request);
    if (isRefusal(limit)) return send(request, reply, limit);
    if (isRefusal(start)) return send(request, reply, start);
    const email = queryText(request, 'email');
    const isArchived = queryText(request, 'archived') === 'true';
    // Nobody has left.
    const found = OWNERS.filter((owner) => !isArchived && owner.ownerId >= start && (email === null || emailOf(owner) === email));
    const next = found[limit];
    const results = found.slice(0, limit).map(ownerBody);
    return send(request, reply, answered(200, { results, ...(next === undefined ? {} : nextPage(portal, request, String(next.ownerId))) }));
  });
  app.get(`${prefix}/:ownerId`, async (request, reply) => {
    const isByUser = queryText(request, 'idProperty') === 'userId';
    const id = pathPart(request, 'ownerId');
    const owner = OWNERS.find((each) => String(isByUser ? each.userId : each.ownerId) === id);
    if (owner !== undefined) return send(request, reply, answered(200, ownerBody(owner)));
    return send(request, reply, { kind: 'refusal', status: 404, message: 'resource not found' });
  });
}

function emailOf(owner: Owner): string {
  return `${owner.alias}@acme.example`;
}

function ownerBody(owner: Owner): object {
  return {
    id: String(owner.ownerId),
    email: emailOf(owner),
    type: 'PERSON',
    firstName: owner.firstName,
    lastName: owner.lastName,
    userId: owner.userId,
    userIdIncludingInactive: owner.userId,
    createdAt: instantText(SINCE_MS),
    updatedAt: instantText(SINCE_MS),
    archived: false,
  };
}
