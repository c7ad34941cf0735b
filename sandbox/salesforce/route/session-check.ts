/** Before any data route: the version, the session and the daily allowance, in the order in which Salesforce asks for them. */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { pathOf } from '../../kit/fault-transport.ts';
import type { Org } from '../org.ts';
import { API_DISABLED, LIMIT_EXCEEDED, SESSION_INVALID, URI_TOO_LONG } from '../wire/api-error.ts';
import { NEWEST_VERSION, OLDEST_VERSION, refuse, unknownResource } from './exchange.ts';

const DATA_PATH = /^\/services\/data\/v(\d+)\.0(\/|$)/;

/** Longer addresses are refused by Salesforce's edge; some 800 ids fit. */
const MOST_URL_CHARS = 16_384;

/** The token of an `Authorization` header, under either scheme Salesforce takes; null where there is none. */
export function bearerOf(request: FastifyRequest): string | null {
  return /^(?:Bearer|OAuth)\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1]?.trim() ?? null;
}

/** True for calls that need a session and count against the allowance. */
export function isDataPath(path: string): boolean {
  return path.startsWith('/services/data/') && path !== '/services/data/';
}

export function installSessionCheck(app: FastifyInstance, org: Org): void {
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request, reply) => {
    const path = pathOf(request);
    if (!isDataPath(path)) return undefined;
    if ((request.raw.url ?? '').length > MOST_URL_CHARS) return refuse(reply, URI_TOO_LONG);
    const version = Number(DATA_PATH.exec(path)?.[1] ?? 0);
    if (version < OLDEST_VERSION || version > NEWEST_VERSION) return unknownResource(reply);
    request.caller = org.sessions.callerOf(bearerOf(request) ?? '');
    if (request.caller === null) return refuse(reply, SESSION_INVALID);
    if (!org.access.of(request.caller.userId).may('ApiEnabled')) return refuse(reply, API_DISABLED);
    const allowed = org.usage.take();
    reply.header('sforce-limit-info', `api-usage=${org.usage.used()}/${org.usage.limit()}`);
    return allowed ? undefined : refuse(reply, LIMIT_EXCEEDED);
  });
}
