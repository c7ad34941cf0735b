/** Control calls for leads: what people do on screens and in Setup. */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CONTROL_PREFIX, refuseControl } from '../../kit/control.ts';
import type { Org } from '../org.ts';
import { changeOrigin } from '../wire/change-origin.ts';
import { convertLead } from '../write/convert-lead.ts';
import type { ConversionOutcome } from '../write/convert-lead.ts';
import { setLeadOwner } from '../write/lead-assignment.ts';
import { NEWEST_VERSION } from './exchange.ts';
import { recordId } from './org-control.ts';

const conversionRequest = z.strictObject({
  leadId: recordId,
  accountId: recordId.nullable().default(null),
  contactId: recordId.nullable().default(null),
  opportunityName: z.string().min(1).max(120).nullable().default(null),
  withOpportunity: z.boolean().default(true),
  as: z.string().default('rep'),
});
const assignmentRequest = z.strictObject({ owner: z.string().nullable() });

export function registerLeadControl(app: FastifyInstance, org: Org): void {
  app.post(`${CONTROL_PREFIX}/convert-lead`, async (request, reply) => {
    const parsed = conversionRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { as, ...conversion } = parsed.data;
    const caller = org.sessions.findUser(as);
    if (caller === null) return reply.code(400).send({ error: `unknown user ${as}` });
    const moment = { userId: caller.userId, nowMs: org.clock.now(), origin: changeOrigin('soap', `${NEWEST_VERSION}.0`, null) };
    let outcome: ConversionOutcome | null = null;
    org.store.transaction(() => {
      outcome = convertLead(org.store, conversion, moment);
      return outcome.kind === 'converted';
    });
    return answerOf(outcome);
  });
  app.post(`${CONTROL_PREFIX}/lead-assignment`, async (request, reply) => {
    const parsed = assignmentRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { owner } = parsed.data;
    const user = owner === null ? null : org.sessions.findUser(owner);
    if (owner !== null && user === null) return reply.code(400).send({ error: `unknown user ${owner}` });
    setLeadOwner(org.store, user?.userId ?? null);
    return { owner };
  });
}

function answerOf(outcome: ConversionOutcome | null): object {
  if (outcome === null) return { success: false, error: 'nothing was done' };
  if (outcome.kind === 'refused') return { success: false, error: outcome.error.errorCode };
  const { accountId, contactId, opportunityId } = outcome;
  return { success: true, accountId, contactId, opportunityId };
}
