/** What every call passes before its route: a name for it, the caller, what the caller may do, the limits. */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { pathOf } from '../../kit/fault-transport.ts';
import { withoutVersion } from '../api-version.ts';
import type { Caller } from '../oauth/caller.ts';
import { requiredScopes, scopeWord } from '../oauth/scope.ts';
import type { Portal } from '../portal.ts';
import { expiredToken, isRefusal, missingScopes, NOT_AUTHENTICATED } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { queryText, send } from './exchange.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Known on every call of the API that reaches its route, but for those of OAuth. */
    actor: Caller;
  }
}

/** Ids of calls come from the portal's serial numbers, so that a run can be repeated. */
export function installAdmission(app: FastifyInstance, portal: Portal, isApiPath: (path: string) => boolean): void {
  let calls = 0;
  app.decorateRequest('correlationId', '');
  app.decorateRequest('actor', null as unknown as Caller);
  app.addHook('onRequest', async (request, reply) => {
    // The Date header is the portal's time, by which clients reckon.
    reply.header('date', new Date(portal.clock.now()).toUTCString());
    const path = pathOf(request);
    if (!isApiPath(path)) return;
    calls += 1;
    request.correlationId = `00000000-0000-4000-8000-${calls.toString(16).padStart(12, '0')}`;
    reply.header('x-hubspot-correlation-id', request.correlationId);
    // Whoever asks for a token has none, and it does not count against the limits.
    if (path.startsWith('/oauth/')) return;
    const caller = callerOf(portal, request);
    if (isRefusal(caller)) return send(request, reply, caller);
    request.actor = caller;
    const isSearch = request.method === 'POST' && path.endsWith('/search');
    const refused = portal.limits.admit(caller.app, isSearch) ?? forbidden(portal, caller, request.method, path);
    if (!isSearch) reply.headers(portal.limits.headers(caller.app, caller.isByOauth));
    return refused === null ? undefined : send(request, reply, refused);
  });
}

function callerOf(portal: Portal, request: FastifyRequest): Caller | ApiError {
  // Webhooks are the developer's to manage, who has a key of their own.
  const isDeveloper = /^\/(app-)?webhooks\//.test(pathOf(request)) && (queryText(request, 'hapikey') ?? '') !== '';
  if (isDeveloper) return developer(portal);
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const reading = portal.tokens.read(token ?? '');
  switch (reading.kind) {
    case 'caller':
      return reading.caller;
    case 'expired':
      return expiredToken(reading.endedAt, portal.clock.now());
    case 'unknown':
      return NOT_AUTHENTICATED;
  }
}

function developer(portal: Portal): Caller | ApiError {
  const reading = portal.tokens.read('pat-sandbox-integration');
  return reading.kind === 'caller' ? reading.caller : NOT_AUTHENTICATED;
}

function forbidden(portal: Portal, caller: Caller, method: string, path: string): ApiError | null {
  const wordOf = (type: string) => {
    const found = portal.catalogue.find(type);
    return found === null ? null : scopeWord(found.type);
  };
  const choices = requiredScopes(method, withoutVersion(path), wordOf);
  const lacking = choices.find((choice) => !choice.some((scope) => caller.scopes.has(scope)));
  return lacking === undefined ? null : missingScopes(lacking);
}
