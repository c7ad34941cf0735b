import { DateTime } from 'luxon';
import type { Instant } from '../vocabulary.ts';

/** Control characters, line and paragraph separators, and the marks that turn the direction of what follows: in a heading they would say something else than they show. */
const UNSHOWABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/gu;
const UNSHOWABLE_BUT_LINES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** A text as one line of at most `most` characters: nothing in it can begin another line, or another header. */
export function oneLine(text: string, most: number): string {
  return cut(text.toWellFormed().replace(UNSHOWABLE, ' ').replace(/\s+/gu, ' ').trim(), most);
}

/** A text of several lines, at most `most` characters in all. */
export function severalLines(text: string, most: number): string {
  const lines = text.toWellFormed().replace(/\r\n?/g, '\n').replace(UNSHOWABLE_BUT_LINES, ' ').trim();
  return cut(lines, most);
}

/** A moment for people, with its zone: `Monday 16 November 2026, 10:00 (America/New_York, UTC-05:00)`. */
export function momentText(at: Instant, timeZone: string): string {
  const there = DateTime.fromISO(at, { zone: timeZone, locale: 'en-GB' });
  const moment = there.isValid ? there : DateTime.fromISO(at, { zone: 'UTC', locale: 'en-GB' });
  return `${moment.toFormat('cccc d LLLL yyyy, HH:mm')} (${moment.zoneName}, UTC${moment.toFormat('ZZ')})`;
}

/** `a, b and c`. */
export function listText(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

function cut(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
