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
}

/** More closed days in a row than any real calendar has: such a calendar is a mistake, and no search may run for ever. */
const MAX_CLOSED_DAYS = 366;

/**
 * The instant `days` business days after `from`: the same wall-clock time that many working days later.
 *
 * What arrives out of hours counts from the next opening; at exactly the end of the day the office is closed. So 1 day from Friday 16:00 is Monday 16:00,
 * and 1 day from Friday 18:00 (or from Saturday) is Tuesday 09:00. 0 days is the opening itself. Daylight saving moves the instant, never the wall-clock time.
 */
export function addBusinessDays(from: Instant, days: number, calendar: WorkingCalendar): Instant {
  if (!Number.isInteger(days) || days < 0) throw new RangeError(`business days: ${days}; expected a whole number from 0`);
  const opening = openingAtOrAfter(from, calendar);
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
  let at = openingAtOrAfter(from, calendar);
  let remainingMs = durationMs;
  for (;;) {
    const openMs = atTime(at, calendar.endTime).toMillis() - at.toMillis();
    if (remainingMs <= openMs) return toInstant(at.plus({ milliseconds: remainingMs }));
    remainingMs -= openMs;
    at = atDate(atTime(at, calendar.startTime), workingDayAfter(dateOf(at), calendar));
  }
}

/** How many milliseconds the office works from `from` to `to`; none where `to` is not later. */
export function businessTimeBetween(from: Instant, to: Instant, calendar: WorkingCalendar): number {
  const end = toLocal(to, calendar);
  let at = openingAtOrAfter(from, calendar);
  let passedMs = 0;
  while (at < end) {
    const closing = atTime(at, calendar.endTime);
    passedMs += Math.min(closing.toMillis(), end.toMillis()) - at.toMillis();
    at = atDate(atTime(at, calendar.startTime), workingDayAfter(dateOf(at), calendar));
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

/** True for a date on the working week that is no holiday. */
export function isWorkingDay(date: PlainDate, calendar: WorkingCalendar): boolean {
  const { weekday } = DateTime.fromISO(date, { zone: 'utc' });
  return calendar.workingDays.includes(weekday) && !calendar.holidays.includes(date);
}

function openingAtOrAfter(from: Instant, calendar: WorkingCalendar): DateTime {
  const local = toLocal(from, calendar);
  const opening = atTime(local, calendar.startTime);
  if (!isWorkingDay(dateOf(local), calendar) || local >= atTime(local, calendar.endTime)) {
    return atDate(opening, workingDayAfter(dateOf(local), calendar));
  }
  return local < opening ? opening : local;
}

function workingDayAfter(date: PlainDate, calendar: WorkingCalendar): PlainDate {
  const start = DateTime.fromISO(date, { zone: 'utc' });
  for (let ahead = 1; ahead <= MAX_CLOSED_DAYS; ahead += 1) {
    const day = dateOf(start.plus({ days: ahead }));
    if (isWorkingDay(day, calendar)) return day;
  }
  throw new RangeError(`the calendar has no working day within ${MAX_CLOSED_DAYS} days after ${date}`);
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
