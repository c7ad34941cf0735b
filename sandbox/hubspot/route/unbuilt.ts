/** Paths that HubSpot has and this sandbox has not: they answer 501 and say which, so that nobody takes them for a wrong address. */

import type { FastifyInstance } from 'fastify';
import { withoutVersion } from '../api-version.ts';
import { pathOf } from '../../kit/fault-transport.ts';
import { invalid, notBuilt } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { send } from './exchange.ts';

/** The first pattern that fits names the route; without the API's version. */
const UNBUILT: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^\/crm\/associations\/usage/, 'The usage report of associations'],
  [/^\/crm\/associations\/[^/]+\/[^/]+\/(types|batch\/(read|create|archive))/, 'Associations v3'],
  [/^\/crm\/pipelines/, 'This call of the Pipelines API'],
  [/^\/crm\/(imports|exports|lists|timeline|extensions|limits|property-validations)/, 'This resource of the CRM'],
  [/^\/crm-object-schemas/, 'This call of the Schemas API'],
  [/^\/crm\//, 'This call of the CRM API'],
  [/^\/oauth/, 'This call of OAuth'],
  [/^\/(app-)?webhooks/, 'This call of the Webhooks API'],
  [/^\/webhooks-journal/, 'The webhooks journal'],
  [
    /^\/(automation|account-info|settings|events|cms|files|marketing|conversations|communication-preferences|integrators|business-units)/,
    'This API',
  ],
];

/** Answers for everything that no route takes: 501 by name, or 404 with an empty body, as HubSpot's edge does. */
export function installFallbacks(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => {
    const path = withoutVersion(pathOf(request));
    const found = UNBUILT.find(([pattern]) => pattern.test(path));
    return found === undefined ? reply.code(404).send() : send(request, reply, notBuilt(found[1]));
  });
  app.setErrorHandler((error, request, reply) => send(request, reply, unexpected(error)));
}

function unexpected(error: unknown): ApiError {
  const { statusCode = 500, message = String(error) } = error as { statusCode?: number; message?: string };
  if (statusCode === 400) return invalid(`Invalid input JSON on line 1, column 1: ${message}`);
  if (statusCode < 500) return { kind: 'refusal', status: statusCode, message };
  return { kind: 'refusal', status: 500, message: `internal error in the sandbox: ${message}` };
}
