import { growthOver, reachesPercent, type Growth } from '../growth.ts';
import { convert, formatMoney, type Conversion } from '../money.ts';
import type { Money } from '../vocabulary.ts';
import type { Exhibit, RuleInput } from './rule.ts';

/** What a claim renews against what it asks for, in the currency of the current contract. `unknown`: one of both cannot be told, and why. */
export type Renewal =
  | { readonly kind: 'not_renewal' }
  | { readonly kind: 'unknown'; readonly why: string; readonly exhibits: readonly Exhibit[] }
  | { readonly kind: 'flat'; readonly value: Money; readonly current: Money; readonly exhibits: readonly Exhibit[] }
  | { readonly kind: 'growth'; readonly growth: Growth; readonly current: Money; readonly exhibits: readonly Exhibit[] };

/**
 * Compares a renewal with the customer's current contract. Growth is a value above the contract's by at least `leastPercent` of it: at exactly that percentage it
 * is growth, and at 0 whatever is above. Everything else is flat, a smaller renewal too.
 *
 * Another currency is converted at the program's declared rates and rounded once, to the minor unit of the contract's currency. Without the contract, or without
 * a rate, nothing is assumed.
 */
export function compareRenewal({ program, claim, parameters }: RuleInput<'C10_flat_renewal' | 'C11_renewal_with_growth'>): Renewal {
  if (!parameters.renewalKinds.includes(claim.kind)) return { kind: 'not_renewal' };
  const asked = { kind: 'value', summary: `asked for: ${formatMoney(claim.estimatedValue)}` };
  const contract = claim.facts.currentContract;
  if (contract === null) return { kind: 'unknown', why: 'the current contract is not given', exhibits: [asked] };
  const current = contract.value;
  const ends = contract.endsOn === null ? '' : `, ends on ${contract.endsOn}`;
  const exhibits = [asked, { kind: 'value', summary: `current contract: ${formatMoney(current)}${ends}` }];
  const converted: Conversion | null =
    claim.estimatedValue.currency === current.currency ? null : convert(claim.estimatedValue, current.currency, program.rates);
  if (converted?.kind === 'no_rate') return { kind: 'unknown', why: `the program declares no rate for ${converted.currency}`, exhibits };
  const value = converted?.money ?? claim.estimatedValue;
  if (converted !== null)
    exhibits.push({ kind: 'value', summary: `converted: ${formatMoney(value)} at the rate ${converted.rate} of ${converted.date}` });
  const growth = growthOver(value, current);
  if (growth === null) return { kind: 'flat', value, current, exhibits };
  const share = growth.percent === null ? '' : ` (${growth.percent} %)`;
  exhibits.push({ kind: 'value', summary: `of it renewed: ${formatMoney(current)}, growth: ${formatMoney(growth.money)}${share}` });
  return reachesPercent(growth, current, parameters.leastPercent)
    ? { kind: 'growth', growth, current, exhibits }
    : { kind: 'flat', value, current, exhibits };
}
