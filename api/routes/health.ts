import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ApiDependencies } from '../dependencies.ts';
import { problem } from '../problem.ts';
import { addRoute, ok } from '../route.ts';

const healthAnswer = z.object({ status: z.literal('ok') });
const readinessAnswer = z.object({ status: z.literal('ready') });

export function addHealthRoutes(app: FastifyInstance, deps: ApiDependencies): void {
  addRoute(app, {
    method: 'GET',
    url: '/healthz',
    tag: 'operation',
    summary: 'Whether the process is alive',
    answer: healthAnswer,
    handle: async () => ok({ status: 'ok' as const }),
  });

  addRoute(app, {
    method: 'GET',
    url: '/readyz',
    tag: 'operation',
    summary: 'Whether everything that is needed answers; if not, the reasons',
    answer: readinessAnswer,
    handle: async () => {
      const { ready, reasons } = await deps.readiness();
      if (ready) return ok({ status: 'ready' as const });
      return problem('unavailable', reasons.length === 0 ? 'Not ready yet.' : reasons.join(' '), [], { 'retry-after': '1' });
    },
  });

  app.get('/metrics', { schema: { summary: 'Metrics in Prometheus text', tags: ['operation'] } }, async (_request, reply) =>
    reply.type(deps.metrics.contentType).send(await deps.metrics.metrics()),
  );
}
