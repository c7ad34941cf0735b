import { z } from 'zod';

const money = z.object({ amount: z.string(), currency: z.string() });

/** The facts of an amendment as they were stored with the command: those that the partner named, null for one that was taken back. */
export const amendedFacts = z
  .object({
    quantity: z.number().nullable(),
    currentContract: z.object({ value: money, endsOn: z.string().nullable() }).nullable(),
    tender: z.object({ reference: z.string(), publishedOn: z.string() }).nullable(),
    distributor: z.string().nullable(),
    quotedPartner: z.string().nullable(),
    marketplace: z.string().nullable(),
    site: z.string().nullable(),
    answers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .partial();
