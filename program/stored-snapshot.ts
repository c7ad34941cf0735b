import {
  NO_CONVERSION,
  NO_FACTS,
  NO_RECORD,
  type ClaimSnapshot,
  type CustomerMatch,
  type EvidenceSnapshot,
  type MatchBand,
  type RivalClaim,
} from './claim.ts';

/** What is stored may be older than some of its fields: any but these may be absent. */
type Older<T, Kept extends keyof T> = Pick<T, Kept> & { readonly [Key in Exclude<keyof T, Kept>]?: T[Key] | undefined };

type OlderMatch = Older<CustomerMatch, 'band' | 'signals'>;
/** What is seen elsewhere in evidence: only its match has come to have more. */
type Seen<T extends { readonly match: CustomerMatch }, Later extends keyof T = never> = Omit<T, 'match' | Later> & {
  readonly [Key in Later]?: T[Key] | undefined;
} & { readonly match: OlderMatch };

export type StoredRival = Seen<RivalClaim, 'kind' | 'submittedAt' | 'endedAt' | 'site' | 'proofs' | 'relation'>;
export type StoredClaim = Omit<ClaimSnapshot, 'facts'> & { readonly facts?: Partial<ClaimSnapshot['facts']> | undefined };
export interface StoredEvidence {
  readonly takenAt: EvidenceSnapshot['takenAt'];
  readonly partner: Older<
    EvidenceSnapshot['partner'],
    Exclude<keyof EvidenceSnapshot['partner'], 'externalId' | 'regions' | 'companyNumber'>
  >;
  readonly rivals: readonly StoredRival[];
  readonly relatives?: readonly StoredRival[] | undefined;
  readonly opportunities: readonly Seen<EvidenceSnapshot['opportunities'][number], 'relation'>[];
  readonly contacts?: readonly Seen<EvidenceSnapshot['contacts'][number]>[] | undefined;
  readonly purchases?: readonly Seen<EvidenceSnapshot['purchases'][number]>[] | undefined;
  readonly record?: Partial<EvidenceSnapshot['record']> | undefined;
  readonly approved?: EvidenceSnapshot['approved'] | undefined;
  readonly settled?: EvidenceSnapshot['settled'] | undefined;
  readonly conversion?: EvidenceSnapshot['conversion'] | undefined;
}

/**
 * A claim as it was stored, with what it did not know then left open. One that is whole is answered as it is, so that it is the same byte
 * for byte.
 */
export function completeClaim(stored: StoredClaim): ClaimSnapshot {
  const { facts, ...claim } = stored;
  return { ...claim, facts: { ...NO_FACTS, ...facts } };
}

/**
 * Evidence as it was stored, with what it did not know then left empty: rules that look at it find nothing, as they did when it was taken.
 *
 * A rival of unknown kind is taken for one of the claim's kind, so that it competes; of unknown receipt, for one that was received when the
 * evidence was taken (its sequence still orders it). The score of a match, which decides nothing, is the least of its band.
 */
export function completeEvidence(stored: StoredEvidence, claim: Pick<ClaimSnapshot, 'kind'>): EvidenceSnapshot {
  const rival = (one: StoredRival): RivalClaim => ({
    ...one,
    match: completeMatch(one.match),
    kind: one.kind ?? claim.kind,
    submittedAt: one.submittedAt ?? stored.takenAt,
    endedAt: one.endedAt ?? null,
    site: one.site ?? null,
    proofs: one.proofs ?? [],
    relation: one.relation ?? 'same',
  });
  const withMatch = <T extends { readonly match: OlderMatch }>(one: T) => ({ ...one, match: completeMatch(one.match) });
  return {
    ...stored,
    partner: {
      ...stored.partner,
      // No list and no quote names a partner by this id: what was not known then is not found now.
      externalId: stored.partner.externalId ?? stored.partner.partnerId,
      regions: stored.partner.regions ?? [],
      companyNumber: stored.partner.companyNumber ?? null,
    },
    rivals: stored.rivals.map(rival),
    relatives: (stored.relatives ?? []).map(rival),
    opportunities: stored.opportunities.map((one) => ({ ...withMatch(one), relation: one.relation ?? 'same' })),
    contacts: (stored.contacts ?? []).map(withMatch),
    purchases: (stored.purchases ?? []).map(withMatch),
    record: { ...NO_RECORD, ...stored.record },
    approved: stored.approved ?? null,
    settled: stored.settled ?? [],
    conversion: stored.conversion ?? NO_CONVERSION,
  };
}

const LEAST_SCORE: Readonly<Record<MatchBand, number>> = { exact: 1, probable: 0.5, weak: 0 };

function completeMatch(match: OlderMatch): CustomerMatch {
  return { ...match, score: match.score ?? LEAST_SCORE[match.band] };
}
