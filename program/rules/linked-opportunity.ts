import { Decimal } from 'decimal.js';
import type { ApprovedPosition, LinkedOpportunity } from '../claim.ts';
import type { Program } from '../definition/program.ts';
import type { RuleParameters } from '../definition/rule-parameter.ts';
import { convert, formatMoney } from '../money.ts';
import type { Money } from '../vocabulary.ts';
import type { Exhibit } from './rule.ts';

// Wide enough for any amount times any percentage without rounding; the library's default constructor is global and narrower.
const Exact = Decimal.clone({ precision: 60 });

/** Whether an amount moved further than allowed, in the declared direction; exactly that far is inside. Both are of one currency. */
export function movedFurther(
  before: string,
  now: string,
  { amountPercent, direction }: Pick<RuleParameters<'C26_drift'>, 'amountPercent' | 'direction'>,
): boolean {
  const difference = new Exact(now).minus(before);
  const counts = direction === 'both' || (direction === 'up' ? difference.gt(0) : difference.lt(0));
  return counts && !difference.abs().mul(100).lte(new Exact(before).mul(amountPercent));
}

/** The other partners' claims that share the opportunity: for insiders, whom it shows that several have a part in one deal. */
export function exhibitBeside({ connection, remoteId, beside }: LinkedOpportunity): readonly Exhibit[] {
  return beside.map(({ registrationId, partnerId, kind, isPrimary }) => ({
    kind: 'rival',
    summary: `opportunity ${connection} ${remoteId} is linked to registration ${registrationId} of partner ${partnerId} as ${kind}, too${isPrimary ? ', which is its primary' : ''}`,
  }));
}

/** One way in which a linked opportunity is not what it was. `own` is for the partner, who does not read what stands in the CRM. */
export interface LinkedDrift {
  readonly situation: 'customer' | 'amount';
  readonly said: string;
  readonly own: string;
}

/**
 * The linked opportunities that went to another customer. An account that certainly is the customer, such as the one into which the first was merged, is none.
 */
export function accountDrifts(linked: readonly LinkedOpportunity[]): readonly LinkedDrift[] {
  return linked
    .filter(
      ({ accountRemoteId, accountBefore, match }) =>
        accountBefore !== null && accountRemoteId !== null && accountRemoteId !== accountBefore && match?.band !== 'exact',
    )
    .map(({ connection, remoteId, accountRemoteId, accountBefore }) => ({
      situation: 'customer',
      said: `opportunity ${connection} ${remoteId} went from account ${accountBefore} to account ${accountRemoteId}`,
      own: 'the opportunity that it is linked to went to another account',
    }));
}

/**
 * The linked opportunities whose amount moved too far from what it was when they were linked; from the approved value, where they had none. An amount that was
 * emptied says nothing, and neither does one that cannot be compared for want of a rate.
 */
export function linkedAmountDrifts(
  linked: readonly LinkedOpportunity[],
  approved: ApprovedPosition,
  { rates, routing: { currency } }: Program,
  parameters: RuleParameters<'C26_drift'>,
): readonly LinkedDrift[] {
  const value = inCurrency(approved.estimatedValue, currency, rates);
  return linked.flatMap(({ connection, remoteId, amount, amountBefore }): readonly LinkedDrift[] => {
    const before = amountBefore ?? value;
    if (amount === null || before === null || !movedFurther(before, amount, parameters)) return [];
    const moved = `${formatMoney({ amount: before, currency })} to ${formatMoney({ amount, currency })}`;
    return [
      {
        situation: 'amount',
        said: `the amount of opportunity ${connection} ${remoteId} went from ${moved}, more than ${parameters.amountPercent} % of it`,
        own: `the amount of the opportunity that it is linked to moved by more than ${parameters.amountPercent} %`,
      },
    ];
  });
}

function inCurrency(value: Money, currency: string, rates: Program['rates']): string | null {
  if (value.currency === currency) return value.amount;
  const converted = convert(value, currency, rates);
  return converted.kind === 'converted' ? converted.money.amount : null;
}
