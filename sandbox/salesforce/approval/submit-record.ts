/** Submits records for approval. Source: REST API Developer Guide, "Process Approvals". */

import { objectOfId } from '../schema/catalogue.ts';
import type { ApprovalProcess } from '../schema/approval-process.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { StoredRow } from '../store/record-store.ts';
import { CROSS_REFERENCE_INVALID, RECORD_DELETED } from '../wire/api-error.ts';
import { ALREADY_IN_PROCESS, NO_APPLICABLE_PROCESS } from '../wire/rule-error.ts';
import type { WriteMoment } from '../write/field-history.ts';
import type { ApprovalOrg } from './approver.ts';
import { meets } from './criterion.ts';
import { openInstance, pendingInstance, recordStep } from './process-instance.ts';
import { lockRecord } from './record-lock.ts';
import { asked, askFrom, definitionIdOf, guarded, refused, runActions } from './run-step.ts';
import type { ApprovalOutcome } from './run-step.ts';

export interface Submission {
  readonly recordId: string;
  readonly submitterId: string;
  readonly comments: string | null;
  readonly chosen: readonly string[];
  /** Name or id of the one process that is to be tried; null for the first that fits. */
  readonly process: string | null;
  readonly skipsCriteria: boolean;
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
