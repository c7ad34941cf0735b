import { formatMoney } from '../money.ts';
import type { Condition } from './condition.ts';
import type { DeepReadonly } from './deep-readonly.ts';
import { speak } from './spoken-value.ts';

/** A condition as people read it: `resale of gold partners, from USD 25,000.00`, or `everything`. `value` is in `currency`. */
export function speakCondition(when: DeepReadonly<Condition> | undefined, currency: string): string {
  const { kinds, types, tracks, tiers, productLines, countries, regions, value, quantity, submitted, answers } = when ?? {};
  const among = (name: string, list: readonly string[] | undefined): readonly string[] =>
    list === undefined ? [] : [`${name} ${list.join(' or ')}`];
  const parts = [
    ...among('kind', kinds),
    ...among('type', types),
    ...among('track', tracks),
    ...among('tier', tiers),
    ...among('product line', productLines),
    ...among('country', countries),
    ...among('region', regions),
    ...speakRange('', value, (amount) => formatMoney({ amount, currency })),
    ...speakRange('quantity ', quantity, String),
    ...(submitted?.from === undefined ? [] : [`received from ${submitted.from}`]),
    ...(submitted?.before === undefined ? [] : [`received before ${submitted.before}`]),
    ...Object.entries(answers ?? {}).map(([fact, accepted]) => `${fact} ${accepted.map(speak).join(' or ')}`),
  ];
  return parts.length === 0 ? 'everything' : parts.join(', ');
}

interface Range<T> {
  readonly from?: T | undefined;
  readonly above?: T | undefined;
  readonly upTo?: T | undefined;
  readonly below?: T | undefined;
}

function speakRange<T>(name: string, range: Range<T> | undefined, show: (edge: T) => string): readonly string[] {
  if (range === undefined) return [];
  const { from, above, upTo, below } = range;
  const edges = [
    ...(from === undefined ? [] : [`from ${show(from)}`]),
    ...(above === undefined ? [] : [`above ${show(above)}`]),
    ...(upTo === undefined ? [] : [`up to ${show(upTo)}`]),
    ...(below === undefined ? [] : [`below ${show(below)}`]),
  ];
  return edges.length === 0 ? [] : [`${name}${edges.join(' ')}`];
}
