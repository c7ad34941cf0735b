/** Submitting for approval and deciding. Source: REST API Developer Guide, "Process Approvals". */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ApprovalOrg, Queue } from '../approval/approver.ts';
import { decideWorkitem } from '../approval/decide-workitem.ts';
import type { ApprovalOutcome, ProcessResult } from '../approval/run-step.ts';
import { submitRecord } from '../approval/submit-record.ts';
import { valuesAt } from '../metadata/reference.ts';
import type { Org } from '../org.ts';
import { parseId } from '../store/record-id.ts';
import { CROSS_REFERENCE_INVALID } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import type { WriteMoment } from '../write/field-history.ts';
import { momentOf, readShape, refuse } from './exchange.ts';

const text = z.string().nullish();
const processRequest = z.object({
  actionType: z.enum(['Submit', 'Approve', 'Reject', 'Removed']),
  contextId: z.string(),
  contextActorId: text,
  comments: text,
  nextApproverIds: z.array(z.string()).nullish(),
  processDefinitionNameOrId: text,
  skipEntryCriteria: z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')]).nullish(),
});
const processBody = z.object({ requests: z.array(processRequest).min(1) });
type ProcessRequest = z.infer<typeof processRequest>;

const VERDICTS = { Approve: 'Approved', Reject: 'Rejected', Removed: 'Removed' } as const;

export function registerApprovalRoutes(data: FastifyInstance, org: Org): void {
  const approvalOrg: ApprovalOrg = { store: org.store, queues: () => queuesOf(org) };
  data.get('/process/approvals', async () => ({ approvals: listApprovals(org) }));
  data.post('/process/approvals', async (request, reply) => {
    const read = readShape(processBody, request.body);
    if (read.kind === 'refused') return refuse(reply, read.error);
    const moment = momentOf(org, request);
    const results: ProcessResult[] = [];
    let problem: ApiError | null = null;
    org.store.transaction(() => {
      for (const each of read.body.requests) {
        const outcome = carryOut(approvalOrg, each, moment);
        if (outcome.kind === 'done') results.push(outcome.result);
        else problem = outcome.error;
        if (problem !== null) return false;
      }
      return true;
    });
    if (problem !== null) return refuse(reply, problem);
    return reply.send(results.map((result) => ({ ...result, errors: null, success: true })));
  });
}

function carryOut(org: ApprovalOrg, request: ProcessRequest, moment: WriteMoment): ApprovalOutcome {
  const contextId = parseId(request.contextId);
  const chosen = (request.nextApproverIds ?? []).map(parseId);
  const submitterId = request.contextActorId ? parseId(request.contextActorId) : moment.userId;
  if (contextId === null || submitterId === null || chosen.includes(null)) return { kind: 'refused', error: CROSS_REFERENCE_INVALID };
  const shared = { comments: request.comments ?? null, chosen: chosen.filter((id) => id !== null) };
  if (request.actionType !== 'Submit') {
    return decideWorkitem(org, { ...shared, workitemId: contextId, verdict: VERDICTS[request.actionType] }, moment);
  }
  const named = request.processDefinitionNameOrId ?? null;
  const process = named === null ? null : (parseId(named) ?? named);
  return submitRecord(
    org,
    { ...shared, recordId: contextId, submitterId, process, skipsCriteria: request.skipEntryCriteria === true },
    moment,
  );
}

/** Active processes by object, with ids of 15 characters. */
function listApprovals(org: Org): Record<string, object[]> {
  const rows = org.store.select(`SELECT * FROM "ProcessDefinition" WHERE "State" = 'Active' ORDER BY "TableEnumOrId", "DeveloperName"`);
  const listed: Record<string, object[]> = {};
  for (const row of rows) {
    const object = String(row['TableEnumOrId']);
    const known = (listed[object] ??= []);
    const id = String(row['Id']).slice(0, 15);
    known.push({ description: row['Description'], id, name: row['Name'], object, sortOrder: known.length + 1 });
  }
  return listed;
}

/** Queues are metadata here, not rows; their id is the component's. */
function queuesOf(org: Org): ReadonlyMap<string, Queue> {
  const queues = [...org.metadata.components().values()].filter(({ type }) => type === 'Queue');
  return new Map(
    queues.map(({ id, fullName, content }) => {
      return [fullName, { id, usernames: valuesAt(content, 'queueMembers.users.user').map(({ value }) => value) }];
    }),
  );
}
