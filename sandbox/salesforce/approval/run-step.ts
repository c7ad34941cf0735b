/** What happens at the steps of an approval: who is asked next, and how it ends. Source: Salesforce Help, "Approval Process: Order". */

import { holdsCustomPermission } from '../access/custom-permission.ts';
import type { Evaluation } from '../formula/expression.ts';
import { FormulaFailure } from '../formula/expression.ts';
import type { ApprovalProcess } from '../schema/approval-process.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { StoredRow } from '../store/record-store.ts';
import type { ApiError } from '../wire/api-error.ts';
import { processFormulaInvalid } from '../wire/rule-error.ts';
import type { WriteMoment } from '../write/field-history.ts';
import { writeFields } from '../write/system-update.ts';
import { updatedValues } from '../write/updated-value.ts';
import type { ApprovalOrg } from './approver.ts';
import { approversOf } from './approver.ts';
import { meets } from './criterion.ts';
import { addWorkitem, closeInstance, moveInstance, workitemsOf } from './process-instance.ts';
import type { Instance, InstanceStatus } from './process-instance.ts';
import { unlockRecord } from './record-lock.ts';

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

/** What a running approval is about. */
export interface Running {
  readonly org: ApprovalOrg;
  readonly definition: SObjectDefinition;
  readonly process: ApprovalProcess;
  readonly instance: Instance;
  readonly chosen: readonly string[];
  readonly moment: WriteMoment;
}

export function refused(error: ApiError): ApprovalOutcome {
  return { kind: 'refused', error };
}

/** Asks at the first step from `first` on that the record enters, or ends where there is none. */
export function askFrom(running: Running, first: number): ApprovalOutcome {
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

export function finish(running: Running, status: InstanceStatus, actions: readonly string[], staysLocked: boolean): ApprovalOutcome {
  const { org, definition, instance, moment } = running;
  closeInstance(org.store, instance, status, moment);
  runActions(org, definition, instance.recordId, actions, moment);
  if (!staysLocked) unlockRecord(org.store, instance.recordId);
  return result(running, status, []);
}

/** The field updates called `names`, all together, from what the record held before. */
export function runActions(
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

export function result({ org, instance }: Running, instanceStatus: InstanceStatus, newWorkitemIds: readonly string[]): ApprovalOutcome {
  const actorIds = workitemsOf(org.store, instance.id).map(({ actorId }) => actorId);
  return { kind: 'done', result: { actorIds, entityId: instance.recordId, instanceId: instance.id, instanceStatus, newWorkitemIds } };
}

export function asked({ store }: ApprovalOrg, row: StoredRow, { userId, nowMs }: WriteMoment): Evaluation {
  return { row, before: row, userId, nowMs, find: store.find, holds: (name) => holdsCustomPermission(store, userId, name) };
}

/** The row of the process; null where it is not deployed. */
export function definitionIdOf({ store }: ApprovalOrg, definition: SObjectDefinition, name: string): string | null {
  const sql = 'SELECT "Id" FROM "ProcessDefinition" WHERE "TableEnumOrId" = ? AND "DeveloperName" = ?';
  return (store.select(sql, definition.name, name)[0]?.['Id'] as string | undefined) ?? null;
}

/** A formula of the process that cannot be evaluated stops the submission or the decision, not a save. */
export function guarded(work: () => ApprovalOutcome): ApprovalOutcome {
  try {
    return work();
  } catch (error) {
    if (error instanceof FormulaFailure) return refused(processFormulaInvalid(error.message));
    throw error;
  }
}
