import { DateTime } from 'luxon';
import type { Program } from './definition/program.ts';
import { defaultCalendar } from './calendar.ts';
import type { Instant } from './vocabulary.ts';

/**
 * The end of the freeze that `at` falls into, or null while claims are taken. A freeze runs from its first date to before its last one, both at its wall-clock time in
 * the default calendar's zone. Where freezes overlap or touch, the end is that of the last of them.
 */
export function freezeEnd(program: Program, at: Instant): Instant | null {
  const zone = defaultCalendar(program).timeZone;
  const spans = program.freezes.map(({ from, until, time }) => ({
    from: DateTime.fromISO(`${from}T${time}`, { zone }).toMillis(),
    until: DateTime.fromISO(`${until}T${time}`, { zone }).toMillis(),
  }));
  let end = Date.parse(at);
  for (;;) {
    const span = spans.find((candidate) => candidate.from <= end && end < candidate.until);
    if (span === undefined) return end === Date.parse(at) ? null : new Date(end).toISOString();
    end = span.until;
  }
}
