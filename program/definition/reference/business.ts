import { Decimal } from 'decimal.js';
import { isCurrency } from '../../currency.ts';
import type { Program } from '../program.ts';
import { checkDecimals, checkId, checkOf, findTwice, type DefinitionProblem, type Path, type ReferenceCheck } from './problem.ts';

/** What nothing is decided by, and people rely on: economics, shares, documents, figures, phases. */
export const BUSINESS_CHECKS: readonly ReferenceCheck[] = [
  checkOf(['vision', 'metrics'], ({ vision, metrics }) =>
    vision === null
      ? []
      : checkId(
          ['vision', 'metric'],
          vision.metric,
          metrics.map(({ id }) => id),
        ),
  ),
  checkOf(['metrics'], ({ metrics }) => metrics.flatMap((metric, at) => checkMetric(['metrics', at, 'currency'], metric))),
  checkOf(['documents', 'governance'], ({ documents, governance }) =>
    documents.flatMap(({ owner }, at) =>
      checkId(
        ['documents', at, 'owner'],
        owner,
        governance.roles.map(({ id }) => id),
      ),
    ),
  ),
  checkOf(['economics', 'tracks', 'splits'], ({ economics, tracks, splits }) => {
    const parts = [...new Set(splits.flatMap(({ shares }) => Object.keys(shares)))];
    return economics.flatMap((row, at) => {
      const tiers = tracks.find(({ id }) => id === row.track)?.tiers.map(({ id }) => id) ?? [];
      return [
        ...checkId(
          ['economics', at, 'track'],
          row.track,
          tracks.map(({ id }) => id),
        ),
        ...row.benefits.flatMap((benefit, index) => {
          const path: Path = ['economics', at, 'benefits', index];
          return [
            ...(benefit.fromTier === null ? [] : checkId([...path, 'fromTier'], benefit.fromTier, tiers)),
            ...(benefit.role === null ? [] : checkId([...path, 'role'], benefit.role, parts)),
            ...checkFigures(path, benefit),
          ];
        }),
      ];
    });
  }),
  checkOf(['splits'], ({ splits }) =>
    splits.flatMap(({ shares }, at) => {
      const sum = Object.values(shares).reduce((total, share) => total.plus(share), new Decimal(0));
      return sum.eq(100)
        ? []
        : [{ path: ['splits', at, 'shares'], message: `${sum.toFixed()} in sum; expected shares that make exactly 100` }];
    }),
  ),
  checkOf(['cases'], ({ cases: { remediation } }) =>
    remediation.flatMap(({ on, byDefault, amount }, at) => {
      const path: Path = ['cases', 'remediation', at];
      const earlier = remediation.slice(0, at).filter((other) => other.byDefault);
      const taken = byDefault ? on.find((loss) => earlier.some((other) => other.on.includes(loss))) : undefined;
      return [
        ...findTwice([...path, 'on'], null, on),
        ...(amount === null ? [] : checkDecimals([...path, 'amount', 'amount'], amount.amount, amount.currency)),
        ...(taken === undefined
          ? []
          : [{ path: [...path, 'byDefault'], message: `true; expected one remediation at most by default for ${taken}` }]),
      ];
    }),
  ),
  checkOf(['launch'], ({ launch }) =>
    launch.flatMap(({ fromMonth, toMonth }, at) =>
      toMonth !== null && toMonth < fromMonth
        ? [{ path: ['launch', at, 'toMonth'], message: `${toMonth}; expected month ${fromMonth} or later` }]
        : [],
    ),
  ),
];

function checkMetric(path: Path, { unit, currency }: Program['metrics'][number]): readonly DefinitionProblem[] {
  if (unit !== 'money') return currency === null ? [] : [{ path, message: `${currency}; expected null, since the metric is no money` }];
  return currency !== null && isCurrency(currency) ? [] : [{ path, message: `${String(currency)}; expected an ISO 4217 currency code` }];
}

type Benefit = Program['economics'][number]['benefits'][number];

/** Least is not above most, both in one currency and no finer than it. */
function checkFigures(path: Path, benefit: Benefit): readonly DefinitionProblem[] {
  switch (benefit.kind) {
    case 'funds': {
      const { least, most } = benefit;
      const decimals = [
        ...(least === null ? [] : checkDecimals([...path, 'least', 'amount'], least.amount, least.currency)),
        ...(most === null ? [] : checkDecimals([...path, 'most', 'amount'], most.amount, most.currency)),
      ];
      if (least === null || most === null) return decimals;
      if (least.currency !== most.currency)
        return [...decimals, { path: [...path, 'most', 'currency'], message: `${most.currency}; expected ${least.currency}, as of least` }];
      return [...decimals, ...checkOrder([...path, 'most', 'amount'], least.amount, most.amount)];
    }
    case 'revenue_share':
    case 'margin':
      return checkOrder([...path, 'mostPercent'], benefit.leastPercent, benefit.mostPercent);
    case 'listing':
    case 'deal_protection':
    case 'commission':
    case 'discount':
    case 'other':
      return [];
  }
}

function checkOrder(path: Path, least: string, most: string): readonly DefinitionProblem[] {
  return new Decimal(most).lt(least) ? [{ path, message: `"${most}"; expected "${least}" or more` }] : [];
}
