/** Control calls for webhooks: how they misbehave, and how far they are. */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CONTROL_PREFIX, refuseControl } from '../../kit/control.ts';
import type { Delivery } from '../webhook/delivery.ts';

const interference = z.strictObject({
  hold: z.boolean().optional(),
  duplicateEvery: z.int().min(0).max(1_000_000).optional(),
  batchSize: z.int().min(1).max(100).optional(),
  inOrder: z.boolean().optional(),
});

export function registerWebhookControl(app: FastifyInstance, delivery: Delivery): void {
  app.get(`${CONTROL_PREFIX}/webhooks`, async () => delivery.state());
  app.post(`${CONTROL_PREFIX}/webhooks`, async (request, reply) => {
    const parsed = interference.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const given = Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined));
    return delivery.interfere(given);
  });
}
