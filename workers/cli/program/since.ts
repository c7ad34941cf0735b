import { InvalidArgumentError } from 'commander';
import type { Instant } from '../../../program/vocabulary.ts';

/** `--since DATE`: from the first instant of that day, UTC. */
export function sinceDate(text: string): Instant {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00.000Z`) : new Date(Number.NaN);
  // A day that does not exist, such as 30 February, would roll over to another.
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('expected a date such as 2026-01-31');
  return at.toISOString();
}
