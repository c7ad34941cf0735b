import type { Approval } from './approval.ts';
import type { Asking } from './asking.ts';
import { limitedValue } from './candidate.ts';
import { markEndorsements } from './endorsement.ts';
import { openApproval } from './open-approval.ts';
import { isParallel, stepsOf, type PlannedStage, type PlannedStep } from './planned-stage.ts';
import { covers, reachesAsFar } from './rung.ts';
import type { ReviewStep } from './step.ts';

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
  const marked = markEndorsements(asking, stages);
  const planned = marked[stage];
  const isSameLength = stage === 0 || stage + 1 + rest.length === stages.length;
  const mayKeep = granted.length === 0 || !isMaterial;
  if (planned === undefined || !isSameLength || !mayKeep || !asksTheSame(asking, approval, planned))
    return { ...openApproval(asking, stages, lastNumber), acknowledgement: approval.acknowledgement };
  const [first, ...others] = approval.steps.map((step) => endorsingAs(asking, step, planned));
  return { ...approval, steps: [first as ReviewStep, ...others], rest: marked.slice(stage + 1) };
}

/** The open step, which decides now where it only endorsed before, or the other way round. */
function endorsingAs({ program }: Asking, step: ReviewStep, planned: PlannedStage): ReviewStep {
  const wanted = stepsOf(planned);
  const own = wanted.find(({ role }) => role === step.role) ?? wanted.find(({ role }) => covers(program, step.role, role));
  if (own?.endorses === step.planned.endorses) return step;
  const { endorses: _before, ...rest } = step.planned;
  return { ...step, planned: own?.endorses === undefined ? rest : { ...rest, endorses: own.endorses } };
}

/**
 * Whether the open steps, and the yeses of those that were open beside them, are what the stage asks, one for one: each put to whom it asks or to somebody above, who may
 * approve as much as it is about now.
 */
function asksTheSame(asking: Asking, { steps, needs, granted }: Approval, planned: PlannedStage): boolean {
  if (isParallel(planned) ? planned.needs !== needs : steps.length > 1) return false;
  const wanted: PlannedStep[] = [...stepsOf(planned)];
  const take = (isMet: (step: PlannedStep) => boolean): boolean => {
    const at = wanted.findIndex(isMet);
    if (at >= 0) wanted.splice(at, 1);
    return at >= 0;
  };
  const fits = (step: ReviewStep, each: PlannedStep): boolean =>
    covers(asking.program, step.role, each.role) && reachesValue(asking, step, each);
  // Roles that are asked by name first: what was put up takes the place of what is left.
  const putUp = steps.filter((step) => !take((each) => each.role === step.role && fits(step, each)));
  const earlier = needs === 'any' ? [] : granted.filter(({ role }) => !take((each) => each.role === role));
  if (!putUp.every((step) => take((each) => fits(step, each)))) return false;
  for (const { role } of earlier) take((each) => covers(asking.program, role, each.role));
  return wanted.length === 0;
}

/** The fallback, and nobody, are asked whatever the value. */
function reachesValue(
  { program, question }: Asking,
  { role, approver, onBehalfOf, isFallback }: ReviewStep,
  planned: PlannedStep,
): boolean {
  if (approver === null || isFallback) return true;
  return reachesAsFar(program, role, { alias: approver, onBehalfOf }, limitedValue(question, planned));
}
