import { readFileSync } from 'node:fs';
import { z } from 'zod';

const text = z.string().min(1);
const sample = z.object({
  accounts: z.array(
    z.object({
      key: text,
      name: text,
      website: text.nullable(),
      country: text.nullable(),
      postalCode: text.nullable(),
      phone: text.nullable(),
      owner: text,
      parent: text.nullable(),
    }),
  ),
  contacts: z.array(z.object({ account: text, name: text, email: text.nullable() })),
  opportunities: z.array(
    z.object({
      key: text,
      account: text,
      name: text,
      stage: text,
      amount: z.string().regex(/^\d+(\.\d{1,2})?$/),
      currency: text,
      closeInDays: z.number(),
      owner: text,
      createdDaysAgo: z.number().nonnegative(),
      lastActivityDaysAgo: z.number().nonnegative().nullable(),
    }),
  ),
});

/** The CRM's side of the sample program: what a sandbox holds at its beginning. Days are counted from the sandbox's clock. */
export type Sample = z.infer<typeof sample>;

/** The sample in `file`. @throws Error that names the file and every place in it that does not fit. */
export function readSample(file: string): Sample {
  const parsed = sample.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 10).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${file} is not a CRM sample: ${problems.join('; ')}`);
}
