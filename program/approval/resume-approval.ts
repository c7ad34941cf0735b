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
 * time. The clock of the whole does the same, counted as it was declared.
 */
export function resumedApproval(asking: Asking, approval: Approval, since: Instant): Approval | null {
  const { reviewClock } = asking.program.returned;
  switch (reviewClock) {
    case 'restarts':
      return null;
    case 'runs_on':
      return approval;
    case 'pauses': {
      const [first, ...others] = approval.steps.map((step) => pausedStep(asking, step, since));
      const { whole } = approval;
      const pause = Date.parse(asking.at) - Date.parse(since);
      return {
        ...approval,
        steps: [first as ReviewStep, ...others],
        whole: whole === null ? null : { ...whole, dueAt: new Date(Date.parse(whole.dueAt) + pause).toISOString() },
      };
    }
  }
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
