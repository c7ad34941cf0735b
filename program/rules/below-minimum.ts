import { compareMoney, convert, formatMoney } from '../money.ts';
import { routeClaim } from '../routing.ts';
import type { Money } from '../vocabulary.ts';
import { quiet, type Exhibit, type Finding, type Rule, type RuleInput } from './rule.ts';

/**
 * C19: the deal is too small, or too large, to be registered. One of exactly the minimum is large enough (`below`), of exactly the maximum small enough
 * (`above`), and of exactly the least quantity many enough (`below_quantity`).
 *
 * Values are compared in the currency of the limit, at the program's declared rates. What is certain is told before what is not known: `unknown_value` (no rate,
 * and the routing asks nobody), `unknown_quantity` (not given).
 * Source: Check Point (USD 20,000 at list), Gumdrop (100 units), an ACV of USD 5,000 elsewhere; Sophos counts in local currency.
 */
export const belowMinimum: Rule<'C19_below_minimum'> = {
  id: 'C19_below_minimum',
  examine: (input) => {
    const value = measure(input);
    const quantity = measureQuantity(input);
    const exhibits = [...value.exhibits, ...quantity.exhibits];
    const unknown = [value, quantity].filter(({ situation }) => situation?.startsWith('unknown') === true);
    const decisive = [value, quantity].find((one) => one.situation !== null && !unknown.includes(one)) ?? unknown[0];
    if (decisive?.situation == null) return quiet(value.message, value.message, exhibits);
    return {
      kind: 'found',
      situation: decisive.situation,
      message: decisive.message,
      partnerMessage: decisive.advice === '' ? decisive.message : `${decisive.message} ${decisive.advice}`,
      exhibits,
      rivalIds: [],
      opportunity: null,
    };
  },
};

type C19Situation = Extract<
  Finding<'below' | 'above' | 'below_quantity' | 'unknown_quantity' | 'unknown_value'>,
  { kind: 'found' }
>['situation'];

interface Measured {
  readonly situation: C19Situation | null;
  readonly message: string;
  readonly advice: string;
  readonly exhibits: readonly Exhibit[];
}

function measure(input: RuleInput<'C19_below_minimum'>): Measured {
  const { program, claim, evidence, parameters } = input;
  const limits = [
    { limit: parameters.minimum ?? program.routing.minimum, situation: 'below', is: 'below the minimum', beyond: -1 },
    { limit: parameters.maximum, situation: 'above', is: 'above the maximum', beyond: 1 },
  ] as const;
  const given = formatMoney(claim.estimatedValue);
  const inside: string[] = [];
  const exhibits: Exhibit[] = [];
  for (const { limit, situation, is, beyond } of limits) {
    if (limit === null) continue;
    const shown = showIn(claim.estimatedValue, limit.currency, program);
    if (shown.kind === 'no_rate') {
      const message = `${given} cannot be compared with the limit of ${formatMoney(limit)}: the program declares no rate for ${shown.currency}.`;
      // Where the routing cannot tell either, a person rules there, after the other rules had their say.
      const isAsked = routeClaim(program, claim, evidence.partner).kind === 'unclear';
      return { situation: isAsked ? null : 'unknown_value', message, advice: '', exhibits: [{ kind: 'value', summary: given }] };
    }
    if (!exhibits.some(({ summary }) => summary === shown.text)) exhibits.push({ kind: 'value', summary: shown.text });
    if (compareMoney(shown.money, limit) === beyond) {
      const message = `The value, ${shown.text}, is ${is} of ${formatMoney(limit)}.`;
      return { situation, message, advice: ADVICE[situation], exhibits };
    }
    inside.push(
      situation === 'below'
        ? `The value, ${shown.text}, reaches the minimum of ${formatMoney(limit)}.`
        : `The value, ${shown.text}, does not exceed the maximum of ${formatMoney(limit)}.`,
    );
  }
  return { situation: null, message: inside.join(' ') || 'The program declares no minimum.', advice: '', exhibits };
}

const ADVICE = {
  below: 'Deals below it are not registered; submit again if the deal grows.',
  above: 'Deals above it are not registered here; ask your partner manager.',
} as const;

function showIn(
  value: Money,
  currency: string,
  { rates }: RuleInput['program'],
): { readonly kind: 'shown'; readonly money: Money; readonly text: string } | { readonly kind: 'no_rate'; readonly currency: string } {
  const converted = convert(value, currency, rates);
  if (converted.kind === 'no_rate') return converted;
  const { money, rate, date } = converted;
  const given = formatMoney(value);
  const text = value.currency === currency ? given : `${given}, which is ${formatMoney(money)} at the rate ${rate} of ${date}`;
  return { kind: 'shown', money, text };
}

function measureQuantity({ claim, parameters: { minimumQuantity } }: RuleInput<'C19_below_minimum'>): Measured {
  const { quantity } = claim.facts;
  const nothing = { situation: null, message: '', advice: '', exhibits: [] };
  if (minimumQuantity === null) return nothing;
  const exhibits = [{ kind: 'claim', summary: `quantity ${quantity ?? 'not given'}` }];
  if (quantity === null) {
    const message = `How many units are asked for is not given; the least quantity is ${minimumQuantity}.`;
    return { situation: 'unknown_quantity', message, advice: 'Say how many.', exhibits };
  }
  if (quantity >= minimumQuantity) return { ...nothing, exhibits };
  const message = `${quantity} units are below the least quantity of ${minimumQuantity}.`;
  return { situation: 'below_quantity', message, advice: 'Smaller deals are not registered; submit again if the deal grows.', exhibits };
}
