/** Carries decisions about approvals out. Source: REST API Developer Guide, "Process Approvals". */

import { objectOfId } from '../schema/catalogue.ts';
import type { ApprovalProcess } from '../schema/approval-process.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { CROSS_REFERENCE_INVALID } from '../wire/api-error.ts';
import { INSUFFICIENT_ACCESS } from '../wire/rule-error.ts';
import type { WriteMoment } from '../write/field-history.ts';
import type { ApprovalOrg } from './approver.ts';
import { isAsked } from './approver.ts';
import { dropWorkitem, dropWorkitems, findInstance, findWorkitem, recordStep, workitemsOf } from './process-instance.ts';
import type { Workitem } from './process-instance.ts';
import { isAdministrator } from './record-lock.ts';
import { askFrom, definitionIdOf, finish, guarded, refused, result, runActions } from './run-step.ts';
import type { ApprovalOutcome, Running } from './run-step.ts';

export interface Decision {
  readonly workitemId: string;
  readonly verdict: 'Approved' | 'Rejected' | 'Removed';
  readonly comments: string | null;
  readonly chosen: readonly string[];
}

/** Must run inside a transaction, which the caller undoes when the outcome is refused. */
export function decideWorkitem(org: ApprovalOrg, decision: Decision, moment: WriteMoment): ApprovalOutcome {
  const { store } = org;
  const item = findWorkitem(store, decision.workitemId);
  const instance = item === null ? null : findInstance(store, item.instanceId);
  const definition = instance === null ? null : objectOfId(store.schema, instance.recordId);
  const process = instance === null || definition === null ? null : processOf(org, definition, instance.definitionId);
  if (item === null || instance === null || definition === null || process === null) return refused(CROSS_REFERENCE_INVALID);
  const running: Running = { org, definition, process, instance, chosen: decision.chosen, moment };
  const { verdict, comments } = decision;
  const isAdmin = isAdministrator(store, definition, moment);
  const mayAct =
    verdict === 'Removed' ? process.allowsRecall && moment.userId === instance.submitterId : isAsked(org, item.actorId, moment.userId);
  if (!mayAct && !isAdmin) return refused(INSUFFICIENT_ACCESS);
  return guarded(() => {
    recordStep(store, instance.id, verdict, item.actorId, comments, moment);
    switch (verdict) {
      case 'Removed':
        return finish(running, 'Removed', process.actions.recalled, false);
      case 'Rejected':
        return reject(running);
      case 'Approved':
        return approve(running, item);
    }
  });
}

function approve(running: Running, item: Workitem): ApprovalOutcome {
  const { org, definition, process, instance, moment } = running;
  const step = process.steps[instance.step];
  dropWorkitem(org.store, item.id);
  if (step?.isUnanimous === true && workitemsOf(org.store, instance.id).length > 0) return result(running, 'Pending', []);
  dropWorkitems(org.store, instance.id);
  runActions(org, definition, instance.recordId, step?.approvalActions ?? [], moment);
  return askFrom(running, instance.step + 1);
}

function reject(running: Running): ApprovalOutcome {
  const { org, definition, process, instance, moment } = running;
  const step = process.steps[instance.step];
  dropWorkitems(org.store, instance.id);
  runActions(org, definition, instance.recordId, step?.rejectionActions ?? [], moment);
  if (step?.goesBack === true && instance.step > 0) return askFrom(running, instance.step - 1);
  return finish(running, 'Rejected', process.actions.rejected, process.staysLocked.rejected);
}

function processOf(org: ApprovalOrg, definition: SObjectDefinition, definitionId: string): ApprovalProcess | null {
  return definition.rules.approvals.find(({ name }) => definitionIdOf(org, definition, name) === definitionId) ?? null;
}
