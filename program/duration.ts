import { DateTime } from 'luxon';
import type { Instant } from './vocabulary.ts';
import { addBusinessDays, addBusinessHours, type WorkingCalendar } from './working-time.ts';

/** Minutes, hours, days and weeks are spans of fixed length; months and years are the calendar's; business time is that of an office. */
export const DURATION_UNITS = ['minutes', 'hours', 'days', 'weeks', 'months', 'years', 'business_hours', 'business_days'] as const;
export type DurationUnit = (typeof DURATION_UNITS)[number];

/** A length of time as a program declares it: `90 days`, `6 months`, `3 business days`. `amount` is a whole number. */
export interface Duration {
  readonly amount: number;
  readonly unit: DurationUnit;
}

/** What an author wrote. `restated` is the same in other words, as in `72 business hours (3 business days)`: the linter checks that both are equal. */
export interface WrittenDuration extends Duration {
  readonly restated: Duration | null;
}

const MINUTE_MS = 60_000;
const FIXED_MS = { minutes: MINUTE_MS, hours: 60 * MINUTE_MS, days: 1440 * MINUTE_MS, weeks: 7 * 1440 * MINUTE_MS } as const;

/** Reads `90 days`, `1 business day`, `72 business hours (3 business days)`; null for anything else. */
export function parseDuration(text: string): WrittenDuration | null {
  const written = /^([^()]+?)(?:\s*\(([^()]+)\))?$/.exec(text.trim());
  const first = parseOne(written?.[1] ?? '');
  const restated = written?.[2] === undefined ? null : parseOne(written[2]);
  if (first === null || (written?.[2] !== undefined && restated === null)) return null;
  return { ...first, restated };
}

function parseOne(text: string): Duration | null {
  const match = /^(\d{1,5}) (business )?(minute|hour|day|week|month|year)s?$/.exec(text.trim());
  if (match === null) return null;
  const unit = `${match[2] === undefined ? '' : 'business_'}${match[3]}s`;
  return (DURATION_UNITS as readonly string[]).includes(unit) ? { amount: Number(match[1]), unit: unit as DurationUnit } : null;
}

/**
 * The instant `duration` after `from`. Days are 24 h. Months and years keep the wall-clock time in the calendar's zone; where the day does not exist, the last of
 * the month is taken (31 January + 1 month is 28 or 29 February). Business time counts the calendar's hours.
 */
export function addDuration(from: Instant, { amount, unit }: Duration, calendar: WorkingCalendar): Instant {
  switch (unit) {
    case 'minutes':
    case 'hours':
    case 'days':
    case 'weeks':
      return new Date(Date.parse(from) + amount * FIXED_MS[unit]).toISOString();
    case 'months':
    case 'years':
      return DateTime.fromISO(from, { zone: calendar.timeZone })
        .plus({ [unit]: amount })
        .toUTC()
        .toISO() as string as Instant;
    case 'business_hours':
      return addBusinessHours(from, amount, calendar);
    case 'business_days':
      return addBusinessDays(from, amount, calendar);
  }
}

/** The instant `duration` before `from`, for spans of fixed length and for calendar months and years. Business time does not count backwards: a bug of the caller. */
export function subtractDuration(from: Instant, { amount, unit }: Duration, calendar: Pick<WorkingCalendar, 'timeZone'>): Instant {
  switch (unit) {
    case 'minutes':
    case 'hours':
    case 'days':
    case 'weeks':
      return new Date(Date.parse(from) - amount * FIXED_MS[unit]).toISOString();
    case 'months':
    case 'years':
      return DateTime.fromISO(from, { zone: calendar.timeZone })
        .minus({ [unit]: amount })
        .toUTC()
        .toISO() as string as Instant;
    case 'business_hours':
    case 'business_days':
      throw new RangeError('business time is not counted backwards');
  }
}

/** `90 days`, `1 business day`: what `parseDuration` reads. */
export function formatDuration({ amount, unit }: Duration): string {
  const words = unit.replace('_', ' ');
  return `${amount} ${amount === 1 ? words.slice(0, -1) : words}`;
}
