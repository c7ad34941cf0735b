import { Decimal } from 'decimal.js';
import type { Money } from './vocabulary.ts';

const Exact = Decimal.clone({ precision: 60, toExpNeg: -60, toExpPos: 60 });

/** What `value` is above `base`, in money and in percent of `base` (two decimals, half up, for people). `percent` is null over a base of nothing. */
export interface Growth {
  readonly money: Money;
  readonly percent: string | null;
}

/** The growth of `value` over `base`, or null where it is not above it. Both have to be of one currency: anything else is a bug of the caller. */
export function growthOver(value: Money, base: Money): Growth | null {
  if (value.currency !== base.currency) throw new RangeError(`cannot compare ${value.currency} with ${base.currency}: convert first`);
  const above = new Exact(value.amount).minus(base.amount);
  if (above.lte(0)) return null;
  const whole = new Exact(base.amount);
  return {
    money: { amount: above.toFixed(), currency: value.currency },
    percent: whole.isZero() ? null : above.div(whole).mul(100).toDecimalPlaces(2, Decimal.ROUND_HALF_UP).toFixed(),
  };
}

/** Whether `growth` is at least `leastPercent` of `base`: at exactly that percentage it is. Compared without rounding. */
export function reachesPercent(growth: Growth, base: Money, leastPercent: string): boolean {
  return new Exact(growth.money.amount).mul(100).gte(new Exact(base.amount).mul(leastPercent));
}
