import { z } from 'zod';

// PostgreSQL keeps no NUL, and JSON in it no half of a surrogate pair; other control characters are slips of copying.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const LINE_BREAK = /[\t\n\r]/;

/** Whether a text can be stored and shown: no control characters, no broken Unicode. Line breaks are for texts of several lines. */
export function isStorable(text: string, lines: 'one line' | 'several lines' = 'one line'): boolean {
  return text.isWellFormed() && !CONTROL.test(text) && (lines === 'several lines' || !LINE_BREAK.test(text));
}

/** A text of one line, trimmed, from 1 to `most` characters. */
export function line(most: number) {
  const error = `expected a text of 1–${most} characters`;
  return z
    .string({ error })
    .trim()
    .min(1, { error })
    .max(most, { error })
    .refine((text) => isStorable(text), { error: 'has characters that cannot be stored' });
}

/** A text of any number of lines, trimmed, from `least` to `most` characters. */
export function paragraph(least: 0 | 1, most: number) {
  const error = least === 0 ? `expected a text of at most ${most} characters` : `expected a text of 1–${most} characters`;
  return z
    .string({ error })
    .trim()
    .min(least, { error })
    .max(most, { error })
    .refine((text) => isStorable(text, 'several lines'), { error: 'has characters that cannot be stored' });
}

/** One of the words of a closed list. */
export function word<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `expected one of ${words.join(', ')}` });
}

/** A body with exactly these fields; each unknown one is named. */
export function body<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, { error: (issue) => (issue.code === 'invalid_type' ? 'expected a JSON object' : undefined) });
}

export const ALIAS_EXPECTED = 'expected the alias of a user: 1–64 letters, digits, ".", "_" or "-"';

/** A user of the CRM, as the program names people. */
export const alias = z.string({ error: ALIAS_EXPECTED }).regex(/^[A-Za-z0-9._-]{1,64}$/, { error: ALIAS_EXPECTED });

/** An id that another system gave; it may stand in an address. */
export const externalId = line(100);

export const instant = z.string().describe('ISO 8601, UTC');
