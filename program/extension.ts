import { DateTime } from 'luxon';
import type { Program } from './definition/program.ts';
import { addDuration, formatDuration } from './duration.ts';
import { refuse, type Refusal } from './failures.ts';
import { anchorOf, endAfter, prolongedEnd } from './protection.ts';
import type { ProtectionWindow } from './registration-life.ts';
import type { Instant } from './vocabulary.ts';
import type { WorkingCalendar } from './working-time.ts';

/** What an extension is judged on. `days` null: by all that the program grants at once. */
export interface ExtensionRequest {
  readonly protection: ProtectionWindow;
  readonly submittedAt: Instant;
  readonly extensionsUsed: number;
  readonly days: number | null;
  /** When a linked opportunity was last worked on; null where none is linked. */
  readonly lastActivityAt: Instant | null;
}

/**
 * Prolongs a protection, counted from its end, not from the request: or says why not.
 *
 * Refused when it is asked for too late (at exactly the end it is, unless the program takes it for a while after: at exactly the end of that it is), when the
 * program's extensions are used up, when window and extensions together become longer than it allows, when nobody worked on the opportunity lately (exactly as long
 * ago as declared is lately), and for anything but a whole number of days from 1 to the declared length. An end that is over already helps nobody: refused as well.
 */
export function extendProtection(
  program: Program,
  calendar: WorkingCalendar,
  { protection, submittedAt, extensionsUsed, days, lastActivityAt }: ExtensionRequest,
  now: Instant,
): { readonly kind: 'extended'; readonly protection: ProtectionWindow } | Refusal {
  const { maxCount, length, maxTotal, askWithin, activityWithin } = program.protection.extension;
  const { from, until } = protection;
  if (extensionsUsed >= maxCount) {
    const allowed = maxCount === 0 ? 'no extension' : maxCount === 1 ? 'one extension' : `${maxCount} extensions`;
    const granted = `${extensionsUsed} ${extensionsUsed === 1 ? 'was' : 'were'} granted`;
    return no(`The program allows ${allowed}, and ${granted}.`);
  }
  const askedUntil = askWithin === null ? until : addDuration(until, askWithin, calendar);
  if (isFrom(now, askedUntil)) {
    const limit = askWithin === null ? 'before the end' : `within ${formatDuration(askWithin)} after it`;
    return no(`The protection ended at ${until}; an extension has to be asked for ${limit}.`);
  }
  const longest = prolongedEnd(program, calendar, until, length);
  const end = days === null ? longest : byDays(program, calendar, until, days);
  if (days !== null && (!Number.isInteger(days) || days < 1 || Date.parse(end) > Date.parse(longest))) {
    return no(`An extension by ${days} days is not possible; expected 1–${daysWithin(program, calendar, until, longest)}.`);
  }
  const latest = maxTotal === null ? null : endAfter(program, calendar, anchorOf(program, submittedAt, from), maxTotal);
  if (latest !== null && maxTotal !== null && Date.parse(end) > Date.parse(latest)) {
    return no(`Window and extensions together last ${formatDuration(maxTotal)} at most, until ${latest}; this one would end at ${end}.`);
  }
  if (isFrom(now, end)) return no(`The extension would have ended at ${end}, before it was asked for.`);
  if (activityWithin !== null) {
    const lately = `within ${formatDuration(activityWithin)}`;
    if (lastActivityAt === null) return no(`The opportunity has to have been worked on ${lately}, and none is linked to the registration.`);
    if (Date.parse(now) > Date.parse(addDuration(lastActivityAt, activityWithin, calendar))) {
      return no(`The opportunity has to have been worked on ${lately}; the last time was ${lastActivityAt}.`);
    }
  }
  return { kind: 'extended', protection: { from, until: end } };
}

/** Until when further time may be asked for after the end; null where the program takes it only before. */
export function extensibleUntil(program: Program, calendar: WorkingCalendar, until: Instant, extensionsUsed: number): Instant | null {
  const { askWithin, maxCount } = program.protection.extension;
  return askWithin === null || extensionsUsed >= maxCount ? null : addDuration(until, askWithin, calendar);
}

/** The most whole days by which `until` can move without passing `longest`. */
function daysWithin(program: Program, calendar: WorkingCalendar, until: Instant, longest: Instant): number {
  let days = Math.ceil((Date.parse(longest) - Date.parse(until)) / 86_400_000) + 1;
  while (days > 1 && Date.parse(byDays(program, calendar, until, days)) > Date.parse(longest)) days -= 1;
  return days;
}

/** Where the program counts in months, days are those of the calendar too: February's 28 are a month, although the clocks may change in it. */
function byDays(program: Program, calendar: WorkingCalendar, until: Instant, days: number): Instant {
  const { unit } = program.protection.extension.length;
  if (program.protection.endsAt === 'end_of_day' || (unit !== 'months' && unit !== 'years')) {
    return prolongedEnd(program, calendar, until, { amount: days, unit: 'days' });
  }
  return DateTime.fromISO(until, { zone: calendar.timeZone }).plus({ days }).toUTC().toISO() as Instant;
}

function isFrom(now: Instant, edge: Instant): boolean {
  return Date.parse(now) >= Date.parse(edge);
}

function no(message: string): Refusal {
  return refuse('EXTENSION_NOT_ALLOWED', message);
}
