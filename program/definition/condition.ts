import { z } from 'zod';
import { amount, anyOf, country, id, listOf, plainDate, section, wholeNumber } from './scalar.ts';

/** A range of values; each edge says whether it is inside. No edge: without an end on that side. */
function range<T extends z.ZodType>(edge: T) {
  return section({
    from: edge.optional(),
    above: edge.optional(),
    upTo: edge.optional(),
    below: edge.optional(),
  });
}

export const valueRange = range(amount);
export const quantityRange = range(wholeNumber(0, 1_000_000_000));

/**
 * When a row of the program applies: everything that is named has to hold, and of a list any one. A condition that names nothing always holds.
 * `value` is in the currency of the routing, after converting. `submitted` are dates in the default calendar's zone, `before` excluded.
 */
export const condition = section({
  kinds: listOf(id).optional(),
  types: listOf(id).optional(),
  tracks: listOf(id).optional(),
  tiers: listOf(id).optional(),
  productLines: listOf(id).optional(),
  countries: listOf(country).optional(),
  regions: listOf(id).optional(),
  value: valueRange.optional(),
  quantity: quantityRange.optional(),
  submitted: section({ from: plainDate.optional(), before: plainDate.optional() }).optional(),
  /** Answers to the program's intake: the fact's id and the answers that hold. */
  answers: z.record(id, listOf(z.union([z.string(), z.number(), z.boolean()]))).optional(),
}).meta({ id: 'condition' });
export type Condition = z.output<typeof condition>;

/** An additional fact that the program asks of a claim. `required`: without it the claim is incomplete (rule R01), where `when` holds. */
export const intakeFact = section({
  id,
  label: z.string({ error: 'expected a text' }).min(1, 'expected a text that is not empty'),
  type: z.enum(['text', 'number', 'flag', 'choice'], { error: 'expected one of text, number, flag, choice' }),
  choices: anyOf(z.string()).default([]),
  required: z.boolean({ error: 'expected true or false' }).default(false),
  when: condition.optional(),
});

/** Facts that every claim may bring and a program may require, beside its own intake. */
export const BUILT_IN_FACTS = [
  'quantity',
  'current_contract',
  'tender',
  'distributor',
  'quoted_partner',
  'marketplace',
  'site',
  'proof',
  'company_number',
  'postal_code',
  'domain',
] as const;
