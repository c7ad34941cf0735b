import { Decimal } from 'decimal.js';
import { minorUnitDecimals } from '../currency.ts';
import type { Program } from '../definition/program.ts';
import { convert } from '../money.ts';
import type { Money } from '../vocabulary.ts';
import type { Ending, SimulatedClaim } from './simulated-claim.ts';

// A constructor of our own: the library's default one is global and could be reconfigured elsewhere.
const Exact = Decimal.clone({ precision: 60 });

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** What a whole run came to. Hours and days are measures, not money: they are numbers, rounded to a tenth. */
export interface RunTotal {
  readonly claims: number;
  readonly endings: Readonly<Record<Ending, number>>;
  /** Decided without any person being asked. */
  readonly untouched: number;
  /** Steps that people were asked, and the hours that they cost by the minutes of each role. */
  readonly stepsAsked: number;
  readonly hoursAsked: number;
  /** What claims that still wait will cost beyond that, if everybody says yes. */
  readonly hoursToCome: number;
  /** The value of every claim that was protected, each once and whole, at the declared rates. */
  readonly protectedValue: Money;
  /** Protected claims in a currency without a declared rate, which the sum leaves out. */
  readonly unconverted: number;
  /** From receipt to decision, or to the end of the run: of all claims together, and of the middle one. */
  readonly daysWaited: number;
  readonly medianDaysWaited: number;
}

/**
 * Adds a run up. `minutesOf` says what a step costs the role that is asked; values are converted to the routing's currency of `valued` at its rates, so that two
 * runs are added up alike when the same program is given for both.
 */
export function totalOf(
  claims: readonly SimulatedClaim[],
  minutesOf: (claim: SimulatedClaim, role: string) => number,
  valued: Program,
): RunTotal {
  const endings: Record<Ending, number> = { won: 0, lost: 0, waiting: 0, withdrawn: 0 };
  const { currency } = valued.routing;
  let sum = new Exact(0);
  let [unconverted, minutesAsked, minutesToCome, stepsAsked, untouched, waitedMs] = [0, 0, 0, 0, 0, 0];
  for (const claim of claims) {
    endings[claim.ending] += 1;
    stepsAsked += claim.asked.length;
    waitedMs += claim.waitedMs;
    if (claim.asked.length === 0 && claim.decidedBy === 'program') untouched += 1;
    for (const role of claim.asked) minutesAsked += minutesOf(claim, role);
    for (const role of claim.toAsk) minutesToCome += minutesOf(claim, role);
    if (claim.ending !== 'won') continue;
    const converted = convert(claim.value, currency, valued.rates);
    if (converted.kind === 'converted') sum = sum.add(converted.money.amount);
    else unconverted += 1;
  }
  const waits = claims.map((claim) => claim.waitedMs).sort((left, right) => left - right);
  return {
    claims: claims.length,
    endings,
    untouched,
    stepsAsked,
    hoursAsked: tenths(minutesAsked / 60),
    hoursToCome: tenths(minutesToCome / 60),
    protectedValue: { amount: sum.toFixed(minorUnitDecimals(currency) ?? 2), currency },
    unconverted,
    daysWaited: tenths(waitedMs / DAY_MS),
    medianDaysWaited: tenths((waits[Math.floor((waits.length - 1) / 2)] ?? 0) / DAY_MS),
  };
}

/** `left` less `right`, exactly; both in one currency. */
export function subtractMoney(left: Money, right: Money): Money {
  if (left.currency !== right.currency) throw new RangeError(`cannot subtract ${right.currency} from ${left.currency}: convert first`);
  return { amount: new Exact(left.amount).sub(right.amount).toFixed(minorUnitDecimals(left.currency) ?? 2), currency: left.currency };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
