/** Submits records for approval and carries decisions out. Source: REST API Developer Guide, "Process Approvals"; Salesforce Help, "Approval Process: Order". */

import type { Evaluation } from '../formula/expression.ts';
import { FormulaFailure } from '../formula/expression.ts';
import { objectOfId } from '../schema/catalogue.ts';
import type { ApprovalProcess } from '../schema/approval-process.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { StoredRow } from '../store/record-store.ts';
import {
  ALREADY_IN_PROCESS,
  CROSS_REFERENCE_INVALID,
  INSUFFICIENT_ACCESS,
  NO_APPLICABLE_PROCESS,
  RECORD_DELETED,
  processFormulaInvalid,
} from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import type { WriteMoment } from '../write/field-history.ts';
import { writeFields } from '../write/system-update.ts';
import { updatedValues } from '../write/updated-value.ts';
import type { ApprovalOrg } from './approver.ts';
import { approversOf, isAsked } from './approver.ts';
import { meets } from './criterion.ts';
import {
  addWorkitem,
  closeInstance,
  dropWorkitem,
  dropWorkitems,
  findInstance,
  findWorkitem,
  moveInstance,
  openInstance,
  pendingInstance,
  recordStep,
  workitemsOf,
} from './process-instance.ts';
import type { Instance, InstanceStatus, Workitem } from './process-instance.ts';
import { isAdministrator, lockRecord, unlockRecord } from './record-lock.ts';

export interface ProcessResult {
  readonly entityId: string;
  readonly instanceId: string;
  readonly instanceStatus: InstanceStatus;
  /** Who is asked now, and the ids of the items by which they answer. */
  readonly actorIds: readonly string[];
  readonly newWorkitemIds: readonly string[];
}

export type ApprovalOutcome =
  { readonly kind: 'done'; readonly result: ProcessResult } | { readonly kind: 'refused'; readonly error: ApiError };

export interface Submission {
  readonly recordId: string;
  readonly submitterId: string;
  readonly comments: string | null;
  readonly chosen: readonly string[];
  /** Name or id of the one process that is to be tried; null for the first that fits. */
  readonly process: string | null;
  readonly skipsCriteria: boolean;
}

export interface Decision {
  readonly workitemId: string;
  readonly verdict: 'Approved' | 'Rejected' | 'Removed';
  readonly comments: string | null;
  readonly chosen: readonly string[];
}

/** What a running approval is about. */
interface Running {
  readonly org: ApprovalOrg;
  readonly definition: SObjectDefinition;
  readonly process: ApprovalProcess;
  readonly instance: Instance;
  readonly chosen: readonly string[];
  readonly moment: WriteMoment;
}

function refused(error: ApiError): ApprovalOutcome {
  return { kind: 'refused', error };
}

/** Must run inside a transaction, which the caller undoes when the outcome is refused. */
export function submitRecord(org: ApprovalOrg, submission: Submission, moment: WriteMoment): ApprovalOutcome {
  const { store } = org;
  const { recordId, submitterId, comments, chosen } = submission;
  const definition = objectOfId(store.schema, recordId);
  const row = definition === null ? null : store.find(definition, recordId);
  if (definition === null || row === null) return refused(CROSS_REFERENCE_INVALID);
  if (row['IsDeleted'] === 1) return refused(RECORD_DELETED);
  if (pendingInstance(store, recordId) !== null) return refused(ALREADY_IN_PROCESS);
  return guarded(() => {
    const entry = findProcess(org, definition, row, submission, moment);
    if (entry === null) return refused(NO_APPLICABLE_PROCESS);
    const { process, definitionId } = entry;
    const instance = openInstance(store, definitionId, recordId, submitterId, moment);
    recordStep(store, instance.id, 'Started', submitterId, comments, moment);
    lockRecord(store, recordId, instance.id, process.editability);
    runActions(org, definition, recordId, process.actions.submitted, moment);
    return askFrom({ org, definition, process, instance, chosen, moment }, 0);
  });
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
  const isAdmin = isAdministrator(store, moment.userId);
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

/** The first active process that takes the record, in the order of their names. */
function findProcess(
  org: ApprovalOrg,
  definition: SObjectDefinition,
  row: StoredRow,
  submission: Submission,
  moment: WriteMoment,
): { readonly process: ApprovalProcess; readonly definitionId: string } | null {
  const at = asked(org, row, moment);
  for (const process of definition.rules.approvals) {
    const definitionId = definitionIdOf(org, definition, process.name);
    const isNamed = submission.process === null || [process.name, definitionId].includes(submission.process);
    if (!process.isActive || definitionId === null || !isNamed || !maySubmit(process, row, submission.submitterId)) continue;
    if (submission.skipsCriteria || meets(process.criteria, { schema: org.store.schema, definition }, at)) return { process, definitionId };
  }
  return null;
}

/** Owners and creators are known here; any other kind of submitter is taken for everybody (DIFFERENCES.md). */
function maySubmit(process: ApprovalProcess, row: StoredRow, userId: string): boolean {
  return process.submitters.some(({ type }) => {
    if (type === 'owner') return row['OwnerId'] === userId;
    return type === 'creator' ? row['CreatedById'] === userId : true;
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

/** Asks at the first step from `first` on that the record enters, or ends where there is none. */
function askFrom(running: Running, first: number): ApprovalOutcome {
  const { org, definition, process, instance, chosen, moment } = running;
  const { store } = org;
  const row = store.find(definition, instance.recordId) ?? {};
  for (const [index, step] of process.steps.entries()) {
    if (index < first) continue;
    if (!meets(step.criteria, { schema: store.schema, definition }, asked(org, row, moment))) {
      if (step.otherwise === 'GotoNextStep') continue;
      const isApproved = step.otherwise === 'ApproveRecord';
      return isApproved ? approved(running) : finish(running, 'Rejected', process.actions.rejected, process.staysLocked.rejected);
    }
    const approvers = approversOf(org, { definition, process, step, row, submitterId: instance.submitterId, chosen });
    if (approvers.kind === 'refused') return approvers;
    moveInstance(store, instance, index);
    const items = approvers.ids.map((id) => addWorkitem(store, instance.id, id, moment));
    return result(running, 'Pending', items);
  }
  return approved(running);
}

function approved(running: Running): ApprovalOutcome {
  const { actions, staysLocked } = running.process;
  return finish(running, 'Approved', actions.approved, staysLocked.approved);
}

function finish(running: Running, status: InstanceStatus, actions: readonly string[], staysLocked: boolean): ApprovalOutcome {
  const { org, definition, instance, moment } = running;
  closeInstance(org.store, instance, status, moment);
  runActions(org, definition, instance.recordId, actions, moment);
  if (!staysLocked) unlockRecord(org.store, instance.recordId);
  return result(running, status, []);
}

/** The field updates called `names`, all together, from what the record held before. */
function runActions(
  org: ApprovalOrg,
  definition: SObjectDefinition,
  recordId: string,
  names: readonly string[],
  moment: WriteMoment,
): void {
  const row = org.store.find(definition, recordId);
  if (row === null) return;
  const updates = names.flatMap((name) => definition.rules.fieldUpdates.find((each) => each.name === name) ?? []);
  writeFields(org.store, definition, recordId, updatedValues(org.store, definition, updates, asked(org, row, moment)), moment);
}

function result({ org, instance }: Running, instanceStatus: InstanceStatus, newWorkitemIds: readonly string[]): ApprovalOutcome {
  const actorIds = workitemsOf(org.store, instance.id).map(({ actorId }) => actorId);
  return { kind: 'done', result: { actorIds, entityId: instance.recordId, instanceId: instance.id, instanceStatus, newWorkitemIds } };
}

function asked({ store }: ApprovalOrg, row: StoredRow, { userId, nowMs }: WriteMoment): Evaluation {
  return { row, before: row, userId, nowMs, find: store.find };
}

function processOf(org: ApprovalOrg, definition: SObjectDefinition, definitionId: string): ApprovalProcess | null {
  return definition.rules.approvals.find(({ name }) => definitionIdOf(org, definition, name) === definitionId) ?? null;
}

function definitionIdOf({ store }: ApprovalOrg, definition: SObjectDefinition, name: string): string | null {
  const sql = 'SELECT "Id" FROM "ProcessDefinition" WHERE "TableEnumOrId" = ? AND "DeveloperName" = ?';
  return (store.select(sql, definition.name, name)[0]?.['Id'] as string | undefined) ?? null;
}

/** A formula of the process that cannot be evaluated stops the submission or the decision, not a save. */
function guarded(work: () => ApprovalOutcome): ApprovalOutcome {
  try {
    return work();
  } catch (error) {
    if (error instanceof FormulaFailure) return refused(processFormulaInvalid(error.message));
    throw error;
  }
}
