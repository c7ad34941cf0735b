import type { Preview } from '../dependencies.ts';
import type { PreviewAnswer } from '../schemas/registration.ts';
import { presentStep } from './registration.ts';

/** A claim that would wait for an earlier one is, for its partner, simply one that would be reviewed. */
export function presentPreview({ verdict, step, protection }: Preview, programVersion: string): PreviewAnswer {
  return {
    outcome: verdict.outcome === 'wait' ? 'review' : verdict.outcome,
    reasons: verdict.reasons.map(({ rule, message }) => ({ rule, message })),
    route: presentStep(step),
    protection: protection === null ? null : { ...protection, lines: [...protection.lines] },
    programVersion,
  };
}
