import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDependencies } from '../dependencies.ts';
import { problem } from '../problem.ts';
import { addRoute, ok, sendProblem } from '../route.ts';
import { hubspotEvents, takenEvents } from '../schemas/webhook.ts';

/** A hundred events are some 50 KB; only a batch of very long texts is larger, and what it tells of is found by the next poll. */
const BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * Where a HubSpot portal delivers its events. The signature takes the place of the operator's token: it is judged over the bytes as they came, before anything of them is
 * parsed, and whoever is refused learns no more than that. What was answered with 200 is kept.
 */
export async function addWebhookRoutes(app: FastifyInstance, { hubspotWebhooks = new Map() }: ApiDependencies): Promise<void> {
  const connectionOf = (request: FastifyRequest): string => (request.params as Readonly<Record<string, string>>)['connection'] ?? '';

  const refuseUnknown = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!hubspotWebhooks.has(connectionOf(request))) return sendProblem(reply, problem('not-found', 'connection unknown'));
  };

  const refuseUnsigned = async (request: FastifyRequest, reply: FastifyReply) => {
    const { method, headers, raw } = request;
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    const connection = connectionOf(request);
    const why = hubspotWebhooks.get(connection)?.refusalOf({ method, path: raw.url ?? '', headers, body }) ?? null;
    if (why !== null) {
      request.log.warn({ requestId: request.id, connection, why }, 'a webhook was refused');
      return sendProblem(reply, problem('unauthorized', 'The signature is not valid.'));
    }
    try {
      request.body = JSON.parse(Buffer.from(body).toString('utf8'));
    } catch {
      return sendProblem(reply, problem('malformed-json', 'The body could not be read as JSON.'));
    }
  };

  await app.register(async (scope) => {
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.addHook('onRequest', refuseUnknown);
    scope.addHook('preValidation', refuseUnsigned);
    addRoute(scope, {
      method: 'POST',
      url: '/webhooks/hubspot/:connection',
      tag: 'webhooks',
      summary: 'Events of a HubSpot portal, signed (v3), at most 100',
      isOpen: true,
      bodyLimitBytes: BODY_LIMIT_BYTES,
      body: hubspotEvents,
      answer: takenEvents,
      handle: async ({ params, body }) => {
        const receiver = hubspotWebhooks.get(params['connection'] ?? '');
        return receiver === undefined ? problem('not-found', 'connection unknown') : ok(await receiver.take(body));
      },
    });
  });
}
