import type { CustomerDetails, CustomerMatch } from './claim.ts';
import { identify, MATCH_THRESHOLDS, matchIdentities, type MatchThresholds } from './customer-identity.ts';
import { trigramSimilarity, trigramsOf } from './name-similarity.ts';

/** A record that a customer is compared with, as the store found it. */
export interface ComparedRecord {
  readonly customer: CustomerDetails;
  /** The normalised name. */
  readonly nameKey: string;
  /** Whether it was found by a key that both have, and not only because names are alike. */
  readonly sharesKey: boolean;
}

/** `matchCustomers` of one customer with many records: what is known of the customer is worked out once, and records that cannot match are left out early. */
export function matcherOf(
  customer: CustomerDetails,
  freeMailDomains: ReadonlySet<string>,
  thresholds: MatchThresholds = MATCH_THRESHOLDS,
): (record: ComparedRecord) => CustomerMatch | null {
  const own = identify(customer, freeMailDomains);
  const trigrams = trigramsOf(own.names[0] ?? '');
  const least = Math.min(thresholds.twinSimilarity, thresholds.probableSimilarity, thresholds.weakSimilarity);
  return ({ customer: other, nameKey, sharesKey }) => {
    const similarity = trigramSimilarity(trigrams, trigramsOf(nameKey));
    // A name in plain letters has no form beside the normalised one.
    const isPlain = /^[\x20-\x7e]*$/.test(other.name);
    if (!sharesKey && similarity < least && isPlain) return null;
    const names = isPlain ? [nameKey].filter((name) => name !== '') : undefined;
    return matchIdentities(own, identify(other, freeMailDomains, names), similarity, thresholds);
  };
}
