import { refuse, type Refusal } from '../failures.ts';
import type { Approval } from './approval.ts';
import type { Asking } from './asking.ts';
import { reachesAsFar } from './rung.ts';
import type { ReviewStep } from './step.ts';

/**
 * Whether the yes that would decide is one that `by` may say: held against the value as it is now, which may have grown since the question was put. An earlier yes, or one
 * of several that is an endorsement, commits nobody to the value; neither is the program's fallback held to one. Null where nothing speaks against it.
 */
export function refusalOfLimit(
  { program, question }: Asking,
  { steps, needs, rest }: Approval,
  step: ReviewStep,
  by: string,
): Refusal | null {
  const isLast = rest.length === 0 && (needs === 'any' || steps.length === 1);
  const isHeld = isLast && !step.isFallback && step.planned.endorses !== true;
  if (!isHeld || reachesAsFar(program, step.role, { alias: by, onBehalfOf: step.standIns[by] ?? null }, question.value)) return null;
  const value = question.value === null ? '' : `${question.value.currency} ${question.value.amount} is `;
  return refuse(
    'ACTOR_MAY_NOT_DECIDE',
    `${value}beyond what ${by} may approve; somebody above may, and whoever is above can put it to another person.`,
  );
}
