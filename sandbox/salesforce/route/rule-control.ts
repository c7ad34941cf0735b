/** Control calls for what an org does to a write: rules that are switched on, automation, transactions that stay open. */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CONTROL_PREFIX, refuseControl } from '../../kit/control.ts';
import { nameAdministrators } from '../approval/record-lock.ts';
import { automationRule, problemOfRule, setAutomation } from '../automation/automation-rule.ts';
import { setStandardRule } from '../duplicate/standard-rule.ts';
import type { Org } from '../org.ts';

const approvalRequest = z.strictObject({ administrators: z.array(z.string()).nullable() });
const duplicateRequest = z.strictObject({ account: z.enum(['allow', 'alert', 'block']) });
const transactionRequest = z.union([z.strictObject({ hold: z.string() }), z.strictObject({ release: z.literal(true) })]);
const automationRequest = z.strictObject({ rules: z.array(automationRule) });

export function registerRuleControl(app: FastifyInstance, org: Org): void {
  // Whom locks do not hold, in place of those who may modify all records; null gives it back to permissions.
  app.post(`${CONTROL_PREFIX}/approvals`, async (request, reply) => {
    const parsed = approvalRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { administrators } = parsed.data;
    const users = administrators?.map((alias) => org.sessions.findUser(alias));
    const unknown = administrators?.find((_alias, index) => users?.[index] === null);
    if (unknown !== undefined) return reply.code(400).send({ error: `unknown user ${unknown}` });
    nameAdministrators(org.store, users?.flatMap((user) => user?.userId ?? []) ?? null);
    return { administrators };
  });
  app.post(`${CONTROL_PREFIX}/duplicate-rules`, async (request, reply) => {
    const parsed = duplicateRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    setStandardRule(org.store, parsed.data.account);
    return parsed.data;
  });
  app.post(`${CONTROL_PREFIX}/automation`, async (request, reply) => {
    const parsed = automationRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { rules } = parsed.data;
    const problem = rules.map((rule) => problemOfRule(org.schema, rule)).find((each) => each !== null);
    if (problem !== undefined) return reply.code(400).send({ error: problem });
    setAutomation(org.store, rules);
    return { rules };
  });
  app.get(`${CONTROL_PREFIX}/transactions`, async () => ({ open: org.transactions.count() }));
  app.post(`${CONTROL_PREFIX}/transactions`, async (request, reply) => {
    const parsed = transactionRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { transactions } = org;
    if ('release' in parsed.data) transactions.release();
    else {
      const { hold } = parsed.data;
      const userId = hold === 'all' ? null : org.sessions.findUser(hold)?.userId;
      if (userId === undefined) return reply.code(400).send({ error: `unknown user ${hold}` });
      transactions.hold(userId);
    }
    return { open: transactions.count() };
  });
}
