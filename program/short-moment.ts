import { DateTime } from 'luxon';
import type { Instant } from './vocabulary.ts';

const INSTANT = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

/** A moment in a line of text, to the minute: `16 Nov 2026, 15:00 UTC`. */
export function shortMoment(at: Instant): string {
  return `${DateTime.fromISO(at, { zone: 'UTC', locale: 'en-GB' }).toFormat('d LLL yyyy, HH:mm')} UTC`;
}

/** `text` with every instant in it as people read it. */
export function spellMoments(text: string): string {
  return text.replace(INSTANT, shortMoment);
}
