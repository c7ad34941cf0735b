import { z } from 'zod';
import { condition } from './condition.ts';
import { anyOf, decimal, flag, id, money, percent, section, text, wholeNumber, word } from './scalar.ts';

/**
 * To whom a benefit goes: `fromTier` null means from the entry on; `role`: who of several partners gets it, by its part in the deal, null is whoever is registered;
 * `when`: for which claims, such as a band of quantities.
 */
const terms = { fromTier: id.nullable(), role: id.nullable().default(null), when: condition.optional() };
const range = { leastPercent: percent, mostPercent: percent };

/** What a partner gets. Each kind of benefit has its own shape. `other` is for what is only described: the linter asks for figures. */
const benefit = z.discriminatedUnion(
  'kind',
  [
    section({ kind: z.literal('listing'), where: id, fee: id, ...terms }),
    section({ kind: z.literal('funds'), name: id, least: money.nullable(), most: money.nullable(), ...terms }),
    section({ kind: z.literal('revenue_share'), ...range, base: id, ...terms }),
    section({ kind: z.literal('margin'), ...range, gradedBy: id, ...terms }),
    section({ kind: z.literal('deal_protection'), ...terms }),
    section({
      kind: z.literal('commission'),
      percent,
      base: id,
      payout: word(['monthly', 'quarterly', 'yearly']),
      refundHoldbackDays: wholeNumber(0, 365),
      ...terms,
    }),
    section({ kind: z.literal('discount'), percent, base: id, ...terms }),
    section({ kind: z.literal('other'), description: text, ...terms }),
  ],
  { error: 'expected one of listing, funds, revenue_share, margin, deal_protection, commission, discount, other' },
);

/** Economics by track. `combine`: whether several benefits of one kind add up or only the highest applies; a program that does not say so is asked by the linter. */
export const trackEconomics = section({ track: id, benefits: anyOf(benefit), combine: word(['all', 'highest']).optional() });

/** How several partners on one opportunity share what it earns: whole percentages by role that make 100. */
export const split = section({ id, label: text, shares: z.record(id, percent) });

/** A figure by which the program is measured. `leads`: tells of what is coming rather than of what was. */
export const metric = section({
  id,
  label: text,
  unit: word(['percent', 'count', 'score', 'money']),
  currency: z.string().nullable(),
  current: decimal,
  target: decimal,
  leads: flag,
});

export const vision = section({ statement: text, metric: id, target: decimal, byYear: wholeNumber(2000, 2200) });

/** What becomes of each activity when the program grows. */
export const scaleRow = section({ activity: id, start: text, scale: text });

export const maturityRow = section({ area: id, levels: anyOf(text).length(4, { error: 'expected four levels' }) });
