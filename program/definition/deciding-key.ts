import type { Path } from './source-place.ts';

/**
 * Keys that say from when and how long something counts, what silence means, and which of several rows is taken. Programs that leave them open end in disputes,
 * so that one that is missing is reported under a code of its own.
 */
const DECIDING_KEYS: ReadonlySet<PropertyKey> = new Set([
  'anchor',
  'window',
  'length',
  'deadline',
  'silence',
  'hitPolicy',
  'otherwise',
  'lapseAfter',
  'reviewClock',
  'receipt',
  'keep',
  'staleAfter',
  'timeZone',
  'defaultCalendar',
  'effectiveFrom',
  'protection',
  'returned',
  'appeal',
  'waitlist',
]);

/** Whether the last part of the path is an anchor, a clock, a silence policy or a hit policy, or a section that holds them. */
export function isDeciding(path: Path): boolean {
  const last = path.at(-1);
  return last !== undefined && DECIDING_KEYS.has(last);
}
