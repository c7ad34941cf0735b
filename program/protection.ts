import { DateTime } from 'luxon';
import type { ClaimSnapshot, PartnerSnapshot } from './claim.ts';
import { holds } from './condition.ts';
import type { Program } from './definition/program.ts';
import { addDuration, type Duration } from './duration.ts';
import type { ProtectionWindow } from './registration-life.ts';
import type { Instant } from './vocabulary.ts';
import type { WorkingCalendar } from './working-time.ts';

/**
 * How long a claim is protected: the first of the program's windows whose condition holds, otherwise the general one.
 *
 * A claim has one protection: where the windows of its product lines differ, the program does not say which.
 *
 * `unclear`: that, or a condition before that cannot be told of the claim. The program then does not approve by itself; a person who approves grants `window`, the
 * general one.
 */
export function windowLength(
  program: Program,
  claim: Pick<ClaimSnapshot, 'kind' | 'productLines' | 'estimatedValue' | 'submittedAt' | 'customer' | 'facts'>,
  partner: PartnerSnapshot,
): { readonly kind: 'known' | 'unclear'; readonly window: Duration } {
  const { window } = program.protection;
  const [first, ...others] = [...new Set(claim.productLines)].map((line) =>
    lengthForLine(program, { ...claim, productLines: [line] }, partner),
  );
  if (first === undefined) return lengthForLine(program, claim, partner);
  const isOne = others.every((other) => other.kind === first.kind && isSameLength(other.window, first.window));
  return isOne ? first : { kind: 'unclear', window };
}

type WindowLength = ReturnType<typeof windowLength>;

function lengthForLine(program: Program, claim: Parameters<typeof windowLength>[1], partner: PartnerSnapshot): WindowLength {
  const { window, windows } = program.protection;
  for (const row of windows) {
    const held = holds(row.when, program, claim, partner);
    if (held === 'unknown') return { kind: 'unclear', window };
    if (held === 'yes') return { kind: 'known', window: row.window };
  }
  return { kind: 'known', window };
}

function isSameLength(left: Duration, right: Duration): boolean {
  return left.amount === right.amount && left.unit === right.unit;
}

/**
 * The protection of a claim that is approved at `approvedAt`: half-open, so that at `until` it has ended.
 *
 * It begins with the approval; its time runs from the program's anchor. Where that is the submission and the time was over before the approval, the window is
 * empty: nobody is protected, and the claim expires at once. Program: `protection.anchor`, `protection.endsAt`.
 */
export function protectionWindow(
  program: Program,
  calendar: WorkingCalendar,
  length: Duration,
  { submittedAt, approvedAt }: { readonly submittedAt: Instant; readonly approvedAt: Instant },
): ProtectionWindow {
  const end = endAfter(program, calendar, anchorOf(program, submittedAt, approvedAt), length);
  return { from: approvedAt, until: Date.parse(end) < Date.parse(approvedAt) ? approvedAt : end };
}

/** From when the time of a protection runs. */
export function anchorOf({ protection }: Program, submittedAt: Instant, approvedAt: Instant): Instant {
  return protection.anchor === 'submission' ? submittedAt : approvedAt;
}

/**
 * When a time of `length` that runs from `start` is over.
 *
 * `instant`: exactly then; days are of 24 h. `end_of_day`: days and weeks are those of the calendar in its zone, and the whole last one is inside, so that it is
 * over at the midnight after it, whatever daylight saving does.
 */
export function endAfter({ protection }: Program, calendar: WorkingCalendar, start: Instant, length: Duration): Instant {
  if (protection.endsAt === 'instant') return addDuration(start, length, calendar);
  const { amount, unit } = length;
  const last =
    unit === 'days' || unit === 'weeks'
      ? DateTime.fromISO(start, { zone: calendar.timeZone }).plus({ [unit]: amount })
      : DateTime.fromISO(addDuration(start, length, calendar), { zone: calendar.timeZone });
  return last.plus({ days: 1 }).startOf('day').toUTC().toISO() as Instant;
}

/** The end that a protection until `until` has when it is prolonged by `length`: counted from the end, not from the request. */
export function prolongedEnd(program: Program, calendar: WorkingCalendar, until: Instant, length: Duration): Instant {
  if (program.protection.endsAt === 'instant') return addDuration(until, length, calendar);
  // The end is a midnight already: the time runs on from the day that it closes.
  return endAfter(program, calendar, new Date(Date.parse(until) - 1).toISOString(), length);
}

/** True from the first instant of the window to the last before its end. */
export function isProtectedAt(protection: ProtectionWindow, now: Instant): boolean {
  const at = Date.parse(now);
  return Date.parse(protection.from) <= at && at < Date.parse(protection.until);
}
