import type { RegistrationState } from '../registration-life.ts';
import type { RegistrationStatus } from '../vocabulary.ts';
import { askedForExtension, askedOf } from './asked-role.ts';
import type { ClaimEvent } from './claim-event.ts';

/** What is known of a step beside the two states. */
export interface TransitionFacts {
  /** What is asked of the partner, where the claim was returned. */
  readonly wanted: readonly string[];
  /** True when the claim changed hands. */
  readonly isTransfer: boolean;
}

/** An event with whom it is for: the partner whose claim it is, or the one whose it was. */
export interface ToldEvent {
  readonly to: 'holder' | 'previous_holder';
  readonly event: ClaimEvent;
}

/**
 * What the partner learns of the step from `before` to `after`. Nothing where nothing changed for it: that somebody should look after a claim, who else waits for it, or that
 * the same people are asked on within the same time is not told.
 *
 * A claim is told as received when it leaves its first state, also into a freeze: once.
 */
export function eventsOfTransition(before: RegistrationState, after: RegistrationState, facts: TransitionFacts): readonly ToldEvent[] {
  const events: ClaimEvent[] = [];
  if (before.status === 'submitted' && before.frozenUntil === null) {
    events.push({ type: 'registration.received', frozenUntil: after.status === 'submitted' ? after.frozenUntil : null });
  }
  events.push(...(before.status === after.status ? whileIn(before, after) : onEntering(after.status, before, after, facts)));
  const told = events.map((event): ToldEvent => ({ to: 'holder', event }));
  if (!facts.isTransfer) return told;
  const protectedUntil = after.protection?.until ?? null;
  return [
    ...told,
    { to: 'previous_holder', event: { type: 'registration.transferred', direction: 'away', protectedUntil: null } },
    { to: 'holder', event: { type: 'registration.transferred', direction: 'to_you', protectedUntil } },
  ];
}

function onEntering(
  status: RegistrationStatus,
  before: RegistrationState,
  after: RegistrationState,
  facts: TransitionFacts,
): readonly ClaimEvent[] {
  const reasons = after.decision?.reasons ?? [];
  switch (status) {
    case 'submitted':
      return [];
    case 'in_review':
      return onReview(before, after);
    case 'returned':
      return [{ type: 'registration.returned', wanted: facts.wanted, until: after.returnedUntil }];
    case 'approved': {
      const protectedUntil = after.protection?.until ?? null;
      if (before.status === 'expired' && protectedUntil !== null) return [{ type: 'registration.extension_granted', protectedUntil }];
      return [{ type: 'registration.approved', lines: after.grantedLines, protectedUntil, reasons }];
    }
    case 'denied':
      return [{ type: 'registration.denied', reasons, waitlistedUntil: after.waitlistedUntil, appealUntil: after.appealUntil }];
    case 'expired': {
      const endedAt = after.expired?.protection.until ?? before.protection?.until;
      if (endedAt === undefined) return [];
      return [
        {
          type: 'registration.expired',
          endedAt,
          extensibleUntil: after.expired?.extensibleUntil ?? null,
          appealUntil: after.appealUntil,
        },
      ];
    }
    case 'revoked':
      return [{ type: 'registration.revoked', reasons, appealUntil: after.appealUntil }];
    case 'withdrawn':
    case 'lapsed':
    case 'won':
    case 'lost':
      return [{ type: `registration.${status}` }];
  }
}

/** An appeal and a promotion are told as such; who is asked after a promotion comes with the next verdict. */
function onReview(before: RegistrationState, after: RegistrationState): readonly ClaimEvent[] {
  const asked = askedOf(after);
  if (after.appeals > before.appeals) return [{ type: 'registration.appealed', asked }];
  if (before.status === 'denied') return [{ type: 'registration.promoted' }];
  // What comes back from its partner is judged at once; until then there is nothing to tell but what the partner did itself.
  return before.status === 'returned' && asked === null ? [] : [{ type: 'registration.in_review', asked }];
}

function whileIn(before: RegistrationState, after: RegistrationState): readonly ClaimEvent[] {
  return [...whileInReview(before, after), ...onExtension(before, after), ...onReminder(before, after)];
}

function whileInReview(before: RegistrationState, after: RegistrationState): readonly ClaimEvent[] {
  if (after.status !== 'in_review') return [];
  const asked = askedOf(after);
  const was = askedOf(before);
  const isNews =
    asked === null
      ? before.waitingFor.length === 0 && after.waitingFor.length > 0
      : was === null || was.role !== asked.role || was.dueAt !== asked.dueAt;
  return isNews ? [{ type: 'registration.in_review', asked }] : [];
}

function onExtension(before: RegistrationState, after: RegistrationState): readonly ClaimEvent[] {
  const protectedUntil = after.protection?.until ?? null;
  if (after.extensionsUsed > before.extensionsUsed && protectedUntil !== null) {
    return [{ type: 'registration.extension_granted', protectedUntil }];
  }
  if (before.extension === null && after.extension !== null) {
    return [{ type: 'registration.extension_requested', wouldEndAt: after.extension.until, asked: askedForExtension(after) }];
  }
  if (before.extension !== null && after.extension === null) return [{ type: 'registration.extension_denied', protectedUntil }];
  return [];
}

/** Reminders are taken off as they fall due; with another end they are other ones. */
function onReminder(before: RegistrationState, after: RegistrationState): readonly ClaimEvent[] {
  const until = after.protection?.until;
  if (after.status !== 'approved' || until === undefined || before.protection?.until !== until) return [];
  const isDue = after.reminders.length < before.reminders.length && after.closing === null;
  return isDue ? [{ type: 'registration.protection_ending', protectedUntil: until }] : [];
}
