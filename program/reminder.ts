import type { Program } from './definition/program.ts';
import { addDuration, subtractDuration, type Duration } from './duration.ts';
import type { ProtectionWindow } from './registration-life.ts';
import type { Instant } from './vocabulary.ts';
import type { WorkingCalendar } from './working-time.ts';

/**
 * When the parties of a protection are reminded of its end: ascending, each instant once, after `now` and before the end.
 * What would have been due before is not made up for.
 */
export function remindersOf(program: Program, calendar: WorkingCalendar, { until }: ProtectionWindow, now: Instant): readonly Instant[] {
  const instants = program.protection.reminders.map((before) => instantBefore(until, before, calendar));
  return [...new Set(instants)].filter((at) => Date.parse(at) > Date.parse(now) && Date.parse(at) < Date.parse(until)).sort();
}

/** More time than a business day can take: a year of closed days. */
const LONGEST_BUSINESS_DAY_MS = 366 * 86_400_000;

/** Business time counts forwards: the latest instant from which it is over by `until`. */
function instantBefore(until: Instant, before: Duration, calendar: WorkingCalendar): Instant {
  if (before.unit !== 'business_days' && before.unit !== 'business_hours') return subtractDuration(until, before, calendar);
  let early = Date.parse(until) - (before.amount + 1) * LONGEST_BUSINESS_DAY_MS;
  let late = Date.parse(until);
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (Date.parse(addDuration(new Date(middle).toISOString(), before, calendar)) <= Date.parse(until)) early = middle;
    else late = middle;
  }
  return new Date(early).toISOString();
}
