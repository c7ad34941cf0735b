import { z } from 'zod';
import {
  amount,
  country,
  currency,
  flag,
  id,
  listOf,
  money,
  plainDate,
  rate,
  section,
  similarity,
  text,
  timeZone,
  wallClock,
  wholeNumber,
  word,
} from './scalar.ts';

/** Declared rates: what one unit of a currency is worth in `base`, on one date. */
export const rateTable = section({
  base: currency,
  date: plainDate,
  rounding: word(['half_up', 'half_even']),
  perUnit: z.record(currency, rate, {
    error: (issue) => (issue.code === 'invalid_type' ? 'expected a mapping of currencies to rates' : 'expected an ISO 4217 currency code'),
  }),
});

/** A band of values: up to `upTo` inclusive, in the routing's currency; null is without an end. `decidedBy`: `auto` or a role of the ladder. */
const band = section({ upTo: amount.nullable(), decidedBy: id });

/**
 * How a claim without a conflict is decided: by its value. Values below `minimum` are not registrable.
 * Where no declared rate leads to the currency of the bands, nothing is guessed: the role named by `withoutRate` rules.
 */
export const routing = section({ currency, minimum: money, bands: listOf(band), withoutRate: id });

/** An office: its week, its hours, its holidays. `country` and `region` choose a table of public holidays, which the caller supplies. */
export const calendar = section({
  id,
  timeZone,
  workingDays: listOf(wholeNumber(1, 7)),
  startTime: wallClock,
  endTime: wallClock,
  holidays: section({ country, region: text.nullable(), closedDates: z.array(plainDate, { error: 'expected a list of dates' }) }),
});

/** A returned claim waits for its partner this long. `reviewClock`: what its return does to the deadline of the review. */
export const returned = section({ lapseAfterDays: wholeNumber(1, 365), reviewClock: word(['restarts', 'pauses', 'runs_on']) });

/** How old the mirror of the CRM may be when the CRM does not answer in time. */
export const evidenceRule = section({ refreshTimeoutMs: wholeNumber(100, 60_000), mirrorMaxAgeMinutes: wholeNumber(0, 10_080) });

/** From which similarity on names count; see `matchCustomers`. */
export const matching = section({
  twinSimilarity: similarity,
  twinLabelLength: wholeNumber(1, 63),
  probableSimilarity: similarity,
  weakSimilarity: similarity,
});

/** `earlyStages`: how many open stages, from the first, count as early. A late one is stale after `staleAfterDays` without activity. */
export const directOpportunity = section({
  earlyStages: wholeNumber(0, 50),
  staleAfterDays: wholeNumber(1, 3650),
  /** False: an opportunity that was created after the claim was received does not stand against it. */
  countsWhenCreatedAfterReceipt: flag,
});
