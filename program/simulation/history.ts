import type { ClaimSnapshot, EvidenceSnapshot } from '../claim.ts';
import type { Decision, Instant, RegistrationStatus } from '../vocabulary.ts';

/** A claim and what was known about it at one moment: what a verdict was given on. */
export interface Sighting {
  readonly at: Instant;
  readonly claim: ClaimSnapshot;
  readonly evidence: EvidenceSnapshot;
}

/**
 * What people were asked. Two questions are the same when they are about the same thing (the rule of a conflict, the routing, a ruling) and go to the same roles
 * in the same order: only then is an answer that was given to the one an answer to the other.
 */
export interface Question {
  readonly subject: string;
  readonly roles: readonly string[];
}

export interface PastAnswer {
  readonly at: Instant;
  readonly decision: Decision;
  /** The person, by alias. */
  readonly by: string;
  readonly question: Question;
}

/** How a claim left the field for reasons that are not the program's: taken back, won, lost, or taken away by people. */
export interface PastEnd {
  readonly kind: 'withdrawn' | 'won' | 'lost' | 'revoked';
  readonly at: Instant;
}

/** One registration as it really went, free of what any program made of it, so that another program can be asked. */
export interface HistoricalClaim {
  readonly registrationId: string;
  /** Order of receipt; no two are equal. */
  readonly sequence: number;
  readonly partnerId: string;
  /** The version that decided it. */
  readonly programVersion: string;
  /** Oldest first; the first is the receipt. A later one with another claim is an amendment. */
  readonly sightings: readonly [Sighting, ...Sighting[]];
  readonly answers: readonly PastAnswer[];
  /** Further time that was granted; `days` null: as much as the program grants at once. */
  readonly extensions: readonly { readonly at: Instant; readonly days: number | null }[];
  readonly end: PastEnd | null;
  /** How it really stood when the history was read. */
  readonly status: RegistrationStatus;
}

export function isSameQuestion(one: Question, other: Question): boolean {
  return (
    one.subject === other.subject && one.roles.length === other.roles.length && one.roles.every((role, at) => role === other.roles[at])
  );
}
