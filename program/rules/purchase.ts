import { defaultCalendar } from '../calendar.ts';
import type { Purchase } from '../claim.ts';
import { subtractDuration, type Duration } from '../duration.ts';
import { compareText } from './opportunity.ts';
import type { Exhibit, RuleInput } from './rule.ts';

/**
 * What the customer had bought when the claim was received, the latest first: purchases at the receipt or before, and not longer ago than `lookback` (exactly that
 * long ago counts; null: however long). The claim's own sale is none of them, nor is what is only weakly matched.
 */
export function purchasesAtReceipt({ program, claim, evidence }: RuleInput, lookback: Duration | null): readonly Purchase[] {
  if (evidence.purchases.length === 0) return [];
  const receivedAt = Date.parse(claim.submittedAt);
  const from = lookback === null ? -Infinity : Date.parse(subtractDuration(claim.submittedAt, lookback, defaultCalendar(program)));
  return evidence.purchases
    .filter(
      ({ match, source }) => match.band !== 'weak' && !(source.kind === 'registration' && source.registrationId === claim.registrationId),
    )
    .filter(({ boughtAt }) => from <= Date.parse(boughtAt) && Date.parse(boughtAt) <= receivedAt)
    .sort(byRecency);
}

/** The latest first; what is shown of them breaks ties, so that a verdict never depends on the order of its evidence. */
function byRecency(left: Purchase, right: Purchase): number {
  return (
    Date.parse(right.boughtAt) - Date.parse(left.boughtAt) || compareText(exhibitPurchase(left).summary, exhibitPurchase(right).summary)
  );
}

/** A purchase for insiders, with the reasons of the match. */
export function exhibitPurchase(purchase: Purchase): Exhibit {
  const through = purchase.partnerId === null ? 'directly' : `through partner ${purchase.partnerId}`;
  return {
    kind: 'purchase',
    summary:
      `${purchase.productLine ?? 'an unknown product'} bought ${through} at ${purchase.boughtAt}, ${nameSource(purchase)}; ` +
      `${purchase.match.band} match: ${purchase.match.signals.join('; ')}`,
  };
}

function nameSource({ source }: Purchase): string {
  switch (source.kind) {
    case 'registration':
      return `registration ${source.registrationId}`;
    case 'opportunity':
      return `opportunity ${source.connection} ${source.remoteId}`;
  }
}
