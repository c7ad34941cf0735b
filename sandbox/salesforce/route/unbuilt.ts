/** Paths that Salesforce has and this sandbox has not: they answer 501 and say which, so that nobody takes them for a wrong address. */

import type { FastifyInstance } from 'fastify';
import { pathOf } from '../../kit/fault-transport.ts';
import { methodNotAllowed, notBuilt, RESOURCE_UNKNOWN, unreadableJson } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { refuse } from './exchange.ts';
import { UnreadableBody } from './json-body.ts';

/** The first pattern that fits names the route; below the version where it begins with none. */
const UNBUILT: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^\/composite\/graph/, 'Composite Graph'],
  [/^\/(search|parameterizedSearch)/, 'SOSL search'],
  [/^\/tooling/, 'This call of the Tooling API'],
  [/^\/process/, 'Process rules'],
  [/^\/actions/, 'Invocable actions'],
  [/^\/quickActions/, 'Quick actions'],
  [/^\/(recent|recentlyviewed)/, 'Recently viewed items'],
  [/^\/analytics/, 'Reports and Dashboards API'],
  [/^\/(chatter|connect)/, 'Connect (Chatter) API'],
  [/^\/ui-api/, 'User Interface API'],
  [
    /^\/(tabs|theme|appMenu|compactLayouts|metadata|event|eventSchema|licensing|support|knowledgeManagement|dedupe|duplicates)/,
    'This resource',
  ],
  [/^\/services\/Soap/, 'SOAP API'],
  [/^\/services\/async/, 'Bulk API 1.0'],
  [/^\/services\/apexrest/, 'Apex REST'],
  [/^\/services\/oauth2\/(introspect|register|singleaccess)/, 'This OAuth endpoint'],
];

/** Paths that are built, for the answer 405 to a method they do not take. */
export const BUILT =
  /^\/(sobjects|query|queryAll|limits|composite\/sobjects|composite\/batch|composite\/tree|composite(?=\/?$)|jobs\/ingest|jobs\/query|process\/approvals)(\/|$)/;

/** Resources of an object that are not built; without a route of their own they would be taken for external ids. */
const UNBUILT_OF_OBJECT = [
  'describe/*',
  'listviews',
  'listviews/*',
  'quickActions',
  'quickActions/*',
  'relevantItems',
  'defaultValues',
  'duplicates',
];

/** The part of a path below the API's version; the whole path elsewhere. */
export function belowVersion(path: string): string {
  return path.replace(/^\/services\/data\/v\d+\.\d+(?=\/|$)/, '') || '/';
}

export function registerUnbuiltOfObject(data: FastifyInstance): void {
  for (const name of UNBUILT_OF_OBJECT) {
    data.all(`/sobjects/:object/${name}`, async (_request, reply) => refuse(reply, notBuilt(`sObject ${name.replace('/*', ' …')}`)));
  }
}

/** What is answered where no route takes the call. */
export function refusalWithoutRoute(method: string, path: string): ApiError {
  const below = belowVersion(path);
  if (BUILT.test(below) || path.startsWith('/services/Soap/m/')) return methodNotAllowed(method);
  const found = UNBUILT.find(([pattern]) => pattern.test(below));
  return found === undefined ? RESOURCE_UNKNOWN : notBuilt(found[1]);
}

/** Answers for everything that no route takes: 501 by name, 405, or 404. */
export function installFallbacks(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => refuse(reply, refusalWithoutRoute(request.method, pathOf(request))));
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof UnreadableBody) return refuse(reply, error.refusal);
    return refuse(reply, unexpected(error, request.method));
  });
}

function unexpected(error: unknown, method: string): ApiError {
  const { statusCode = 500, message = String(error) } = error as { statusCode?: number; message?: string };
  if (statusCode >= 400 && statusCode < 500) return { ...unreadableJson(message), status: statusCode };
  return { status: 500, errorCode: 'UNKNOWN_EXCEPTION', message: `An unexpected error occurred in the sandbox on ${method}: ${message}` };
}
