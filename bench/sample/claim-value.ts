import type { Money } from '../../program/vocabulary.ts';
import type { Random } from './random.ts';

/** A range of values in US dollars: above `over`, up to `upTo`. */
export interface ValueRange {
  readonly over: number;
  readonly upTo: number;
}

// The bands of the sample program (contract): below 5,000 denied, to 25,000 automatic, then by role.
export const BELOW_MINIMUM: ValueRange = { over: 800, upTo: 4_999 };
export const AUTOMATIC: ValueRange = { over: 5_000, upTo: 25_000 };
export const REVIEWED: ValueRange = { over: 25_000, upTo: 250_000 };
export const BY_VP: ValueRange = { over: 250_000, upTo: 640_000 };
export const ANY: ValueRange = { over: 5_000, upTo: 250_000 };

/** Handbook §7: deal values are lognormal with a median of 18,000 and a mean of 25,000 US dollars. */
const MEDIAN = 18_000;
const SIGMA = Math.sqrt(2 * Math.log(25_000 / MEDIAN));

/**
 * About what one unit is worth in US dollars. The program's own table decides;
 * labels stay true under any table within `RATE_MARGIN` of this one, because values in other currencies keep clear of the bands' edges.
 */
const DOLLARS_PER_UNIT: Readonly<Record<string, number>> = { USD: 1, EUR: 1.12, GBP: 1.3, JPY: 0.0067, CHF: 1.2, AED: 0.2723, CAD: 0.72 };
const RATE_MARGIN = 0.2;

const EDGES: readonly number[] = [5_000, 25_000, 100_000, 250_000];

/** Draws a value in the range, rounded as people round, in the currency given. */
export function drawValue(random: Random, range: ValueRange, currency: string): Money {
  const perUnit = DOLLARS_PER_UNIT[currency];
  if (perUnit === undefined) throw new RangeError(`no rate for ${currency} in the sample`);
  const keepClear = currency !== 'USD';
  for (let attempt = 0; attempt < 10_000; attempt += 1) {
    const dollars = range === BY_VP ? range.over + random.next() * (range.upTo - range.over) : MEDIAN * Math.exp(SIGMA * random.normal());
    const step = 50 / 10 ** Math.floor(Math.log10(perUnit * 1.5));
    const units = Math.round(dollars / perUnit / step) * step;
    const rounded = units * perUnit;
    if (rounded <= range.over || rounded > range.upTo) continue;
    if (keepClear && EDGES.some((edge) => Math.abs(rounded / edge - 1) < RATE_MARGIN)) continue;
    // ISO 4217: the yen has no minor unit.
    return { amount: units.toFixed(currency === 'JPY' ? 0 : 2), currency };
  }
  throw new RangeError(`no value between ${range.over} and ${range.upTo} USD was found in ${currency}`);
}

export const dollars = (amount: string): Money => ({ amount, currency: 'USD' });
