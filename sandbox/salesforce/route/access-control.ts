/** The control calls for what an org is set up to: who gets new fields, and in how many currencies it counts. */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CONTROL_PREFIX, refuseControl } from '../../kit/control.ts';
import { setFieldAccess } from '../access/furnish.ts';
import { enableMultiCurrency } from '../currency.ts';
import type { Org } from '../org.ts';

const currencyRequest = z.strictObject({ multiCurrency: z.literal(true) });
const accessRequest = z.strictObject({ newFields: z.enum(['profiles', 'nobody']) });

export function registerAccessControl(app: FastifyInstance, org: Org): void {
  // `profiles` is what a person does who makes a field by hand and ticks all profiles; a deployment gives it to nobody.
  app.post(`${CONTROL_PREFIX}/access`, async (request, reply) => {
    const parsed = accessRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    org.store.transaction(() => {
      setFieldAccess(org.store, parsed.data.newFields, org.clock.now());
      return true;
    });
    return parsed.data;
  });
  app.post(`${CONTROL_PREFIX}/currency`, async (request, reply) => {
    const parsed = currencyRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    org.store.transaction(() => {
      enableMultiCurrency(org.store);
      org.metadata.rebuild();
      return true;
    });
    return parsed.data;
  });
}
