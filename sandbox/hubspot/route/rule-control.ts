/** Control calls for what an administrator makes required, in HubSpot's settings under "Conditional logic" and "Create form". */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CONTROL_PREFIX, refuseControl } from '../../kit/control.ts';
import type { Portal } from '../portal.ts';
import { replaceWriteRules, writeRule } from '../schema/write-rule.ts';

const rulesRequest = z.strictObject({ rules: z.array(writeRule) });

export function registerRuleControl(app: FastifyInstance, portal: Portal): void {
  // The rules given replace those there were.
  app.post(`${CONTROL_PREFIX}/required-properties`, async (request, reply) => {
    const parsed = rulesRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    for (const { objectType, property, when } of parsed.data.rules) {
      const definition = portal.catalogue.find(objectType);
      const missing = [property, when?.property].find((name) => name !== undefined && definition?.properties.has(name) !== true);
      if (missing !== undefined) return reply.code(400).send({ error: `${objectType} has no property ${missing}` });
    }
    replaceWriteRules(portal, parsed.data.rules);
    return { rules: parsed.data.rules };
  });
}
