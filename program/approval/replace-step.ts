import { spentBy, withStep, type Approval } from './approval.ts';
import type { Asking } from './asking.ts';
import { isFree } from './candidate.ts';
import { nextAbsence } from './staff.ts';
import { openStep, type ReviewStep } from './step.ts';

/**
 * Looks at everybody who is asked again, since people come and go: whoever is away, gone, or has a stake by now is replaced at once, and so is nobody, or the fallback,
 * when somebody is free. The same approval where nothing changes.
 */
export function reconsider(asking: Asking, approval: Approval): Approval {
  return approval.steps.reduce((current, step) => {
    const { approver, isFallback, onBehalfOf } = step;
    const isInStake = onBehalfOf !== null && asking.staff.conflicted.has(onBehalfOf);
    if (approver === null || isFallback || isInStake || !isFree(asking, approver)) return replaceStep(asking, current, step);
    const gone = step.asked.filter((alias) => !isFree(asking, alias));
    if (gone.length > 0) return withStep(current, step.number, without(step, gone));
    const awayFrom = nextAbsence(asking.staff, approver, asking.question, asking.at);
    return awayFrom === step.awayFrom ? current : withStep(current, step.number, { ...step, awayFrom });
  }, approval);
}

/** Of those who are asked together, some are not there any more: the others stay asked. */
function without(step: ReviewStep, gone: readonly string[]): ReviewStep {
  const stays = (alias: string): boolean => !gone.includes(alias);
  return { ...step, asked: step.asked.filter(stays), mayDecide: step.mayDecide.filter(stays) };
}

/** Puts the step to somebody else, with the full time, or to nobody, which calls for attention; where that changes nothing, it stays as it is. */
export function replaceStep(asking: Asking, approval: Approval, step: ReviewStep): Approval {
  const others = approval.steps.flatMap(({ number, approver }) => (number === step.number ? [] : (approver ?? [])));
  const spent = new Set([...spentBy(approval), ...others]);
  const opened = openStep(asking, step.planned, { number: approval.lastNumber + 1, reason: 'replaced', spent });
  if (opened.approver !== step.approver) return withStep(approval, step.number, opened);
  return opened.awayFrom === step.awayFrom ? approval : withStep(approval, step.number, { ...step, awayFrom: opened.awayFrom });
}
