import type { Program } from './definition/program.ts';
import type { ReviewStep } from './review-step.ts';
import type { Instant } from './vocabulary.ts';
import { addBusinessTime, businessTimeBetween, type WorkingCalendar } from './working-time.ts';

/**
 * The step that was open when a claim was returned, once the claim comes back at `at`; null where the program's review starts anew.
 *
 * `runs_on`: its deadline is where it was, even if it has passed. `pauses`: what was left of it is left again; for a deadline in business time that is office time.
 */
export function resumedStep(
  program: Program,
  { step, at: since }: { readonly step: ReviewStep; readonly at: Instant },
  at: Instant,
  calendar: WorkingCalendar,
): ReviewStep | null {
  switch (program.returned.reviewClock) {
    case 'restarts':
      return null;
    case 'runs_on':
      return step;
    case 'pauses': {
      const rung = program.governance.ladder.find(({ role }) => role === step.role);
      const { unit } = step.deadline ?? rung?.deadline ?? { unit: 'days' };
      if (unit !== 'business_days' && unit !== 'business_hours') {
        return { ...step, dueAt: new Date(Date.parse(step.dueAt) + Date.parse(at) - Date.parse(since)).toISOString() };
      }
      return { ...step, dueAt: addBusinessTime(at, businessTimeBetween(since, step.dueAt, calendar), calendar) };
    }
  }
}
