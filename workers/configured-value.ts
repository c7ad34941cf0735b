import { z } from 'zod';

/** Values that several variables of the environment share. */

export const optionalText = z.string().trim().optional();

export const percent = z.coerce
  .number({ error: 'expected a whole number of percent from 1 to 100' })
  .int('expected a whole number of percent from 1 to 100')
  .min(1, 'expected 1 to 100 percent')
  .max(100, 'expected 1 to 100 percent');

export const webAddressSuchAs = (example: string) =>
  z
    .string()
    .trim()
    .refine(isWebAddress, { error: `expected an address such as ${example}` });

export function isWebAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
