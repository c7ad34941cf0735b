import { defineSearchAttributeKey, WorkflowIdConflictPolicy, type SearchAttributePair } from '@temporalio/common';
import {
  caseWorkflowId,
  registrationWorkflowId,
  TASK_QUEUE,
  type CaseWorkflowInput,
  type RegistrationWorkflowInput,
} from '../program/messages.ts';

/** How a workflow is started by whoever needs it first; one that runs is used. What operators search it by from its start is told here, the rest by itself. */
export interface WorkflowStart {
  readonly workflowType: 'registration' | 'conflictCase';
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly args: [RegistrationWorkflowInput] | [CaseWorkflowInput];
  readonly workflowIdConflictPolicy: WorkflowIdConflictPolicy;
  readonly staticSummary: string;
  readonly typedSearchAttributes: SearchAttributePair[];
}

const partnerIdKey = defineSearchAttributeKey('PartnerId', 'KEYWORD');

/** `partnerId` null: the registration is not known (any more); the workflow will say so. */
export function registrationStart(registrationId: string, partnerId: string | null): WorkflowStart {
  return {
    workflowType: 'registration',
    workflowId: registrationWorkflowId(registrationId),
    taskQueue: TASK_QUEUE,
    args: [{ registrationId }],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    staticSummary: `Deal registration ${registrationId}`,
    typedSearchAttributes: partnerId === null ? [] : [{ key: partnerIdKey, value: partnerId }],
  };
}

export function caseStart(caseId: string): WorkflowStart {
  return {
    workflowType: 'conflictCase',
    workflowId: caseWorkflowId(caseId),
    taskQueue: TASK_QUEUE,
    args: [{ caseId }],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    staticSummary: `Channel conflict ${caseId}`,
    typedSearchAttributes: [],
  };
}
