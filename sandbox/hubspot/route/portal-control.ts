/** Control calls of the portal alone. */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CONTROL_PREFIX, refuseControl } from '../../kit/control.ts';
import type { Limits } from '../limit.ts';

const count = z.int().min(0).max(100_000_000);
const limits = z.strictObject({ tenSecondly: count.optional(), daily: count.optional(), search: count.optional() });
const searchIndex = z.strictObject({ delayMs: z.int().min(0).max(600_000) });

export interface SearchIndex {
  readonly delayMs: () => number;
  readonly setDelay: (delayMs: number) => void;
}

export function registerPortalControl(app: FastifyInstance, limit: Limits, index: SearchIndex): void {
  app.post(`${CONTROL_PREFIX}/limits`, async (request, reply) => {
    const parsed = limits.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { tenSecondly, daily, search } = parsed.data;
    limit.change({
      ...(tenSecondly === undefined ? {} : { tenSecondly }),
      ...(daily === undefined ? {} : { daily }),
      ...(search === undefined ? {} : { search }),
    });
    return { changed: parsed.data };
  });
  app.post(`${CONTROL_PREFIX}/search-index`, async (request, reply) => {
    const parsed = searchIndex.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    index.setDelay(parsed.data.delayMs);
    return { delayMs: index.delayMs() };
  });
}
