import type { Program } from './definition/program.ts';
import { compareMoney, convert, formatMoney } from './money.ts';
import type { CaseOutcome, Instant, Money } from './vocabulary.ts';

/** What people decided in a case, without who the parties were: to be found again, and shown on like cases. */
export interface Precedent {
  readonly caseId: string;
  readonly rule: string;
  readonly outcome: CaseOutcome;
  /** What those who claimed and those who held the position had registered. */
  readonly claimantKinds: readonly string[];
  readonly rivalKinds: readonly string[];
  readonly isAgainstDirectTeam: boolean;
  readonly regions: readonly string[];
  readonly productLines: readonly string[];
  /** Between which limits of the ladder the largest value lay, in words; null where it could not be told. */
  readonly valueBand: string | null;
  /** What whoever decided wrote, for insiders. */
  readonly reasons: string;
  /** How often it was decided again after an appeal: it says what was decided last. */
  readonly appeals: number;
  readonly decidedAt: Instant;
}

/** How often like cases ended how. */
export interface LikeCases {
  readonly outcomes: readonly { readonly outcome: CaseOutcome; readonly count: number }[];
  readonly latestAt: Instant;
}

/** Where the largest of `values` lies between the limits of those who decide, from the first to the last; null where there is no limit or no rate. */
export function valueBandOf({ governance, routing, rates }: Program, values: readonly Money[]): string | null {
  const converted = values
    .map((value) => convert(value, routing.currency, rates))
    .flatMap((one) => (one.kind === 'converted' ? [one.money] : []));
  const [first, ...others] = converted;
  if (first === undefined || converted.length < values.length) return null;
  const largest = others.reduce((most, value) => (compareMoney(value, most) > 0 ? value : most), first);
  const limits = governance.ladder
    .flatMap(({ approvalLimit }) => (approvalLimit === null ? [] : [{ amount: approvalLimit, currency: routing.currency }]))
    .sort(compareMoney);
  const above = limits.findIndex((limit) => compareMoney(largest, limit) <= 0);
  const [lower, upper] = above === -1 ? [limits.at(-1), undefined] : [limits[above - 1], limits[above]];
  if (lower === undefined) return upper === undefined ? null : `up to ${formatMoney(upper)}`;
  return upper === undefined ? `above ${formatMoney(lower)}` : `above ${formatMoney(lower)}, up to ${formatMoney(upper)}`;
}

const PAST: Readonly<Record<CaseOutcome, string>> = {
  uphold: 'upheld',
  award: 'awarded',
  split: 'split',
  deny: 'denied',
  co_sell: 'made a co-sell',
  revoke: 'revoked',
};

/** `3 like cases: 2 upheld, 1 awarded; the latest of 2026-11-16`; null where there is none. */
export function likeCasesText(like: LikeCases | null): string | null {
  if (like === null || like.outcomes.length === 0) return null;
  const total = like.outcomes.reduce((sum, { count }) => sum + count, 0);
  const ends = like.outcomes
    .toSorted((a, b) => b.count - a.count || (a.outcome < b.outcome ? -1 : 1))
    .map(({ outcome, count }) => `${count} ${PAST[outcome]}`);
  return `${total} like ${total === 1 ? 'case' : 'cases'}: ${ends.join(', ')}; the latest of ${like.latestAt.slice(0, 10)}`;
}
