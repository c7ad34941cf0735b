import { DateTime } from 'luxon';
import type { EpochMs, Instant, PlainDate } from './vocabulary.ts';

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
  const opening = toLocal(arrivalAtOrAfter(from, calendar).at, calendar);
  let date = dateOf(opening);
  for (let counted = 0; counted < days; counted += 1) date = workingDayAfter(date, calendar);
  return toInstant(atDate(opening, date).toMillis());
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
  let { at, date } = arrivalAtOrAfter(from, calendar);
  let remainingMs = durationMs;
  for (;;) {
    // Where daylight saving takes the closing time away with the hour it is in, the office does not open that day.
    const openMs = Math.max(0, officeDay(date, calendar).closesAt - at);
    if (remainingMs <= openMs) return toInstant(at + remainingMs);
    remainingMs -= openMs;
    ({ at, date } = openingAfter(date, calendar));
  }
}

/** How many milliseconds the office works from `from` to `to`; none where `to` is not later. */
export function businessTimeBetween(from: Instant, to: Instant, calendar: WorkingCalendar): number {
  const end = toLocal(to, calendar).toMillis();
  let { at, date } = openingAtOrAfter(from, calendar);
  let passedMs = 0;
  while (at < end) {
    passedMs += Math.max(0, Math.min(officeDay(date, calendar).closesAt, end) - at);
    ({ at, date } = openingAfter(date, calendar));
  }
  return passedMs;
}

/** True while the office works at `at`. */
export function isWithinHours(at: Instant, calendar: WorkingCalendar): boolean {
  const local = toLocal(at, calendar);
  const { works, opensAt, closesAt } = officeDay(dateOf(local), calendar);
  return works && local.toMillis() >= opensAt && local.toMillis() < closesAt;
}

/** `from` itself within hours, otherwise the next opening. */
export function nextOpening(from: Instant, calendar: WorkingCalendar): Instant {
  return toInstant(openingAtOrAfter(from, calendar).at);
}

/** True for a date on the working week that is no holiday and not at the closed end of a quarter. */
export function isWorkingDay(date: PlainDate, calendar: WorkingCalendar): boolean {
  return officeDay(date, calendar).works;
}

/** One date of an office: its hours are those that it would have if it worked. */
interface OfficeDay {
  readonly works: boolean;
  readonly opensAt: EpochMs;
  readonly closesAt: EpochMs;
  /** When what arrives begins to count as arriving at the next opening; null where the calendar has no cut-off. */
  readonly cutOffAt: EpochMs | null;
}

/** Remembered for as long as the calendar itself: time zones are slow to ask, and deadlines ask for the same few weeks again and again. */
const officeDays = new WeakMap<WorkingCalendar, Map<PlainDate, OfficeDay>>();

function officeDay(date: PlainDate, calendar: WorkingCalendar): OfficeDay {
  const known = officeDays.get(calendar) ?? new Map<PlainDate, OfficeDay>();
  const remembered = known.get(date);
  if (remembered !== undefined) return remembered;
  const day = DateTime.fromISO(date, { zone: 'utc' });
  const noon = DateTime.fromISO(`${date}T12:00`, { zone: calendar.timeZone });
  const found: OfficeDay = {
    works: calendar.workingDays.includes(day.weekday) && !calendar.holidays.includes(date) && !isAtQuarterEnd(day, calendar),
    opensAt: atTime(noon, calendar.startTime).toMillis(),
    closesAt: atTime(noon, calendar.endTime).toMillis(),
    cutOffAt: calendar.cutOff === undefined ? null : atTime(noon, calendar.cutOff).toMillis(),
  };
  officeDays.set(calendar, known.set(date, found));
  return found;
}

function isAtQuarterEnd(day: DateTime, { quarterEnd }: WorkingCalendar): boolean {
  if (quarterEnd === undefined) return false;
  const isLastMonth = (day.month - quarterEnd.yearBegins + 12) % 3 === 2;
  return isLastMonth && (day.daysInMonth ?? 31) - day.day < quarterEnd.lastDays;
}

/** An instant of office time, and the date it has there. */
interface OfficeTime {
  readonly at: EpochMs;
  readonly date: PlainDate;
}

/** As the opening, for what arrives at `from`: after the cut-off that is the next one. */
function arrivalAtOrAfter(from: Instant, calendar: WorkingCalendar): OfficeTime {
  const opening = openingAtOrAfter(from, calendar);
  const { cutOffAt } = officeDay(opening.date, calendar);
  return cutOffAt === null || opening.at < cutOffAt ? opening : openingAfter(opening.date, calendar);
}

function openingAtOrAfter(from: Instant, calendar: WorkingCalendar): OfficeTime {
  const local = toLocal(from, calendar);
  const [at, date] = [local.toMillis(), dateOf(local)];
  const { works, opensAt, closesAt } = officeDay(date, calendar);
  return works && at < closesAt ? { at: Math.max(at, opensAt), date } : openingAfter(date, calendar);
}

function openingAfter(date: PlainDate, calendar: WorkingCalendar): OfficeTime {
  const next = workingDayAfter(date, calendar);
  return { at: officeDay(next, calendar).opensAt, date: next };
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

function toLocal(at: Instant | EpochMs, calendar: WorkingCalendar): DateTime {
  const zone = { zone: calendar.timeZone };
  const local = typeof at === 'number' ? DateTime.fromMillis(at, zone) : DateTime.fromISO(at, zone);
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

function toInstant(at: EpochMs): Instant {
  return new Date(at).toISOString();
}
