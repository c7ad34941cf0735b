import { Decimal } from 'decimal.js';
import { minorUnitDecimals } from './currency.ts';
import type { Money, PlainDate } from './vocabulary.ts';

// A constructor of our own: the library's default one is global and could be reconfigured elsewhere.
const Exact = Decimal.clone({ precision: 60, toExpNeg: -60, toExpPos: 60 });

/** The CRM's field holds 16 digits before the point and 2 behind it at the most; what is larger is a typing error, not a deal. */
const MAXIMUM = new Exact('99999999999999.99');

const DECIMAL_TEXT = /^-?\d{1,30}(\.\d{1,30})?$/;

export type RoundingRule = 'half_up' | 'half_even';

/** Declared rates of one date: `perUnit[code]` is what one unit of `code` is worth in `base`. */
export interface RateTable {
  readonly base: string;
  readonly date: PlainDate;
  readonly rounding: RoundingRule;
  readonly perUnit: Readonly<Record<string, string>>;
}

export type Conversion =
  | { readonly kind: 'converted'; readonly money: Money; readonly rate: string; readonly date: PlainDate }
  | { readonly kind: 'no_rate'; readonly currency: string };

/**
 * What is wrong with an amount that somebody typed, in words, or null when it is a price: a plain decimal above zero, of a currency that ISO 4217 lists, with
 * no more decimals than its minor unit has, and below 100 trillion.
 */
export function problemOfMoney(money: Money): string | null {
  const decimals = minorUnitDecimals(money.currency);
  if (decimals === null) return `${JSON.stringify(money.currency)} is not an ISO 4217 currency code such as "USD"`;
  if (!DECIMAL_TEXT.test(money.amount)) return 'the amount has to be a plain decimal such as "25000.00"';
  const amount = new Exact(money.amount);
  if (amount.lte(0)) return 'the amount has to be above zero';
  if (amount.gt(MAXIMUM)) return `the amount has to be at most ${MAXIMUM.toFixed()}`;
  if (amount.decimalPlaces() > decimals) return `${money.currency} has ${decimals} decimals at most`;
  return null;
}

/**
 * Converts by the declared table, through its base currency, and rounds once, at the end, to the minor unit of `currency` by the table's rule.
 * The same currency is returned rounded likewise. A currency without a rate is an answer, not an error: the program decides what then.
 */
export function convert(money: Money, currency: string, rates: RateTable): Conversion {
  const from = rateOf(money.currency, rates);
  if (from === null) return { kind: 'no_rate', currency: money.currency };
  const to = rateOf(currency, rates);
  if (to === null) return { kind: 'no_rate', currency };
  const exact = money.currency === currency ? new Exact(money.amount) : new Exact(money.amount).mul(from).div(to);
  const rounded = roundTo(exact, minorUnitDecimals(currency) ?? 2, rates.rounding);
  return {
    kind: 'converted',
    money: { amount: rounded, currency },
    rate: from.div(to).toSignificantDigits(12).toFixed(),
    date: rates.date,
  };
}

/** −1, 0 or 1, as `left` is less than, equal to or more than `right`. Both have to be of one currency: anything else is a bug of the caller. */
export function compareMoney(left: Money, right: Money): -1 | 0 | 1 {
  if (left.currency !== right.currency) throw new RangeError(`cannot compare ${left.currency} with ${right.currency}: convert first`);
  return new Exact(left.amount).cmp(right.amount) as -1 | 0 | 1;
}

/** For people: `USD 25,000.00`, grouped, with the decimals of the minor unit. */
export function formatMoney(money: Money): string {
  const fixed = new Exact(money.amount).toFixed(minorUnitDecimals(money.currency) ?? 2);
  const [whole = '0', fraction] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${money.currency} ${fraction === undefined ? grouped : `${grouped}.${fraction}`}`;
}

function rateOf(currency: string, rates: RateTable): Decimal | null {
  if (currency === rates.base) return new Exact(1);
  // A table that was parsed from a file is an ordinary object: `constructor` is no currency.
  const rate = Object.hasOwn(rates.perUnit, currency) ? rates.perUnit[currency] : undefined;
  return rate === undefined ? null : new Exact(rate);
}

function roundTo(value: Decimal, decimals: number, rule: RoundingRule): string {
  switch (rule) {
    case 'half_up':
      return value.toFixed(decimals, Decimal.ROUND_HALF_UP);
    case 'half_even':
      return value.toFixed(decimals, Decimal.ROUND_HALF_EVEN);
  }
}
