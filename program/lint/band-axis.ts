import { Decimal } from 'decimal.js';
import type { Condition } from '../condition.ts';
import { minorUnitDecimals } from '../currency.ts';
import type { Program } from '../definition/program.ts';
import { convert, formatMoney } from '../money.ts';
import type { Money } from '../vocabulary.ts';
import type { Axis } from './axis.ts';

/** The smallest and the largest that a claim may have, both included, in steps of the axis; `last` null: without an end. */
export interface Domain {
  readonly first: bigint;
  readonly last: bigint | null;
}

/** A range of a row in whole steps: from `first` until before `end`, null without an end on that side. */
interface Span {
  readonly first: bigint | null;
  readonly end: bigint | null;
}

/**
 * An axis of steps: the domain is cut where a row begins or ends, so that a gap of a single step is a class of its own.
 * `spanOf` null: the row does not look at this axis.
 */
function bandAxis(
  name: string,
  conditions: readonly Condition[],
  domain: Domain,
  spanOf: (when: Condition) => Span | null,
  describe: (first: bigint | null, last: bigint | null) => string,
): Axis {
  const edges = conditions.flatMap((when) => {
    const span = spanOf(when);
    return span === null ? [] : [span.first, span.end].filter((edge) => edge !== null);
  });
  const inside = edges.filter((edge) => edge > domain.first && (domain.last === null || edge <= domain.last));
  const starts = [...new Set([domain.first, ...inside])].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  const lastOf = (at: number): bigint | null => {
    const next = starts[at + 1];
    return next === undefined ? domain.last : next - 1n;
  };
  return {
    name,
    size: starts.length,
    isOrdered: true,
    holds: (when, at) => {
      const span = spanOf(when);
      const start = starts[at] as bigint;
      return span === null || ((span.first === null || start >= span.first) && (span.end === null || start < span.end)) ? 'yes' : 'no';
    },
    describe: (classes) => {
      const first = Math.min(...classes);
      const last = Math.max(...classes);
      return describe(first === 0 ? null : (starts[first] as bigint), lastOf(last));
    },
  };
}

/** Values in minor units of the routing's currency; a fraction of one belongs to neither side of an edge. */
export function valueAxis({ routing }: Program, conditions: readonly Condition[], domain: Domain): Axis {
  const decimals = minorUnitDecimals(routing.currency) ?? 2;
  const show = (steps: bigint): string =>
    formatMoney({ amount: new Decimal(steps.toString()).div(new Decimal(10).pow(decimals)).toFixed(decimals), currency: routing.currency });
  return bandAxis(
    'value',
    conditions,
    domain,
    ({ value }) =>
      value === undefined
        ? null
        : {
            first: laterOf(
              value.from === undefined ? null : stepsAbove(value.from, decimals),
              value.above === undefined ? null : stepsBelow(value.above, decimals) + 1n,
            ),
            end: earlierOf(
              value.upTo === undefined ? null : stepsBelow(value.upTo, decimals) + 1n,
              value.below === undefined ? null : stepsAbove(value.below, decimals),
            ),
          },
    (first, last) => `a value ${describeRange(first, last, show)}`,
  );
}

/** Whole units. A claim that does not say how many is unknown to every row that asks, and left out here. */
export function quantityAxis(conditions: readonly Condition[], domain: Domain): Axis {
  return bandAxis(
    'quantity',
    conditions,
    domain,
    ({ quantity }) =>
      quantity === undefined
        ? null
        : {
            first: laterOf(
              quantity.from === undefined ? null : BigInt(quantity.from),
              quantity.above === undefined ? null : BigInt(quantity.above) + 1n,
            ),
            end: earlierOf(
              quantity.upTo === undefined ? null : BigInt(quantity.upTo) + 1n,
              quantity.below === undefined ? null : BigInt(quantity.below),
            ),
          },
    (first, last) => `a quantity ${describeRange(first, last, (steps) => steps.toString().replace(/\B(?=(\d{3})+$)/g, ','))}`,
  );
}

const DAY_MS = 86_400_000;

/** Days of receipt, from the first day of the program on. */
export function receiptAxis({ effectiveFrom }: Program, conditions: readonly Condition[]): Axis {
  const dayOf = (date: string): bigint => BigInt(Date.parse(date) / DAY_MS);
  const show = (day: bigint): string => new Date(Number(day) * DAY_MS).toISOString().slice(0, 10);
  return bandAxis(
    'receipt',
    conditions,
    { first: dayOf(effectiveFrom), last: null },
    ({ submitted }) =>
      submitted === undefined
        ? null
        : {
            first: submitted.from === undefined ? null : dayOf(submitted.from),
            end: submitted.before === undefined ? null : dayOf(submitted.before),
          },
    (first, last) => `receipt ${describeRange(first, last, show)}`,
  );
}

/** In minor units of the routing's currency, after converting as claims are converted; null where there is no rate. */
export function minorUnits({ routing, rates }: Program, money: Money): bigint | null {
  const converted = convert(money, routing.currency, rates);
  return converted.kind === 'no_rate' ? null : stepsAbove(converted.money.amount, minorUnitDecimals(routing.currency) ?? 2);
}

function stepsAbove(amount: string, decimals: number): bigint {
  return BigInt(new Decimal(amount).mul(new Decimal(10).pow(decimals)).ceil().toFixed(0));
}

function stepsBelow(amount: string, decimals: number): bigint {
  return BigInt(new Decimal(amount).mul(new Decimal(10).pow(decimals)).floor().toFixed(0));
}

function laterOf(left: bigint | null, right: bigint | null): bigint | null {
  return left === null || right === null ? (left ?? right) : left > right ? left : right;
}

function earlierOf(left: bigint | null, right: bigint | null): bigint | null {
  return left === null || right === null ? (left ?? right) : left < right ? left : right;
}

function describeRange(first: bigint | null, last: bigint | null, show: (steps: bigint) => string): string {
  if (first !== null && first === last) return `of exactly ${show(first)}`;
  if (first === null) return last === null ? 'of any size' : `up to ${show(last)}`;
  return last === null ? `from ${show(first)} on` : `from ${show(first)} to ${show(last)}`;
}
