import type { Instant } from '../vocabulary.ts';
import type { Approval } from './approval.ts';
import type { ReviewStep } from './step.ts';

/** What an approval waits for by itself, and when. `step` is the step it is about; null for clocks of the whole. */
export interface Due {
  readonly kind: 'whole' | 'silence' | 'absence' | 'acknowledgement' | 'reminder';
  readonly at: Instant;
  readonly step: ReviewStep | null;
}

/** The next instant at which the approval moves by itself. Of what is due at one instant the end of all of it comes first, reminders last. */
export function nextDue(approval: Approval): Due {
  const { whole, steps, acknowledgement } = approval;
  const dues: readonly Due[] = [
    ...(whole === null ? [] : [{ kind: 'whole' as const, at: whole.dueAt, step: null }]),
    ...steps.map((step) => ({ kind: 'silence' as const, at: step.dueAt, step })),
    ...steps.flatMap((step) => (step.awayFrom === null ? [] : [{ kind: 'absence' as const, at: step.awayFrom, step }])),
    ...(acknowledgement === null || acknowledgement.at !== null || acknowledgement.isMissed
      ? []
      : [{ kind: 'acknowledgement' as const, at: acknowledgement.dueAt, step: null }]),
    ...steps.flatMap((step) => step.reminders.slice(0, 1).map((at) => ({ kind: 'reminder' as const, at, step }))),
  ];
  return dues.reduce((first, due) => (Date.parse(due.at) < Date.parse(first.at) ? due : first));
}

/** What people wait for: as `nextDue`, but neither reminders nor absences are waited for by anybody. */
export function nextAnswerDue(approval: Approval): Instant {
  const { whole, steps } = approval;
  const ends = [...steps.map(({ dueAt }) => dueAt), ...(whole === null ? [] : [whole.dueAt])];
  return ends.reduce((first, end) => (Date.parse(end) < Date.parse(first) ? end : first));
}
