import { z } from 'zod';

const text = z.string().min(1);
const date = z.iso.date({ error: 'expected a date such as 2027-01-31' });

/** An amount with its currency, as every money of a stream. */
export const streamMoney = z.strictObject({
  amount: z.string().regex(/^\d+(\.\d+)?$/, 'expected a decimal such as "25000.00"'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'expected three capital letters such as USD'),
});

/**
 * What only some programs ask of a claim, as the API takes it. A fact that is left out, or null, was not given; a name that no fact has is refused, because a program
 * would silently miss it. Whether the answers are those that a program asks for is not told here: a stream is read before any program is known.
 */
export const streamFacts = z
  .strictObject({
    quantity: z.int({ error: 'expected a whole number of units' }).min(1).nullable(),
    currentContract: z.strictObject({ value: streamMoney, endsOn: date.nullable().default(null) }).nullable(),
    tender: z.strictObject({ reference: text, publishedOn: date }).nullable(),
    distributor: text.nullable(),
    quotedPartner: text.nullable(),
    marketplace: text.nullable(),
    site: text.nullable(),
    proofs: z.array(z.strictObject({ kind: text, date: date.nullable().default(null) })),
    answers: z.record(text, z.union([z.string(), z.number(), z.boolean()], { error: 'expected a text, a number, true or false' })),
  })
  .partial();
