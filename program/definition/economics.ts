import { z } from 'zod';
import { PARTNER_TIERS, PARTNER_TRACKS } from '../vocabulary.ts';
import { anyOf, flag, id, listOf, money, percent, section, text, wholeNumber, word } from './scalar.ts';

const fromTier = word(PARTNER_TIERS).nullable();
const range = { leastPercent: percent, mostPercent: percent };

/** What a partner gets. Each kind of benefit has its own shape, so that none can stay vague; `fromTier` null means from the entry on. */
const benefit = z.discriminatedUnion(
  'kind',
  [
    section({ kind: z.literal('listing'), where: id, fee: id, fromTier }),
    section({ kind: z.literal('funds'), name: id, least: money.nullable(), most: money.nullable(), fromTier }),
    section({ kind: z.literal('revenue_share'), ...range, base: id, fromTier }),
    section({ kind: z.literal('margin'), ...range, gradedBy: id, fromTier }),
    section({ kind: z.literal('deal_protection'), fromTier }),
    section({
      kind: z.literal('commission'),
      percent,
      base: id,
      payout: word(['monthly', 'quarterly', 'yearly']),
      refundHoldbackDays: wholeNumber(0, 365),
      fromTier,
    }),
  ],
  { error: 'expected one of listing, funds, revenue_share, margin, deal_protection, commission' },
);

/** Economics by track. */
export const trackEconomics = section({ track: word(PARTNER_TRACKS), benefits: listOf(benefit) });

/** A figure by which the program is measured. `isOutcome` tells what partners bring about from what is merely counted. */
export const metric = section({
  id,
  label: text,
  unit: word(['percent', 'count', 'score', 'money']),
  currency: z.string().nullable(),
  current: percentOrNumber(),
  target: percentOrNumber(),
  leads: flag,
});

export const vision = section({ statement: text, metric: id, target: percentOrNumber(), byYear: wholeNumber(2000, 2200) });

/** What becomes of each activity when the program grows. */
export const scaleRow = section({ activity: id, start: text, scale: text });

export const maturityRow = section({ area: id, levels: anyOf(text).length(4, { error: 'expected four levels' }) });

function percentOrNumber(): z.ZodString {
  const error = 'expected a decimal in quotes, such as "22"';
  return z.string({ error }).regex(/^\d{1,12}(\.\d{1,4})?$/, { error });
}
