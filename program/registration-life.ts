import type { SettledConflict } from './claim.ts';
import { refuse, type Refusal } from './failures.ts';
import type { ReviewStep } from './review-step.ts';
import type { Reason } from './verdict.ts';
import type { Decision, Instant, RegistrationStatus } from './vocabulary.ts';

/** A protection's window, half-open: at `until` it has ended. */
export interface ProtectionWindow {
  readonly from: Instant;
  readonly until: Instant;
}

export interface RecordedDecision {
  readonly outcome: 'approve' | 'deny';
  /** `program` where no person decided. */
  readonly by: string;
  readonly at: Instant;
  readonly reasons: readonly Reason[];
}

/**
 * Where one claim stands in its life: everything that decides which command is possible and which deadline comes next.
 *
 * `step` is the open question to a person, of this claim or of its case (`caseId`). `waitingFor` names earlier claims that are decided first.
 * Deadlines are absolute and were computed when they were promised.
 */
export interface RegistrationState {
  readonly status: RegistrationStatus;
  readonly step: ReviewStep | null;
  readonly caseId: string | null;
  readonly waitingFor: readonly string[];
  readonly returnedUntil: Instant | null;
  readonly protection: ProtectionWindow | null;
  readonly extensionsUsed: number;
  readonly decision: RecordedDecision | null;
  readonly appealUntil: Instant | null;
  readonly appealed: boolean;
  /** How long a denied claim moves up when the winner's protection ends; null when it is not on the waitlist. */
  readonly waitlistedUntil: Instant | null;
  /** The claims whose protection stood in the way of a waitlisted one. */
  readonly waitlistedBehind: readonly string[];
  /** Conflicts that people settled in this claim's favour. */
  readonly settled: readonly SettledConflict[];
  readonly needsAttention: boolean;
}

export const SUBMITTED: RegistrationState = {
  status: 'submitted',
  step: null,
  caseId: null,
  waitingFor: [],
  returnedUntil: null,
  protection: null,
  extensionsUsed: 0,
  decision: null,
  appealUntil: null,
  appealed: false,
  waitlistedUntil: null,
  waitlistedBehind: [],
  settled: [],
  needsAttention: false,
};

/** What somebody wants done with a registration. Comments, reasons and amended values are stored beside the command and never travel in it. */
export type RegistrationCommand =
  | { readonly kind: 'decide'; readonly decision: Decision; readonly actor: string }
  | { readonly kind: 'amend'; readonly actor: string }
  | { readonly kind: 'withdraw'; readonly actor: string }
  | { readonly kind: 'extend'; readonly days: number; readonly actor: string }
  | { readonly kind: 'appeal'; readonly actor: string }
  | { readonly kind: 'close'; readonly outcome: 'won' | 'lost'; readonly actor: string };

const UNDECIDED: ReadonlySet<RegistrationStatus> = new Set(['submitted', 'in_review', 'returned']);

/** True while nobody, neither the program nor a person, has said yes or no. */
export function isUndecided(status: RegistrationStatus): boolean {
  return UNDECIDED.has(status);
}

/**
 * Whether `command` is possible in `state` at `now`: null when it is, otherwise the refusal to answer with.
 *
 * It is asked twice: by the workflow before a command enters its history, and by the transaction that carries it out.
 * Who may decide was fixed when the step opened (`ReviewStep.mayDecide`).
 */
export function refusalOf(state: RegistrationState, command: RegistrationCommand, now: Instant): Refusal | null {
  switch (command.kind) {
    case 'decide':
      return refusalOfDecision(state, command.decision, command.actor);
    case 'amend':
      if (isUndecided(state.status) || state.status === 'approved') return null;
      return notNow(state, 'amended', 'only submitted, in_review, returned and approved registrations can be');
    case 'withdraw':
      if (isUndecided(state.status) || state.status === 'approved') return null;
      return notNow(state, 'withdrawn', 'only submitted, in_review, returned and approved registrations can be');
    case 'extend':
      if (state.status !== 'approved' || state.protection === null)
        return notNow(state, 'extended', 'only an approved registration has a protection');
      if (now >= state.protection.until) {
        return refuse(
          'EXTENSION_NOT_ALLOWED',
          `The protection ended at ${state.protection.until}; an extension has to be asked for before the end.`,
        );
      }
      return null;
    case 'appeal':
      return refusalOfAppeal(state, now);
    case 'close':
      return state.status === 'approved' ? null : notNow(state, `marked as ${command.outcome}`, 'only an approved registration can be');
  }
}

function refusalOfDecision(state: RegistrationState, decision: Decision, actor: string): Refusal | null {
  if (state.status !== 'in_review') {
    return refuse('STATE_DOES_NOT_ALLOW', `The registration is ${state.status}; a decision is possible only while it is in_review.`);
  }
  if (state.step === null) {
    return refuse(
      'STATE_DOES_NOT_ALLOW',
      'The registration waits until an earlier claim on the same customer is decided; nobody can decide it before.',
    );
  }
  if (!state.step.mayDecide.includes(actor)) {
    const who = state.step.mayDecide.join(', ');
    return refuse(
      'ACTOR_MAY_NOT_DECIDE',
      `${actor} may not ${decision} this registration; the step ${state.step.name} is decided by: ${who}.`,
    );
  }
  return null;
}

function refusalOfAppeal(state: RegistrationState, now: Instant): Refusal | null {
  if (state.status !== 'denied' && state.status !== 'expired')
    return notNow(state, 'appealed', 'only a denied or an expired registration can be');
  if (state.appealed) return refuse('APPEAL_NOT_ALLOWED', 'The registration was appealed before; there is one appeal.');
  if (state.appealUntil === null || now >= state.appealUntil) {
    return refuse('APPEAL_NOT_ALLOWED', `The time for an appeal ended${state.appealUntil === null ? '' : ` at ${state.appealUntil}`}.`);
  }
  return null;
}

function notNow(state: RegistrationState, wanted: string, possible: string): Refusal {
  return refuse('STATE_DOES_NOT_ALLOW', `The registration is ${state.status} and cannot be ${wanted}; ${possible}.`);
}

/** The next instant at which the registration moves by itself, and why; null when it waits for others alone. */
export type Deadline = { readonly kind: 'silence' | 'lapse' | 'expiry' | 'appeal_end' | 'waitlist_end'; readonly at: Instant };

/** A step of a case is timed by the case, not here. */
export function nextDeadline(state: RegistrationState): Deadline | null {
  switch (state.status) {
    case 'submitted':
      return null;
    case 'in_review':
      return state.step === null || state.caseId !== null ? null : { kind: 'silence', at: state.step.dueAt };
    case 'returned':
      return state.returnedUntil === null ? null : { kind: 'lapse', at: state.returnedUntil };
    case 'approved':
      return state.protection === null ? null : { kind: 'expiry', at: state.protection.until };
    case 'denied':
    case 'expired':
      return earlier(
        state.appealUntil === null ? null : { kind: 'appeal_end', at: state.appealUntil },
        state.waitlistedUntil === null ? null : { kind: 'waitlist_end', at: state.waitlistedUntil },
      );
    case 'withdrawn':
    case 'lapsed':
    case 'won':
    case 'lost':
    case 'revoked':
      return null;
  }
}

function earlier(one: Deadline | null, other: Deadline | null): Deadline | null {
  if (one === null || other === null) return one ?? other;
  return one.at <= other.at ? one : other;
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
      return state.waitlistedUntil === null && state.appealUntil === null;
    case 'withdrawn':
    case 'lapsed':
    case 'won':
    case 'lost':
    case 'revoked':
      return true;
  }
}
