import { Decimal } from 'decimal.js';
import { refuse, type Refusal } from './failures.ts';

// A constructor of our own: the library's default one is global and could be reconfigured elsewhere.
const Exact = Decimal.clone({ precision: 60 });

/** What one party of a case that is split gets of the deal: a percentage with two decimals, as text. */
export interface CaseShare {
  readonly registrationId: string;
  readonly percent: string;
}

/** A party between whom a deal is shared. Parties are given in the order of receipt. */
export interface Sharer {
  readonly registrationId: string;
  readonly kind: string;
}

/** A split as the program declares it: percentages by kind of registration. */
interface DeclaredSplit {
  readonly shares: Readonly<Record<string, string>>;
}

/** A share as somebody may write it: above nothing, at most all, with at most two decimals. */
export const SHARE_PATTERN = /^(?!0+(\.0+)?$)(100(\.0{1,2})?|\d{1,2}(\.\d{1,2})?)$/;

const HUNDREDTHS = 10_000;

/**
 * How the program shares a deal between `parties`: by the first split that names the kinds of all of them, each kind's percentage divided evenly among those of that
 * kind; without one evenly.
 *
 * The shares make exactly 100. What rounding down leaves goes, a hundredth of a percent each, to the largest remainders; of equal ones to the earlier receipt.
 */
export function declaredShares(splits: readonly DeclaredSplit[], parties: readonly Sharer[]): readonly CaseShare[] {
  const split = splits.find(({ shares }) => parties.every(({ kind }) => Object.hasOwn(shares, kind)));
  const weights = parties.map(({ kind }) => {
    const sameKind = parties.filter((party) => party.kind === kind).length;
    return split === undefined ? new Exact(1) : new Exact(split.shares[kind] ?? '0').div(sameKind);
  });
  const isEmpty = weights.every((weight) => weight.isZero());
  const parts = largestRemainders(isEmpty ? weights.map(() => new Exact(1)) : weights);
  return parties.map(({ registrationId }, at) => ({ registrationId, percent: percentOf(parts[at] ?? 0) }));
}

/** Whole hundredths that make 100 %, in proportion to the weights. */
function largestRemainders(weights: readonly Decimal[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum.add(weight), new Exact(0));
  const exact = weights.map((weight) => weight.mul(HUNDREDTHS).div(total));
  const whole = exact.map((part) => part.floor().toNumber());
  const left = HUNDREDTHS - whole.reduce((sum, part) => sum + part, 0);
  const byRemainder = exact
    .map((part, at) => ({ at, remainder: part.sub(part.floor()).toDecimalPlaces(40) }))
    .sort((a, b) => b.remainder.cmp(a.remainder) || a.at - b.at);
  const favoured = new Set(byRemainder.slice(0, left).map(({ at }) => at));
  return whole.map((part, at) => (favoured.has(at) ? part + 1 : part));
}

function percentOf(hundredths: number): string {
  return new Exact(hundredths).div(100).toFixed(2);
}

/** The shares as somebody wrote them, in the order of receipt and with two decimals. Call it with shares that were not refused. */
export function givenShares(parties: readonly Sharer[], given: readonly CaseShare[]): readonly CaseShare[] {
  return parties.flatMap(({ registrationId }) => {
    const share = given.find((one) => one.registrationId === registrationId);
    return share === undefined ? [] : [{ registrationId, percent: new Exact(share.percent).toFixed(2) }];
  });
}

/** Whether the deal can be shared so: null when each party that stands is named once and the shares make exactly 100. */
export function refusalOfShares(parties: readonly Pick<Sharer, 'registrationId'>[], given: readonly CaseShare[]): Refusal | null {
  const ids = parties.map(({ registrationId }) => registrationId);
  const named = given.map(({ registrationId }) => registrationId);
  const bad = given.find(({ percent }) => !SHARE_PATTERN.test(percent));
  if (bad !== undefined) {
    return refuse(
      'OUTCOME_NOT_POSSIBLE',
      `The share of registration ${bad.registrationId} is "${bad.percent}"; expected a percentage above 0 and at most 100 with at most two decimals, such as "33.34".`,
    );
  }
  const stranger = named.find((id) => !ids.includes(id));
  const twice = named.find((id, at) => named.indexOf(id) !== at);
  const missing = ids.find((id) => !named.includes(id));
  const expected = `expected a share for each of: ${ids.join(', ')}.`;
  if (stranger !== undefined) {
    return refuse('OUTCOME_NOT_POSSIBLE', `Registration ${stranger} has no standing part in this case and no share of it; ${expected}`);
  }
  if (twice !== undefined) return refuse('OUTCOME_NOT_POSSIBLE', `Registration ${twice} is given two shares; ${expected}`);
  if (missing !== undefined) return refuse('OUTCOME_NOT_POSSIBLE', `Registration ${missing} is given no share; ${expected}`);
  const sum = given.reduce((total, { percent }) => total.add(percent), new Exact(0));
  return sum.eq(100) ? null : refuse('OUTCOME_NOT_POSSIBLE', `The shares make ${sum.toFixed()} %; expected exactly 100 %.`);
}
