import type { Program } from './definition/program.ts';
import { compareMoney, convert, formatMoney } from './money.ts';
import type { Money } from './vocabulary.ts';

/** Who decides a claim of this value that no conflict stands against. `value` is the amount in the currency of the bands. */
export type ValueRoute =
  | { readonly kind: 'auto'; readonly message: string }
  | { readonly kind: 'role'; readonly role: string; readonly message: string }
  | { readonly kind: 'no_rate'; readonly role: string; readonly message: string };

/** The first band whose upper bound, which is included, is not exceeded by the converted and rounded value. */
export function routeByValue(program: Program, estimatedValue: Money): ValueRoute {
  const { routing, rates } = program;
  const converted = convert(estimatedValue, routing.currency, rates);
  const given = formatMoney(estimatedValue);
  if (converted.kind === 'no_rate') {
    const role = labelOf(program, routing.withoutRate);
    return {
      kind: 'no_rate',
      role: routing.withoutRate,
      message: `The program declares no rate for ${converted.currency}, so ${role} rules on ${given}.`,
    };
  }
  const { money: value } = converted;
  const shown = estimatedValue.currency === routing.currency ? given : `${given} (${formatMoney(value)} at the rates of ${converted.date})`;
  const band = routing.bands.find(({ upTo }) => upTo === null || compareMoney(value, { amount: upTo, currency: routing.currency }) <= 0);
  if (band === undefined) throw new Error(`program ${program.id} ${program.version} has no last band without an end`);
  const reach = band.upTo === null ? 'above the last bound' : `up to ${formatMoney({ amount: band.upTo, currency: routing.currency })}`;
  if (band.decidedBy === 'auto') return { kind: 'auto', message: `A value of ${shown} is approved without a review (${reach}).` };
  return {
    kind: 'role',
    role: band.decidedBy,
    message: `A value of ${shown} is decided by ${labelOf(program, band.decidedBy)} (${reach}).`,
  };
}

function labelOf(program: Program, role: string): string {
  return program.governance.roles.find((candidate) => candidate.id === role)?.label ?? role;
}
