import type { Duration, WrittenDuration } from '../duration.ts';
import type { Path } from '../definition/source-place.ts';
import type { Program } from '../definition/program.ts';
import { defaultCalendar } from '../calendar.ts';

const MINUTE = 1;
const HOUR = 60;
const DAY = 1440;

/** Between how many minutes a duration lasts: months, years and office time have no fixed length. `most` of office time leaves holidays out. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

export function boundsOf({ amount, unit }: Duration, program: Program): Bounds {
  const fixed = (minutes: number): Bounds => ({ least: amount * minutes, most: amount * minutes });
  switch (unit) {
    case 'minutes':
      return fixed(MINUTE);
    case 'hours':
      return fixed(HOUR);
    case 'days':
      return fixed(DAY);
    case 'weeks':
      return fixed(7 * DAY);
    case 'months':
      return {
        least: amount === 0 ? 0 : Math.max(28 * amount, Math.floor(30.4 * amount) - 2) * DAY,
        most: Math.min(31 * amount, Math.ceil(30.5 * amount) + 2) * DAY,
      };
    case 'years':
      return { least: 365 * amount * DAY, most: 366 * amount * DAY };
    case 'business_hours':
      return { least: amount * HOUR, most: officeDays(Math.ceil((amount * HOUR) / officeMinutes(program)), program) };
    case 'business_days':
      return { least: amount * DAY, most: officeDays(amount, program) };
  }
}

/** So many days of work at most take this long without holidays: begun after closing time on the eve of days off. */
function officeDays(amount: number, program: Program): number {
  const week = Math.max(1, defaultCalendar(program).workingDays.length);
  return amount === 0 ? 0 : (amount + (Math.ceil(amount / week) + 1) * (7 - week) + 1) * DAY;
}

/** How long the office is open on a day, by the default calendar. */
export function officeMinutes(program: Program): number {
  const { startTime, endTime } = defaultCalendar(program);
  return minuteOf(endTime) - minuteOf(startTime);
}

function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * HOUR + minute;
}

export function isCertainlyLonger(left: Duration, right: Duration, program: Program): boolean {
  return boundsOf(left, program).least > boundsOf(right, program).most;
}

/** A duration of the definition and where it stands. */
export interface PlacedDuration {
  readonly path: Path;
  readonly duration: WrittenDuration;
}

/** All durations of a definition, also those among the parameters of rules, in its order. */
export function durationsOf(value: unknown, path: Path = []): readonly PlacedDuration[] {
  if (Array.isArray(value)) return value.flatMap((element: unknown, at) => durationsOf(element, [...path, at]));
  if (typeof value !== 'object' || value === null) return [];
  if ('amount' in value && 'unit' in value && 'restated' in value) return [{ path, duration: value as WrittenDuration }];
  return Object.entries(value).flatMap(([key, element]) => durationsOf(element, [...path, key]));
}
