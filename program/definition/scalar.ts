import { IANAZone } from 'luxon';
import { z } from 'zod';
import { expectedCountry, isCountry } from '../country.ts';
import { isCurrency } from '../currency.ts';
import { parseDuration, type Duration, type DurationUnit, type WrittenDuration } from '../duration.ts';

/** The scalars of a program definition. Every error says what is expected; the parser puts the value and the place before it. */

/** An id that other parts of the definition refer to: snake case. */
export const id = matching(/^[a-z][a-z0-9_]{0,63}$/, 'expected an id in snake case, such as partner_manager');

/** A version of a program, as registrations, answers and files name it. */
export const version = matching(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  'expected a version such as 2026.1, of at most 64 letters, digits, dots, hyphens',
);

/** A text for people. */
export const text = z
  .string({ error: 'expected a text' })
  .trim()
  .min(1, 'expected a text that is not empty')
  .max(2000, 'expected a text of at most 2000 characters');

/** A user, by alias. */
export const alias = matching(/^[A-Za-z0-9._-]{1,64}$/, 'expected the alias of a user');

/** An amount: a decimal in quotes, never a number, which would be a float. */
export const amount = matching(/^\d{1,14}(\.\d{1,4})?$/, 'expected a decimal in quotes, such as "25000.00"');

/** A figure: a decimal in quotes. */
export const decimal = matching(/^\d{1,12}(\.\d{1,4})?$/, 'expected a decimal in quotes, such as "22"');

export const percent = matching(/^(100|\d{1,2}(\.\d{1,4})?)$/, 'expected a percentage in quotes from "0" to "100"');

/** What one unit of a currency is worth in another. */
export const rate = matching(/^(?=.*[1-9])\d{1,9}(\.\d{1,12})?$/, 'expected a rate above zero as a decimal in quotes, such as "1.08"');

export const currency = z.string({ error: 'expected an ISO 4217 currency code' }).refine(isCurrency, 'expected an ISO 4217 currency code');

export const money = z.strictObject({ amount, currency }, { error: expectedMapping }).meta({ id: 'money' });

export const country = matching(/^[A-Z]{2}$/, expectedCountry('')).refine(isCountry, {
  error: ({ input }) => expectedCountry(String(input)),
  abort: true,
});

export const plainDate = z.iso.date({ error: 'expected a date such as 2026-01-31' });

export const wallClock = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time from 00:00 to 23:59');

export const timeZone = z
  .string({ error: 'expected an IANA time zone' })
  .refine((zone) => IANAZone.isValidZone(zone), 'expected an IANA time zone, such as Europe/Berlin');

/** A length of time in words; see `parseDuration`. None is no duration, and what outlasts everybody who declared it is a slip of the keyboard. */
export const duration = lengthOfTime(
  'expected a duration such as 90 days, 6 months, 3 business days or 72 business hours',
  () => true,
).meta({
  id: 'duration',
  pattern: durationPattern('(business )?(minute|hour|day|week|month|year)s?'),
});

/** A duration that is counted back from an instant, which business time cannot be. */
export const span = lengthOfTime(
  'expected a duration such as 90 days or 6 months; business time is not counted backwards',
  ({ unit }) => !unit.startsWith('business_'),
).meta({ id: 'span', pattern: durationPattern('(minute|hour|day|week|month|year)s?') });

/** A span that may be left out. */
export function spanDefault(written: string) {
  return span.prefault(written);
}

/** For editors only: what is taken is said by `parseDuration`. */
function durationPattern(units: string): string {
  const one = `[0-9]{1,5} ${units}`;
  return `^${one}( \\(${one}\\))?$`;
}

function lengthOfTime(expected: string, isTaken: (duration: Duration) => boolean) {
  const error = `${expected}, from 1 minute to 50 years`;
  return z.string({ error }).transform((written, context): WrittenDuration => {
    const read = parseDuration(written);
    if (read !== null && isTaken(read) && isWithinLifetime(read) && (read.restated === null || isWithinLifetime(read.restated)))
      return read;
    context.issues.push({ code: 'custom', message: hintOf(written, isTaken) ?? error, input: written });
    return z.NEVER;
  });
}

/** For what people write and this language says in one other way, what they may have meant; null where that would not be taken either. */
function hintOf(written: string, isTaken: (duration: Duration) => boolean): string | null {
  const [, latest] = /^\d+ ?(?:-|–|to|or) ?(\d+ .+)$/.exec(written.trim()) ?? [];
  const meant = (latest ?? written.trim()).replace(/\bworking\b/, 'business');
  const read = meant === written.trim() ? null : parseDuration(meant);
  if (read === null || !isTaken(read)) return null;
  return latest === undefined ? `expected ${meant}: time in the office is called business` : `expected one figure, the latest: ${meant}`;
}

/** From one unit to 50 years, in whole units of each kind. */
function isWithinLifetime({ amount, unit }: Duration): boolean {
  return amount >= 1 && amount <= MOST[unit];
}

const MOST: Readonly<Record<DurationUnit, number>> = {
  minutes: 99_999,
  hours: 99_999,
  days: 18_262,
  weeks: 2_609,
  months: 600,
  years: 50,
  business_hours: 99_999,
  business_days: 13_045,
};

export const flag = z.boolean({ error: 'expected true or false' });

/** A whole number from `least` to `most`, both included. */
export function wholeNumber(least: number, most: number): z.ZodInt {
  const error = `expected ${least}–${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** A share between 0 and 1 that measures likeness, not money. */
export const similarity = z.number({ error: 'expected 0–1' }).min(0, { error: 'expected 0–1' }).max(1, { error: 'expected 0–1' });

/** A list with at least one element. */
export function listOf<T extends z.ZodType>(element: T): z.ZodArray<T> {
  return z.array(element, { error: 'expected a list' }).min(1, { error: 'expected a list that is not empty' });
}

/** A list that may be empty. */
export function anyOf<T extends z.ZodType>(element: T): z.ZodArray<T> {
  return z.array(element, { error: 'expected a list' });
}

/** One of the words of a closed list. */
export function word<const T extends readonly [string, ...string[]]>(words: T): z.ZodEnum<{ [K in T[number]]: K }> {
  return z.enum(words, { error: `expected one of ${words.join(', ')}` }) as never;
}

/** A mapping with exactly these keys. */
export function section<T extends z.ZodRawShape>(shape: T): z.ZodObject<T, z.core.$strict> {
  return z.strictObject(shape, { error: expectedMapping });
}

/** Leaves unknown keys to the parser, which reports each at its own line. */
function expectedMapping(issue: { readonly code?: string }): string | undefined {
  return issue.code === 'invalid_type' ? 'expected a mapping' : undefined;
}

function matching(pattern: RegExp, error: string): z.ZodString {
  return z.string({ error }).regex(pattern, { error });
}
