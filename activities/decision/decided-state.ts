import type { PartnerSnapshot } from '../../program/claim.ts';
import type { Program } from '../../program/definition/program.ts';
import { addDuration } from '../../program/duration.ts';
import { protectionWindow, windowLength } from '../../program/protection.ts';
import { closed, type RegistrationState } from '../../program/registration-life.ts';
import { remindersOf } from '../../program/reminder.ts';
import type { Reason } from '../../program/verdict.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { WorkingCalendar } from '../../program/working-time.ts';
import type { Transaction } from '../../store/database.ts';
import { grantProtection } from '../../store/protection.ts';
import type { Registration } from '../../store/registration.ts';

/** An approval as it is about to be carried out. `lines`: what is granted. `by`: a person, or `program`. */
export interface Approval {
  readonly partner: PartnerSnapshot;
  readonly lines: readonly string[];
  readonly reasons: readonly Reason[];
  readonly at: Instant;
  readonly by: string;
  /** In whose place the person answered, where that was not the own. */
  readonly onBehalfOf?: string;
  /** People let the claim in beside whoever holds a line; it is protected on the lines that are free. */
  readonly mayShare: boolean;
}

/** The state of an approved claim with its protection stored; `held` when another claim holds one of the lines. */
export async function approvedState(
  trx: Transaction,
  program: Program,
  calendar: WorkingCalendar,
  registration: Registration,
  open: RegistrationState,
  { partner, lines, reasons, at, by, onBehalfOf, mayShare }: Approval,
): Promise<{ readonly kind: 'approved'; readonly state: RegistrationState } | { readonly kind: 'held'; readonly by: readonly string[] }> {
  const { registrationId, customerId, submittedAt } = registration;
  const { window } = windowLength(program, registration, partner);
  const protection = protectionWindow(program, calendar, window, { submittedAt, approvedAt: at });
  const granted = await grantProtection(trx, registrationId, customerId, lines, protection, mayShare);
  if (granted.kind === 'held') return granted;
  const state: RegistrationState = {
    ...closed(open),
    status: 'approved',
    protection,
    grantedLines: granted.lines,
    reminders: remindersOf(program, calendar, protection, at),
    decision: { outcome: 'approve', by, at, reasons, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) },
  };
  return { kind: 'approved', state };
}

/** The state of a denied claim: it may be appealed for a while, and moves up from the waitlist where the rule says so (`waitlistedBehind`). */
export function deniedState(
  program: Program,
  calendar: WorkingCalendar,
  open: RegistrationState,
  reasons: readonly Reason[],
  at: Instant,
  by: string,
  waitlistedBehind: readonly string[] | null,
): RegistrationState {
  return {
    ...closed(open),
    status: 'denied',
    grantedLines: [],
    decision: { outcome: 'deny', by, at, reasons },
    appealUntil: appealEnd(program, calendar, open, at),
    waitlistedUntil: waitlistedBehind === null ? null : addDuration(at, program.waitlist.keep, calendar),
    waitlistedBehind: waitlistedBehind ?? [],
  };
}

/** Until when a claim that is denied, or expires, at `at` may be appealed; null where the program hears no (further) appeal. */
export function appealEnd(program: Program, calendar: WorkingCalendar, { appeals }: RegistrationState, at: Instant): Instant | null {
  const { maxCount, window } = program.appeal;
  return appeals >= maxCount ? null : addDuration(at, window, calendar);
}
