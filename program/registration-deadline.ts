import type { Approval } from './approval/approval.ts';
import { nextAnswerDue, nextDue } from './approval/next-due.ts';
import type { RegistrationState } from './registration-life.ts';
import type { Instant } from './vocabulary.ts';

/** The next instant at which the registration moves by itself, and why; null when it waits for others alone. */
export type Deadline = {
  readonly kind:
    | 'freeze_end'
    | 'question'
    | 'lapse'
    | 'reminder'
    | 'extension_over'
    | 'extension_question'
    | 'transfer_question'
    | 'close'
    | 'expiry'
    | 'late_extension_end'
    | 'appeal_end'
    | 'waitlist_end';
  readonly at: Instant;
};

/** A question of a case is timed by the case, not here. Of what is due at one instant, the end comes before the questions and these before the reminders. */
export function nextDeadline(state: RegistrationState): Deadline | null {
  return deadlineBy(state, (approval) => nextDue(approval).at);
}

/** What people wait for: as `nextDeadline`, but a reminder is none. */
export function nextMove(state: RegistrationState): Deadline | null {
  return deadlineBy({ ...state, reminders: [] }, nextAnswerDue);
}

function deadlineBy(state: RegistrationState, dueOf: (approval: Approval) => Instant): Deadline | null {
  const due = (approval: Approval | undefined | null): Instant | null =>
    approval === undefined || approval === null ? null : dueOf(approval);
  switch (state.status) {
    case 'submitted':
      return earliest([['freeze_end', state.frozenUntil]]);
    case 'in_review':
      return state.caseId !== null ? null : earliest([['question', due(state.approval)]]);
    case 'returned':
      return earliest([['lapse', state.returnedUntil]]);
    case 'approved':
      return earliest([
        ['close', state.closing?.at],
        ['expiry', endOf(state)],
        ['extension_over', state.extension?.until],
        ['extension_question', due(state.extension?.approval)],
        ['transfer_question', due(state.transfer?.approval)],
        ['reminder', state.reminders[0]],
      ]);
    case 'denied':
    case 'expired':
    case 'revoked':
      return earliest([
        ['appeal_end', state.appealUntil],
        ['waitlist_end', state.waitlistedUntil],
        ['late_extension_end', state.expired?.extensibleUntil],
        ['extension_over', state.extension?.until],
        ['extension_question', due(state.extension?.approval)],
      ]);
    case 'withdrawn':
    case 'lapsed':
    case 'won':
    case 'lost':
      return null;
  }
}

/** When the protection ends by time: not while an extension that suspends the end is open, nor once the opportunity is won or lost. */
export function endOf({ protection, extension, closing }: RegistrationState): Instant | null {
  return protection === null || extension?.suspendsExpiry === true || closing !== null ? null : protection.until;
}

function earliest(candidates: readonly (readonly [Deadline['kind'], Instant | null | undefined])[]): Deadline | null {
  let first: Deadline | null = null;
  for (const [kind, at] of candidates) {
    if (at !== null && at !== undefined && (first === null || Date.parse(at) < Date.parse(first.at))) first = { kind, at };
  }
  return first;
}

/** True when nothing can happen to the registration any more: its workflow completes. A waitlisted claim may still be promoted. */
export function isComplete(state: RegistrationState): boolean {
  switch (state.status) {
    case 'submitted':
    case 'in_review':
    case 'returned':
    case 'approved':
      return false;
    case 'denied':
    case 'expired':
    case 'revoked':
      return nextDeadline(state) === null;
    case 'withdrawn':
    case 'lapsed':
    case 'won':
    case 'lost':
      return true;
  }
}
