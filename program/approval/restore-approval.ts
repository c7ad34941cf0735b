import type { SilenceAnswer } from '../definition/governance.ts';
import type { Duration } from '../duration.ts';
import type { Instant } from '../vocabulary.ts';
import type { Approval, Grant } from './approval.ts';
import { bareStep, type PlannedStage } from './planned-stage.ts';
import type { QuestionKind } from './question.ts';
import type { ReviewStep } from './step.ts';

/** A question as it was stored before approvals had stages: one step, and the roles that follow it. */
export interface EarlierStep {
  readonly name: string;
  readonly role: string;
  readonly approver: string | null;
  readonly mayDecide: readonly string[];
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly silence: SilenceAnswer;
  readonly deadline?: Duration;
}

export interface EarlierChain {
  readonly granted: readonly { readonly role: string; readonly by: string }[];
  readonly rest: readonly PlannedStage[];
}

/** The same question in the form of this release. It has no reminders and no clocks beside its deadline, as it was promised. */
export function restoreApproval(kind: QuestionKind, step: EarlierStep, { granted, rest }: EarlierChain): Approval {
  return {
    kind,
    stage: granted.length,
    steps: [restoreStep(step, granted.length + 1)],
    needs: 'all',
    granted: granted.map((grant): Grant => ({ ...grant, onBehalfOf: null })),
    rest,
    openedAt: step.openedAt,
    whole: null,
    acknowledgement: null,
    lastNumber: granted.length + 1,
  };
}

function restoreStep({ deadline, ...step }: EarlierStep, number: number): ReviewStep {
  return {
    ...step,
    number,
    reason: 'asked',
    onBehalfOf: null,
    asked: step.approver === null ? [] : [step.approver],
    tried: [],
    standIns: {},
    isFallback: false,
    reminders: [],
    remindedAt: null,
    awayFrom: null,
    planned: { ...bareStep(step.role), deadline: deadline ?? null, silence: step.silence },
  };
}
