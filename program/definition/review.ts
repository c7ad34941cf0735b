import { z } from 'zod';
import { condition } from './condition.ts';
import { plannedStage } from './conflict-rule.ts';
import {
  anyOf,
  country,
  currency,
  duration,
  flag,
  id,
  listOf,
  money,
  percent,
  plainDate,
  rate,
  section,
  similarity,
  span,
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

/**
 * How a claim without a conflict is decided: by the rows. `first`: the first row whose condition holds. `only`: exactly one row may hold.
 * A row without steps approves at once; otherwise its roles are asked one after another, or those of one stage at once.
 *
 * Values below `minimum` are not registrable (null: none). Where no row holds, several do under `only`, or a condition cannot be told (no rate, no answer),
 * nothing is guessed: the role named by `otherwise` rules. `immaterialPercent`: a change of the value by at most this much, while people decide, does not ask those
 * again who said yes before.
 */
export const routing = section({
  currency,
  minimum: money.nullable(),
  hitPolicy: word(['first', 'only']),
  rows: listOf(section({ when: condition.prefault({}), steps: anyOf(plannedStage) })),
  otherwise: id,
  immaterialPercent: percent.default('0'),
});

/**
 * An office: its week, its hours, its holidays. `country` and `region` choose a table of public holidays, which the caller supplies.
 *
 * `cutOff`: what arrives at this time or later counts as arriving at the next opening. `quarterEnd`: the last days of each quarter of the business year, on which
 * nobody decides; `yearBegins` is the month in which that year begins.
 */
export const calendar = section({
  id,
  timeZone,
  workingDays: listOf(wholeNumber(1, 7)),
  startTime: wallClock,
  endTime: wallClock,
  holidays: section({ country, region: text.nullable(), closedDates: z.array(plainDate, { error: 'expected a list of dates' }) }),
  cutOff: wallClock.nullable().default(null),
  quarterEnd: section({ lastDays: wholeNumber(1, 20), yearBegins: wholeNumber(1, 12).default(1) })
    .nullable()
    .default(null),
});

/**
 * Clocks beside those of the single steps, each from the receipt of the claim (`submission`) or from when it reached people (`arrival`).
 *
 * `acknowledge`: until when somebody has been in touch with the partner: asked something, said something, or decided. `whole`: until when the whole approval is done,
 * whatever its steps still say. `dispute`: the same of a case. `silence` says what follows: `escalate` goes straight to the last role of the ladder.
 */
const whole = { within: duration, silence: word(['escalate', 'keep_asking', 'approve', 'deny']) };
export const clocks = section({
  acknowledge: section({ within: duration, from: word(['arrival', 'submission']) })
    .nullable()
    .default(null),
  whole: section({ ...whole, from: word(['arrival', 'submission']) })
    .nullable()
    .default(null),
  dispute: section(whole).nullable().default(null),
});

/** A returned claim waits for its partner this long. `reviewClock`: what its return does to the deadline of the review. */
export const returned = section({
  lapseAfter: duration,
  reviewClock: word(['restarts', 'pauses', 'runs_on']),
  /** `renewed`: the completed claim has the later receipt, after claims that came meanwhile. */
  receipt: word(['renewed', 'kept']),
});

/** Part of the world by countries. A country stands in one region at most. `calendar`: when offices there work; null: the default one. */
export const region = section({ id, label: text, countries: listOf(country), calendar: id.nullable().default(null) });

/**
 * A customer that the vendor keeps to itself or to somebody, from a date on and until before another. `named`: sold by a named team; `house`: served by the
 * vendor; `direct_only`: not sold through partners. `reservedFor`: the partner (by external id) whom the entry does not stand against.
 */
export const listedAccount = section({
  kind: word(['named', 'house', 'direct_only']),
  name: text,
  domains: anyOf(text).default([]),
  companyNumber: text.optional(),
  country: country.optional(),
  from: plainDate,
  until: plainDate.nullable().default(null),
  reservedFor: text.nullable().default(null),
});

/** How old the mirror of the CRM may be when the CRM does not answer in time. */
export const evidenceRule = section({ refreshTimeoutMs: wholeNumber(100, 60_000), mirrorMaxAgeMinutes: wholeNumber(0, 10_080) });

/** From which similarity on names count; see `matchCustomers`. */
export const matching = section({
  twinSimilarity: similarity,
  twinLabelLength: wholeNumber(1, 63),
  probableSimilarity: similarity,
  weakSimilarity: similarity,
});

/** `earlyStages`: how many open stages, from the first, count as early. A late one is stale after `staleAfter` without activity. */
export const directOpportunity = section({
  earlyStages: wholeNumber(0, 50),
  staleAfter: span,
  /** False: an opportunity that was created after the claim was received does not stand against it. */
  countsWhenCreatedAfterReceipt: flag,
});
