import type { EpochMs } from '../vocabulary.ts';
import type { HistoricalClaim } from './history.ts';

/** Further apart, the two were not judged at once: then the times say more than what was seen. */
const MOST_APART_MS = 60_000;

/**
 * When each claim was first judged, by its id, in an order that fits what was known then.
 *
 * Every flow tells the time of its own task, so of two claims that are judged at once the one whose transaction came second may have the earlier time, by
 * milliseconds. A claim that saw an earlier receipt at the same customer judged already is therefore judged no sooner than that one; at the same instant the earlier receipt goes first.
 * `history` is in the order of receipt.
 */
export function firstJudgedAt(history: readonly HistoricalClaim[]): ReadonlyMap<string, EpochMs> {
  const judgedAt = new Map<string, EpochMs>();
  for (const { registrationId, sequence, sightings } of history) {
    const [{ at, evidence }] = sightings;
    const seen = evidence.rivals
      .filter((rival) => rival.sequence < sequence && rival.match.band === 'exact' && rival.status !== 'submitted')
      .flatMap((rival) => judgedAt.get(rival.registrationId) ?? [])
      .filter((judged) => judged - Date.parse(at) <= MOST_APART_MS);
    judgedAt.set(
      registrationId,
      seen.reduce((latest, one) => Math.max(latest, one), Date.parse(at)),
    );
  }
  return judgedAt;
}
