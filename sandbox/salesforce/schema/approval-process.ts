/** Approval processes as metadata has them. Source: Metadata API Developer Guide, "ApprovalProcess". */

import { z } from 'zod';
import type { Component } from '../metadata/component.ts';
import { listOf } from '../screen/element-list.ts';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const criteria = z.object({
  formula: z.string().optional(),
  criteriaItems: listOf(z.object({ field: z.string(), operation: z.string(), value: z.string().optional() })),
  booleanFilter: z.string().optional(),
});
const actions = z.object({ action: listOf(z.object({ name: z.string(), type: z.string() })) });
const approver = z.object({
  name: z.string().optional(),
  type: z.enum(['adhoc', 'user', 'userHierarchyField', 'relatedUserField', 'queue']),
});

export const approvalProcessFile = z.object({
  active: flag,
  allowRecall: flag.optional(),
  allowedSubmitters: listOf(z.object({ submitter: z.string().optional(), type: z.string() })),
  approvalStep: listOf(
    z.object({
      name: z.string(),
      label: z.string(),
      assignedApprover: z.object({
        approver: listOf(approver),
        whenMultipleApprovers: z.enum(['FirstResponse', 'Unanimous']).optional(),
      }),
      entryCriteria: criteria.optional(),
      ifCriteriaNotMet: z.enum(['ApproveRecord', 'RejectRecord', 'GotoNextStep']).optional(),
      rejectBehavior: z.object({ type: z.enum(['RejectRequest', 'BackToPrevious']) }).optional(),
      approvalActions: actions.optional(),
      rejectionActions: actions.optional(),
    }),
  ),
  description: z.string().optional(),
  entryCriteria: criteria.optional(),
  finalApprovalActions: actions.optional(),
  finalApprovalRecordLock: flag.optional(),
  finalRejectionActions: actions.optional(),
  finalRejectionRecordLock: flag.optional(),
  initialSubmissionActions: actions.optional(),
  label: z.string(),
  nextAutomatedApprover: z.object({ useApproverFieldOfRecordOwner: flag.optional(), userHierarchyField: z.string() }).optional(),
  recallActions: actions.optional(),
  recordEditability: z.enum(['AdminOnly', 'AdminOrCurrentApprover']),
});

/** When records enter: a formula, or items that all have to hold. */
export type Criteria = z.infer<typeof criteria>;
export type Approver = z.infer<typeof approver>;

export interface ApprovalStep {
  readonly name: string;
  readonly label: string;
  readonly approvers: readonly Approver[];
  readonly isUnanimous: boolean;
  readonly criteria: Criteria | null;
  readonly otherwise: 'ApproveRecord' | 'RejectRecord' | 'GotoNextStep';
  readonly goesBack: boolean;
  /** Names of field updates. */
  readonly approvalActions: readonly string[];
  readonly rejectionActions: readonly string[];
}

export interface ApprovalProcess {
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  readonly isActive: boolean;
  readonly allowsRecall: boolean;
  readonly submitters: readonly { readonly type: string; readonly submitter?: string | undefined }[];
  readonly criteria: Criteria | null;
  readonly steps: readonly ApprovalStep[];
  readonly editability: 'AdminOnly' | 'AdminOrCurrentApprover';
  /** The field of the user that names the automatic approver, and whose it is. */
  readonly hierarchy: { readonly field: string; readonly isOfOwner: boolean };
  /** Names of field updates, by what has happened. */
  readonly actions: Readonly<Record<'submitted' | 'approved' | 'rejected' | 'recalled', readonly string[]>>;
  readonly staysLocked: Readonly<Record<'approved' | 'rejected', boolean>>;
}

/** The process in `component`; null for what no deployment would take. */
export function approvalProcessOf(component: Component): ApprovalProcess | null {
  const { data: file } = approvalProcessFile.safeParse(component.content);
  if (file === undefined) return null;
  return {
    name: component.fullName.split('.', 2)[1] ?? component.fullName,
    label: file.label,
    description: file.description ?? null,
    isActive: file.active,
    allowsRecall: file.allowRecall === true,
    submitters: file.allowedSubmitters,
    criteria: file.entryCriteria ?? null,
    steps: file.approvalStep.map((step) => ({
      name: step.name,
      label: step.label,
      approvers: step.assignedApprover.approver,
      isUnanimous: step.assignedApprover.whenMultipleApprovers === 'Unanimous',
      criteria: step.entryCriteria ?? null,
      otherwise: step.ifCriteriaNotMet ?? 'GotoNextStep',
      goesBack: step.rejectBehavior?.type === 'BackToPrevious',
      approvalActions: fieldUpdatesIn(step.approvalActions),
      rejectionActions: fieldUpdatesIn(step.rejectionActions),
    })),
    editability: file.recordEditability,
    hierarchy: {
      field: file.nextAutomatedApprover?.userHierarchyField ?? 'Manager',
      isOfOwner: file.nextAutomatedApprover?.useApproverFieldOfRecordOwner === true,
    },
    actions: {
      submitted: fieldUpdatesIn(file.initialSubmissionActions),
      approved: fieldUpdatesIn(file.finalApprovalActions),
      rejected: fieldUpdatesIn(file.finalRejectionActions),
      recalled: fieldUpdatesIn(file.recallActions),
    },
    staysLocked: { approved: file.finalApprovalRecordLock === true, rejected: file.finalRejectionRecordLock === true },
  };
}

/** Alerts, tasks and outbound messages leave nothing on the record. */
function fieldUpdatesIn(list: z.infer<typeof actions> | undefined): readonly string[] {
  return (list?.action ?? []).filter(({ type }) => type === 'FieldUpdate').map(({ name }) => name);
}
