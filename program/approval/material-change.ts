import { Decimal } from 'decimal.js';
import type { ClaimSnapshot } from '../claim.ts';
import type { Program } from '../definition/program.ts';
import { convert } from '../money.ts';

type Decisive = Pick<ClaimSnapshot, 'kind' | 'customer' | 'productLines' | 'estimatedValue' | 'facts'>;

/**
 * Whether a claim that changed while people decide is another one than they said yes to.
 *
 * The customer, the lines, the kind and the facts always are material; the value is when it moved by more than the program's `immaterialPercent` of what it was, exactly
 * as much is not; the expected date never is. Values of two currencies are compared in that of the routing; one that cannot be converted is another value.
 */
export function isMaterialChange(program: Program, before: Decisive, after: Decisive): boolean {
  return (
    before.kind !== after.kind ||
    JSON.stringify(before.customer) !== JSON.stringify(after.customer) ||
    JSON.stringify([...before.productLines].toSorted()) !== JSON.stringify([...after.productLines].toSorted()) ||
    JSON.stringify(before.facts) !== JSON.stringify(after.facts) ||
    isOtherValue(program, before.estimatedValue, after.estimatedValue)
  );
}

function isOtherValue({ routing, rates }: Program, before: Decisive['estimatedValue'], after: Decisive['estimatedValue']): boolean {
  const [was, is] =
    before.currency === after.currency ? [before, after] : [before, after].map((value) => inRouting(value, routing.currency, rates));
  if (was === undefined || is === undefined || was === null || is === null) return true;
  const moved = new Decimal(is.amount).minus(was.amount).abs();
  return moved.times(100).gt(new Decimal(was.amount).times(routing.immaterialPercent));
}

function inRouting(value: Decisive['estimatedValue'], currency: string, rates: Program['rates']): Decisive['estimatedValue'] | null {
  const converted = convert(value, currency, rates);
  return converted.kind === 'converted' ? converted.money : null;
}
