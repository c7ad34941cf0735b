import { InvalidArgumentError } from 'commander';
import type { Instant } from '../../program/vocabulary.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?Z$/;

/** An instant in UTC, or a day for its first instant. A day that does not exist, such as 30 February, is refused rather than rolled over. */
export function instant(text: string): Instant {
  const written = DATE.test(text) ? `${text}T00:00:00Z` : text;
  const at = INSTANT.test(written) ? new Date(written) : new Date(Number.NaN);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 16) !== written.slice(0, 16))
    throw new InvalidArgumentError('expected an instant such as 2026-01-31T12:00:00Z, or a day such as 2026-01-31');
  return written;
}
