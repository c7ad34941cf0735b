import type { Instant } from '../vocabulary.ts';
import { addBusinessTime, businessTimeBetween } from '../working-time.ts';
import type { Approval } from './approval.ts';
import { calendarOfPerson, type Asking } from './asking.ts';
import { rungOf } from './rung.ts';
import type { ReviewStep } from './step.ts';

/**
 * The questions that were open when a claim was returned at `since`, once the claim comes back at `asking.at`; null where the program's review starts anew.
 *
 * `runs_on`: the deadlines are where they were, even if they have passed. `pauses`: what was left of each is left again; for a deadline in business time that is office
 * time. The clock of the whole does the same, counted as it was declared. `lastNumber`: of the questions that were put about the subject so far.
 */
export function resumedApproval(asking: Asking, approval: Approval, since: Instant, lastNumber: number): Approval | null {
  const { reviewClock } = asking.program.returned;
  switch (reviewClock) {
    case 'restarts':
      return null;
    case 'runs_on':
      return putAgain(approval, approval.steps, lastNumber);
    case 'pauses': {
      const { whole } = approval;
      const pause = Date.parse(asking.at) - Date.parse(since);
      const paused = approval.steps.map((step) => pausedStep(asking, step, since));
      return {
        ...putAgain(approval, paused, lastNumber),
        whole: whole === null ? null : { ...whole, dueAt: new Date(Date.parse(whole.dueAt) + pause).toISOString() },
      };
    }
  }
}

/** The questions were closed when the claim was returned: they are put anew, each under a number of its own. */
function putAgain(approval: Approval, steps: readonly ReviewStep[], lastNumber: number): Approval {
  const [first, ...others] = steps.map((step, index) => ({ ...step, number: lastNumber + index + 1 }));
  return { ...approval, steps: [first as ReviewStep, ...others], lastNumber: lastNumber + steps.length };
}

function pausedStep(asking: Asking, step: ReviewStep, since: Instant): ReviewStep {
  const { program, at } = asking;
  const { unit } = step.planned.deadline ?? rungOf(program, step.role).deadline;
  const calendar = calendarOfPerson(asking, step.approver);
  const isOfficeTime = unit === 'business_days' || unit === 'business_hours';
  const moved = (due: Instant): Instant =>
    isOfficeTime
      ? addBusinessTime(at, businessTimeBetween(since, due, calendar), calendar)
      : new Date(Date.parse(due) + Date.parse(at) - Date.parse(since)).toISOString();
  return { ...step, dueAt: moved(step.dueAt), reminders: step.reminders.map(moved) };
}
