import { leadingStep, type Approval } from '../../program/approval/approval.ts';
import { bareStep } from '../../program/approval/planned-stage.ts';
import type { ReviewStep } from '../../program/approval/step.ts';

/** The open step of a registration, an extension or a case; null where nobody is asked. */
export function stepOf(subject: { readonly approval: Approval | null } | null | undefined): ReviewStep | null {
  return subject?.approval === null || subject?.approval === undefined ? null : leadingStep(subject.approval);
}

const AT = '2026-03-02T12:00:00.000Z';

/** A step as a test wants it; the rest is a partner manager who is asked. */
export function exampleStep(wishes: Partial<ReviewStep> = {}): ReviewStep {
  const role = wishes.role ?? 'partner_manager';
  const approver = wishes.approver === undefined ? 'manager' : wishes.approver;
  return {
    name: role,
    role,
    number: 1,
    reason: 'asked',
    approver,
    onBehalfOf: null,
    asked: approver === null ? [] : [approver],
    tried: [],
    mayDecide: ['manager', 'director', 'vp'],
    standIns: {},
    isFallback: false,
    openedAt: AT,
    dueAt: '2026-03-03T12:00:00.000Z',
    silence: 'escalate',
    reminders: [],
    remindedAt: null,
    awayFrom: null,
    planned: bareStep(role),
    ...wishes,
  };
}

/** A question in which these steps are open. */
export function exampleApproval(steps: readonly ReviewStep[] = [exampleStep()], wishes: Partial<Approval> = {}): Approval {
  const [first = exampleStep(), ...others] = steps;
  return {
    kind: 'registration',
    stage: 0,
    steps: [first, ...others],
    needs: 'all',
    granted: [],
    rest: [],
    openedAt: first.openedAt,
    whole: null,
    acknowledgement: null,
    lastNumber: steps.length,
    ...wishes,
  };
}
