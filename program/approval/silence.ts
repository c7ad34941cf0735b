import { spentBy, withStep, type Approval } from './approval.ts';
import type { Asking } from './asking.ts';
import { candidatesFor } from './candidate.ts';
import { putUpTo } from './planned-stage.ts';
import { rungOf } from './rung.ts';
import { describeStep, openStep, type ReviewStep } from './step.ts';

/** `moved`: it was put to others, or to the same people again. `deemed`: silence is an answer to `step`; before a yes the caller asks the rules again. */
export type Silence =
  | { readonly kind: 'moved'; readonly approval: Approval }
  | { readonly kind: 'deemed'; readonly decision: 'approve' | 'deny'; readonly step: ReviewStep };

/** What follows when `step` passed its deadline unanswered: an answer, or somebody else who is asked. */
export function passSilence(asking: Asking, approval: Approval, step: ReviewStep): Silence {
  switch (step.silence) {
    case 'approve':
    case 'deny':
      return { kind: 'deemed', decision: step.silence, step };
    case 'escalate':
    case 'reassign':
    case 'keep_asking':
      return { kind: 'moved', approval: askOn(asking, approval, step) };
  }
}

/**
 * Puts a step on: to another member of the role where the program says so, and then to the next role up; to the next role; or, where nobody of these is free, to the same
 * people again, with a new deadline. The step keeps the time at which it was opened then. A step that silence would have answered goes to the next role up.
 */
export function askOn(asking: Asking, approval: Approval, step: ReviewStep): Approval {
  return withStep(approval, step.number, stepOn(asking, approval, step));
}

function stepOn(asking: Asking, approval: Approval, step: ReviewStep): ReviewStep {
  const number = approval.lastNumber + 1;
  const spent = new Set([...spentBy(approval), ...besides(approval, step), ...asking.question.decidedBefore]);
  const wasDeemed = step.silence === 'approve' || step.silence === 'deny';
  if (step.silence === 'reassign' && !step.isFallback) {
    const next = memberAfter(asking, step, spent);
    if (next !== null) return next(number);
  }
  const { above } = rungOf(asking.program, step.role);
  if (step.silence !== 'keep_asking' && above !== null && !step.isFallback) {
    const escalated = openStep(asking, putUpTo(above, step.planned), { number, reason: wasDeemed ? 'not_deemed' : 'escalated', spent });
    if (escalated.approver !== null && !escalated.isFallback) return escalated;
  }
  const again = openStep(asking, step.planned, { number, reason: wasDeemed ? 'not_deemed' : 'asked_again', spent });
  return { ...again, silence: again.role === step.role ? step.silence : again.silence, openedAt: step.openedAt };
}

/** Who is asked at the same time about the other steps. */
function besides({ steps }: Approval, step: ReviewStep): readonly string[] {
  return steps.flatMap(({ number, approver }) => (number === step.number ? [] : (approver ?? [])));
}

/** The role's next member who was not asked in this round; null when all were, so that a question goes round once and then up. */
function memberAfter(asking: Asking, step: ReviewStep, spent: ReadonlySet<string>): ((number: number) => ReviewStep) | null {
  const tried = [...step.tried, ...step.asked];
  const candidates = candidatesFor(asking, step.role, step.planned).filter(({ alias }) => !tried.includes(alias) && !spent.has(alias));
  const [next] = candidates;
  if (next === undefined) return null;
  return (number) => ({
    ...describeStep(asking, step.role, step.planned, { number, reason: 'passed_on' }, next, candidates, spent),
    tried,
  });
}
