import type { Approval } from './approval.ts';
import type { Asking } from './asking.ts';
import { markEndorsements } from './endorsement.ts';
import { openApproval } from './open-approval.ts';
import { isParallel, stepsOf, type PlannedStage } from './planned-stage.ts';
import { covers } from './rung.ts';

/**
 * The approval of a claim that was judged again: whoever is asked the same as before keeps the question, with the deadline that was promised, and what was granted stays
 * granted, unless the claim is another one now (`isMaterial`): what was granted was granted to the claim as it was. Otherwise the first of `stages` is asked.
 */
export function continueApproval(
  asking: Asking,
  approval: Approval | null,
  stages: readonly [PlannedStage, ...PlannedStage[]],
  isMaterial: boolean,
  lastNumber: number,
): Approval {
  if (approval === null) return openApproval(asking, stages, lastNumber);
  const { stage, granted, rest } = approval;
  const planned = stages[stage];
  const isSameLength = stage === 0 || stage + 1 + rest.length === stages.length;
  const mayKeep = granted.length === 0 || !isMaterial;
  if (planned === undefined || !isSameLength || !mayKeep || !asksTheSame(asking, approval, planned))
    return openApproval(asking, stages, lastNumber);
  return { ...approval, rest: markEndorsements(asking, stages).slice(stage + 1) };
}

/** Whether each open step is put to whom the stage asks, or to somebody above. */
function asksTheSame({ program }: Asking, { steps, needs }: Approval, planned: PlannedStage): boolean {
  const wanted = stepsOf(planned);
  if (isParallel(planned) && (planned.needs !== needs || wanted.length < steps.length)) return false;
  if (!isParallel(planned) && steps.length > 1) return false;
  return steps.every(({ role }) => wanted.some((step) => covers(program, role, step.role)));
}
