/** What every call passes before its route: a name for it, the caller, the limits. */

import type { FastifyInstance } from 'fastify';
import { pathOf } from '../../kit/fault-transport.ts';
import { callerOf } from '../owner.ts';
import type { Owner } from '../owner.ts';
import type { Portal } from '../portal.ts';
import { NOT_AUTHENTICATED } from '../wire/api-error.ts';
import { send } from './exchange.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Known on every call of the API that reaches its route. */
    owner: Owner;
  }
}

/** Ids of calls come from the portal's serial numbers, so that a run can be repeated. */
export function installAdmission(app: FastifyInstance, portal: Portal, isApiPath: (path: string) => boolean): void {
  let calls = 0;
  app.decorateRequest('correlationId', '');
  app.decorateRequest('owner', null as unknown as Owner);
  app.addHook('onRequest', async (request, reply) => {
    // The Date header is the portal's time, by which clients reckon.
    reply.header('date', new Date(portal.clock.now()).toUTCString());
    const path = pathOf(request);
    if (!isApiPath(path)) return;
    calls += 1;
    request.correlationId = `00000000-0000-4000-8000-${calls.toString(16).padStart(12, '0')}`;
    reply.header('x-hubspot-correlation-id', request.correlationId);
    const caller = callerOf(request.headers.authorization);
    if (caller === null) return send(request, reply, NOT_AUTHENTICATED);
    request.owner = caller;
    const isSearch = request.method === 'POST' && path.endsWith('/search');
    const refused = portal.limits.admit(isSearch);
    if (!isSearch) reply.headers(portal.limits.headers());
    return refused === null ? undefined : send(request, reply, refused);
  });
}
