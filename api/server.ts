import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { createAuthentication } from './authenticate.ts';
import type { ApiDependencies } from './dependencies.ts';
import { addDocsPage } from './docs-page.ts';
import { answerFailedRequests, BODY_LIMIT_BYTES } from './failed-request.ts';
import { inputCompiler } from './input-compiler.ts';
import { measure } from './metrics.ts';
import { describeApi } from './openapi.ts';
import { logRequests, redactingLogger } from './request-log.ts';
import { addCaseRoutes } from './routes/cases.ts';
import { addPrecedentRoutes } from './routes/precedents.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addHubspotCardRoutes } from './routes/hubspot-card.ts';
import { addOpportunityRoutes } from './routes/opportunity.ts';
import { addMessageRoutes } from './routes/messages.ts';
import { addPartnerRoutes } from './routes/partners.ts';
import { addRegistrationCommandRoutes } from './routes/registration-commands.ts';
import { addRegistrationRoutes } from './routes/registrations.ts';
import { addBackfillRoutes } from './routes/backfills.ts';
import { addSyncRoutes } from './routes/sync.ts';
import { addUserRoutes } from './routes/users.ts';
import { addWebhookRoutes } from './routes/webhooks.ts';
import { answerUnknownRoutes } from './unknown-route.ts';

/**
 * Builds the HTTP API, ready to listen or to be called in the process.
 *
 * Everything below `/v1` needs the operator's token, also what does not exist there. Closing it waits for the requests that are being answered.
 */
export async function createApi(deps: ApiDependencies): Promise<FastifyInstance> {
  const app = createServer(deps);
  app.setValidatorCompiler(inputCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // A text is no JSON: without its parser it is refused by its content type.
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  logRequests(app);
  measure(app, deps);
  answerFailedRequests(app);
  const answerUnknownRoutesIn = answerUnknownRoutes(app);

  await describeApi(app);
  addDocsPage(app);
  addHealthRoutes(app, deps);
  await addWebhookRoutes(app, deps);
  await addHubspotCardRoutes(app, deps);
  await app.register(
    async (v1) => {
      v1.addHook('onRequest', createAuthentication(deps.apiToken));
      answerUnknownRoutesIn(v1);
      addPartnerRoutes(v1, deps);
      addRegistrationRoutes(v1, deps);
      addRegistrationCommandRoutes(v1, deps);
      addOpportunityRoutes(v1, deps);
      addCaseRoutes(v1, deps);
      addPrecedentRoutes(v1, deps);
      addMessageRoutes(v1, deps);
      addSyncRoutes(v1, deps);
      addBackfillRoutes(v1, deps);
      addUserRoutes(v1, deps);
    },
    { prefix: '/v1' },
  );
  await app.ready();
  return app;
}

function createServer({ logger, newId }: ApiDependencies): FastifyInstance {
  const options = {
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: newId,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 500 },
  };
  if (logger === false) return Fastify(options);
  return Fastify({ ...options, loggerInstance: redactingLogger(logger) as FastifyBaseLogger });
}
