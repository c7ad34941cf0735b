import { defaultCalendar, workingCalendar } from '../calendar.ts';
import type { Program } from '../definition/program.ts';
import { addDuration, type Duration } from '../duration.ts';
import type { Instant } from '../vocabulary.ts';

/**
 * The instant `duration` after `start`. Business time counts the default calendar's week and the days that the program itself closes;
 * public holidays are not known to a verdict.
 */
export function endOf(duration: Duration, start: Instant, program: Program): Instant {
  return addDuration(start, duration, workingCalendar(defaultCalendar(program), []));
}

/** True from `start` to exactly `duration` after it. */
export function isWithin(duration: Duration, start: Instant, at: Instant, program: Program): boolean {
  return Date.parse(at) <= Date.parse(endOf(duration, start, program));
}
