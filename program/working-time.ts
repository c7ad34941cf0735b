import { DateTime } from 'luxon';
import type { Instant, PlainDate } from './vocabulary.ts';

/**
 * When an office works. `workingDays` are ISO weekdays (1 Monday to 7 Sunday); hours are wall-clock times such as `09:00` in `timeZone`, the end excluded.
 * Holidays are an argument, so that a promised deadline can be pinned: a later change of a country's table moves nothing.
 */
export interface WorkingCalendar {
  readonly timeZone: string;
  readonly workingDays: readonly number[];
  readonly startTime: string;
  readonly endTime: string;
  readonly holidays: readonly PlainDate[];
  /** What arrives at this time or later counts as arriving at the next opening. */
  readonly cutOff?: string;
  /** The office is closed on the last days of each quarter of a business year that begins on the first of this month. */
  readonly quarterEnd?: { readonly lastDays: number; readonly yearBegins: number };
}

/** More closed days in a row than any real calendar has: such a calendar is a mistake, and no search may run for ever. */
const MAX_CLOSED_DAYS = 366;

/**
 * The instant `days` business days after `from`: the same wall-clock time that many working days later.
 *
 * What arrives out of hours counts from the next opening, and so does what arrives at the cut-off or later; at exactly the end of the day the office is closed. So 1 day
 * from Friday 16:00 is Monday 16:00, and 1 day from Friday 18:00 (or from Saturday) is Tuesday 09:00. 0 days is the opening itself. Daylight saving moves the instant,
 * never the wall-clock time.
 *
 * An office that does not open within a year after a day on which it should has no business days there: from then on every day counts as one, so that what was promised
 * has an end. Definitions with such a calendar are refused (L215).
 */
export function addBusinessDays(from: Instant, days: number, calendar: WorkingCalendar): Instant {
  if (!Number.isInteger(days) || days < 0) throw new RangeError(`business days: ${days}; expected a whole number from 0`);
  const opening = arrivalAtOrAfter(from, calendar);
  let date = dateOf(opening);
  for (let counted = 0; counted < days; counted += 1) date = workingDayAfter(date, calendar);
  return toInstant(atDate(opening, date));
}

/**
 * The instant after `hours` hours of office time from `from`. A day gives as many hours as the office is open on it, so 72 business hours are nine days of eight.
 * What ends exactly at closing time ends there, not at the next opening.
 */
export function addBusinessHours(from: Instant, hours: number, calendar: WorkingCalendar): Instant {
  if (!Number.isInteger(hours) || hours < 0) throw new RangeError(`business hours: ${hours}; expected a whole number from 0`);
  return addBusinessTime(from, hours * 60 * 60 * 1000, calendar);
}

/** The same for any length of office time, in milliseconds. */
export function addBusinessTime(from: Instant, durationMs: number, calendar: WorkingCalendar): Instant {
  let at = arrivalAtOrAfter(from, calendar);
  let remainingMs = durationMs;
  for (;;) {
    // Where daylight saving takes the closing time away with the hour it is in, the office does not open that day.
    const openMs = Math.max(0, atTime(at, calendar.endTime).toMillis() - at.toMillis());
    if (remainingMs <= openMs) return toInstant(at.plus({ milliseconds: remainingMs }));
    remainingMs -= openMs;
    at = openingOn(at, workingDayAfter(dateOf(at), calendar), calendar);
  }
}

/** How many milliseconds the office works from `from` to `to`; none where `to` is not later. */
export function businessTimeBetween(from: Instant, to: Instant, calendar: WorkingCalendar): number {
  const end = toLocal(to, calendar);
  let at = openingAtOrAfter(from, calendar);
  let passedMs = 0;
  while (at < end) {
    const closing = atTime(at, calendar.endTime);
    passedMs += Math.max(0, Math.min(closing.toMillis(), end.toMillis()) - at.toMillis());
    at = openingOn(at, workingDayAfter(dateOf(at), calendar), calendar);
  }
  return passedMs;
}

/** True while the office works at `at`. */
export function isWithinHours(at: Instant, calendar: WorkingCalendar): boolean {
  const local = toLocal(at, calendar);
  return isWorkingDay(dateOf(local), calendar) && local >= atTime(local, calendar.startTime) && local < atTime(local, calendar.endTime);
}

/** `from` itself within hours, otherwise the next opening. */
export function nextOpening(from: Instant, calendar: WorkingCalendar): Instant {
  return toInstant(openingAtOrAfter(from, calendar));
}

/** True for a date on the working week that is no holiday and not at the closed end of a quarter. */
export function isWorkingDay(date: PlainDate, calendar: WorkingCalendar): boolean {
  const day = DateTime.fromISO(date, { zone: 'utc' });
  return calendar.workingDays.includes(day.weekday) && !calendar.holidays.includes(date) && !isAtQuarterEnd(day, calendar);
}

function isAtQuarterEnd(day: DateTime, { quarterEnd }: WorkingCalendar): boolean {
  if (quarterEnd === undefined) return false;
  const isLastMonth = (day.month - quarterEnd.yearBegins + 12) % 3 === 2;
  return isLastMonth && (day.daysInMonth ?? 31) - day.day < quarterEnd.lastDays;
}

/** As the opening, for what arrives at `from`: after the cut-off that is the next one. */
function arrivalAtOrAfter(from: Instant, calendar: WorkingCalendar): DateTime {
  const opening = openingAtOrAfter(from, calendar);
  if (calendar.cutOff === undefined || opening < atTime(opening, calendar.cutOff)) return opening;
  return openingOn(opening, workingDayAfter(dateOf(opening), calendar), calendar);
}

function openingAtOrAfter(from: Instant, calendar: WorkingCalendar): DateTime {
  const local = toLocal(from, calendar);
  const opening = atTime(local, calendar.startTime);
  if (!isWorkingDay(dateOf(local), calendar) || local >= atTime(local, calendar.endTime)) {
    return openingOn(local, workingDayAfter(dateOf(local), calendar), calendar);
  }
  return local < opening ? opening : local;
}

function workingDayAfter(date: PlainDate, calendar: WorkingCalendar): PlainDate {
  const start = DateTime.fromISO(date, { zone: 'utc' });
  for (let ahead = 1; ahead <= MAX_CLOSED_DAYS; ahead += 1) {
    const day = dateOf(start.plus({ days: ahead }));
    if (isWorkingDay(day, calendar)) return day;
  }
  return dateOf(start.plus({ days: 1 }));
}

/** The first date after `date` from which on the office is closed for a year; null where it opens again and again for as long as holidays are known. */
export function closedForAYearAfter(date: PlainDate, calendar: WorkingCalendar): PlainDate | null {
  const known = [...calendar.holidays].toSorted().at(-1) ?? date;
  let day = date;
  while (day <= known) {
    const next = workingDayAfter(day, calendar);
    if (!isWorkingDay(next, calendar)) return day;
    day = next;
  }
  return null;
}

function toLocal(at: Instant, calendar: WorkingCalendar): DateTime {
  const local = DateTime.fromISO(at, { zone: calendar.timeZone });
  if (!local.isValid) throw new RangeError(`${at} in ${calendar.timeZone}: ${local.invalidExplanation ?? 'not a time'}`);
  return local;
}

function atTime(day: DateTime, time: string): DateTime {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return day.set({ hour, minute, second: 0, millisecond: 0 });
}

/** When the office opens on another date, whatever the clocks did on the date of `day`. */
function openingOn(day: DateTime, date: PlainDate, calendar: WorkingCalendar): DateTime {
  return atTime(atDate(day.set({ hour: 12 }), date), calendar.startTime);
}

/** The wall-clock time of `time` on another date; a time that daylight saving skips on that date is moved forward by the gap. */
function atDate(time: DateTime, date: PlainDate): DateTime {
  const { year, month, day } = DateTime.fromISO(date, { zone: 'utc' });
  return time.set({ year, month, day });
}

function dateOf(at: DateTime): PlainDate {
  return at.toISODate() as PlainDate;
}

function toInstant(at: DateTime): Instant {
  return at.toUTC().toISO() as Instant;
}
