import type { CustomerMatch } from '../claim.ts';
import type { MatchThresholds } from '../customer-identity.ts';
import { findPairs } from './customer-index.ts';
import type { HistoricalClaim } from './history.ts';

/** Which claims are, or may be, on the same customer: asked by the id of one, it answers the others. Symmetric. */
export type MatchBook = ReadonlyMap<string, ReadonlyMap<string, CustomerMatch>>;

/**
 * Matches all claims of a history with each other, by their customers as they were last amended.
 *
 * A claim that was denied did not stand against those that came later, and no snapshot of theirs names it; another program might have approved it. So snapshots
 * alone are not enough. What a snapshot saw and the index does not find (a weak match, a key that an operator joined) is taken from the snapshot.
 */
export function openMatchBook(
  history: readonly HistoricalClaim[],
  freeMailDomains: ReadonlySet<string>,
  thresholds: MatchThresholds,
): MatchBook {
  const book = new Map<string, Map<string, CustomerMatch>>(history.map(({ registrationId }) => [registrationId, new Map()]));
  const enter = (one: string, other: string, match: CustomerMatch): void => {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const known = book.get(from);
      if (known !== undefined && book.has(to) && !known.has(to)) known.set(to, match);
    }
  };
  const customers = history.map(({ registrationId, sightings }) => ({
    id: registrationId,
    details: (sightings.at(-1) ?? sightings[0]).claim.customer,
  }));
  for (const { one, other, match } of findPairs(customers, freeMailDomains, thresholds)) enter(one, other, match);
  for (const { registrationId, sightings } of history) {
    for (const { evidence } of sightings) for (const rival of evidence.rivals) enter(registrationId, rival.registrationId, rival.match);
  }
  return book;
}
