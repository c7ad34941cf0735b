import type { Approval } from '../../program/approval/approval.ts';
import { stepsOf } from '../../program/approval/planned-stage.ts';
import type { ApprovalPreview } from '../../program/approval/preview-approval.ts';
import type { ApprovalAnswer, ApprovalPreviewAnswer } from '../schemas/approval.ts';

export function presentApproval({ kind, needs, steps, granted, rest, whole, acknowledgement }: Approval): ApprovalAnswer {
  return {
    kind,
    needs,
    steps: steps.map(({ number, name, approver, onBehalfOf, asked, mayDecide, reason, openedAt, dueAt, silence }) => ({
      number,
      step: name,
      approver,
      onBehalfOf,
      asked: [...asked],
      mayDecide: [...mayDecide],
      reason,
      openedAt,
      dueAt,
      silence,
    })),
    granted: granted.map(({ role, by, onBehalfOf }) => ({ role, by, onBehalfOf })),
    next: rest.map((stage) => stepsOf(stage).map(({ role }) => role)),
    decideBy: whole?.dueAt ?? null,
    acknowledgement,
  };
}

export function presentApprovalPreview({ stages, acknowledgeBy, decideBy }: ApprovalPreview): ApprovalPreviewAnswer {
  return {
    stages: stages.map(({ needs, steps }) => ({
      needs,
      steps: steps.map(({ name, approver, onBehalfOf, asked, dueAt }) => ({ step: name, approver, onBehalfOf, asked: [...asked], dueAt })),
    })),
    acknowledgeBy,
    decideBy,
  };
}
