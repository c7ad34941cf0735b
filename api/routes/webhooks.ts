import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problem } from '../problem.ts';
import { addRoute } from '../route.ts';

/** Where a HubSpot portal will deliver its events. No connection of that kind exists yet, so none is known. */
export function addWebhookRoutes(app: FastifyInstance): void {
  addRoute(app, {
    method: 'POST',
    url: '/webhooks/hubspot/:connection',
    tag: 'webhooks',
    summary: 'Events of a HubSpot portal, signed (v3)',
    answer: z.object({}),
    handle: async () => problem('not-found', 'connection unknown'),
  });
}
