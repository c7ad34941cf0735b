/** Control calls that concern this org alone: what Salesforce does through other doors than REST. */

import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { CONTROL_PREFIX, refuseControl } from '../../kit/control.ts';
import type { JobRunner } from '../bulk/job-runner.ts';
import type { MetadataJobs } from '../metadata/job-runner.ts';
import type { Org } from '../org.ts';
import { findObject } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { parseId } from '../store/record-id.ts';
import { CROSS_REFERENCE_INVALID } from '../wire/api-error.ts';
import { changeOrigin } from '../wire/change-origin.ts';
import { storedInstant } from '../wire/instant.ts';
import type { WriteMoment } from '../write/field-history.ts';
import { mergeRecord, undeleteRecord } from '../write/remove-record.ts';
import type { SaveOutcome } from '../write/save-outcome.ts';
import { NEWEST_VERSION } from './exchange.ts';

export const recordId = z.string().transform((text, context) => {
  const id = parseId(text);
  if (id !== null) return id;
  context.addIssue({ code: 'custom', message: `${text} is not a record id` });
  return z.NEVER;
});
const RUN_AS = 'integration';
const alias = z.string().default(RUN_AS);
const undeleteRequest = z.strictObject({ sobject: z.string(), ids: z.array(recordId).min(1), as: alias });
const mergeRequest = z.strictObject({ sobject: z.string(), masterId: recordId, ids: z.array(recordId).min(1).max(2), as: alias });
const stampRequest = z.strictObject({
  sobject: z.string(),
  ids: z.array(recordId).min(1),
  systemModstamp: z.iso.datetime({ offset: true }),
});
const limitRequest = z.strictObject({ dailyApiRequests: z.int().min(0), used: z.int().min(0).default(0) });

const holdRequest = z.strictObject({ hold: z.boolean() });

export function registerOrgControl(app: FastifyInstance, org: Org, runner: JobRunner, deployments: MetadataJobs): void {
  app.post(`${CONTROL_PREFIX}/undelete`, async (request, reply) => {
    const parsed = undeleteRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { sobject, ids, as } = parsed.data;
    return carryOut(org, reply, sobject, as, ids, (definition, id, moment) => undeleteRecord(org.store, definition, id, moment));
  });
  app.post(`${CONTROL_PREFIX}/merge`, async (request, reply) => {
    const parsed = mergeRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { sobject, masterId, ids, as } = parsed.data;
    return carryOut(org, reply, sobject, as, ids, (definition, id, moment) => mergeRecord(org.store, definition, masterId, id, moment));
  });
  // A row that was committed late carries an earlier stamp than rows that could be read before it.
  app.post(`${CONTROL_PREFIX}/stamp`, async (request, reply) => {
    const parsed = stampRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { sobject, ids, systemModstamp } = parsed.data;
    const stamp = storedInstant(Date.parse(systemModstamp));
    return carryOut(org, reply, sobject, RUN_AS, ids, (definition, id) => {
      if (org.store.find(definition, id) === null) return { kind: 'refused', error: CROSS_REFERENCE_INVALID };
      org.store.update(definition, id, { SystemModstamp: stamp });
      return { kind: 'saved', id, created: false };
    });
  });
  // A held job has begun and does not get on, as in an org that is short of resources.
  app.post(`${CONTROL_PREFIX}/bulk`, async (request, reply) => {
    const parsed = holdRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    runner.hold(parsed.data.hold);
    return { hold: parsed.data.hold };
  });
  app.post(`${CONTROL_PREFIX}/metadata`, async (request, reply) => {
    const parsed = holdRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    deployments.hold(parsed.data.hold);
    return { hold: parsed.data.hold };
  });
  app.post(`${CONTROL_PREFIX}/limits`, async (request, reply) => {
    const parsed = limitRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    org.usage.set(parsed.data.dailyApiRequests, parsed.data.used);
    return { dailyApiRequests: org.usage.limit(), used: org.usage.used() };
  });
}

/** Carries `work` out for every id in one transaction, each undone alone when it is refused. */
function carryOut(
  org: Org,
  reply: FastifyReply,
  objectName: string,
  as: string,
  ids: readonly string[],
  work: (definition: SObjectDefinition, id: string, moment: WriteMoment) => SaveOutcome,
): FastifyReply {
  const definition = findObject(org.schema, objectName);
  const caller = org.sessions.findUser(as);
  if (definition === null || caller === null)
    return reply.code(400).send({ error: `unknown ${definition === null ? `sobject ${objectName}` : `user ${as}`}` });
  const moment = { userId: caller.userId, nowMs: org.clock.now(), origin: changeOrigin('soap', `${NEWEST_VERSION}.0`, null) };
  const results: object[] = [];
  org.store.transaction(() => {
    for (const id of ids) {
      org.store.savepoint(() => {
        const outcome = work(definition, id, moment);
        const saved = outcome.kind === 'saved';
        results.push(saved ? { id, success: true } : { id, success: false, error: outcome.error.errorCode });
        return saved;
      });
    }
    return true;
  });
  return reply.send({ results });
}
