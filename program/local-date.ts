import { DateTime } from 'luxon';
import { defaultCalendar } from './calendar.ts';
import type { Program } from './definition/program.ts';
import type { Instant, PlainDate } from './vocabulary.ts';

/** The date on the wall of the program's default office at `at`: lists, notices and terms that carry dates are read there, not in UTC. */
export function localDate(at: Instant, program: Program): PlainDate {
  const date = DateTime.fromISO(at, { zone: defaultCalendar(program).timeZone }).toISODate();
  if (date === null) throw new RangeError(`${at}: not an instant`);
  return date;
}
