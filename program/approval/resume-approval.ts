import type { Instant } from '../vocabulary.ts';
import type { DurationUnit } from '../duration.ts';
import { addBusinessTime, businessTimeBetween, type WorkingCalendar } from '../working-time.ts';
import type { Approval } from './approval.ts';
import { calendarOfPerson, calendarOfQuestion, type Asking } from './asking.ts';
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
      return putAgain(
        approval,
        approval.steps.map((step) => unanswerable(step, asking.at)),
        lastNumber,
      );
    case 'pauses': {
      const { whole } = approval;
      const paused = approval.steps.map((step) => pausedStep(asking, step, since));
      return {
        ...putAgain(approval, paused, lastNumber),
        whole: whole === null ? null : { ...whole, dueAt: pausedWhole(asking, whole.dueAt, since) },
      };
    }
  }
}

/** The questions were closed when the claim was returned: they are put anew, each under a number of its own. */
function putAgain(approval: Approval, steps: readonly ReviewStep[], lastNumber: number): Approval {
  const [first, ...others] = steps.map((step, index) => ({ ...step, number: lastNumber + index + 1 }));
  return { ...approval, steps: [first as ReviewStep, ...others], lastNumber: lastNumber + steps.length };
}

/** Nobody could answer while the claim was with its partner: silence about that time is no yes. */
function unanswerable(step: ReviewStep, at: Instant): ReviewStep {
  const isOver = Date.parse(step.dueAt) <= Date.parse(at);
  return isOver && step.silence === 'approve' ? { ...step, silence: 'escalate' } : step;
}

function pausedStep(asking: Asking, step: ReviewStep, since: Instant): ReviewStep {
  const { unit } = step.planned.deadline ?? rungOf(asking.program, step.role).deadline;
  const calendar = calendarOfPerson(asking, step.approver);
  const moved = (due: Instant): Instant => pausedFor(asking.at, due, since, unit, calendar);
  return { ...step, dueAt: moved(step.dueAt), reminders: step.reminders.map(moved) };
}

function pausedWhole(asking: Asking, due: Instant, since: Instant): Instant {
  const unit = asking.program.clocks.whole?.within.unit ?? 'days';
  return pausedFor(asking.at, due, since, unit, calendarOfQuestion(asking));
}

/** What was left at `since` is left again at `at`: office time of a deadline in business time, otherwise time by the clock. */
function pausedFor(at: Instant, due: Instant, since: Instant, unit: DurationUnit, calendar: WorkingCalendar): Instant {
  const isOfficeTime = unit === 'business_days' || unit === 'business_hours';
  return isOfficeTime
    ? addBusinessTime(at, businessTimeBetween(since, due, calendar), calendar)
    : new Date(Date.parse(due) + Date.parse(at) - Date.parse(since)).toISOString();
}
