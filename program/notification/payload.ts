import type { Instant, Money } from '../vocabulary.ts';
import type { ClaimEvent } from './claim-event.ts';
import type { QuestionEvent } from './question-event.ts';

/** The claim that a message is about, as it was then: what the partner itself stated, and nothing of others. */
export interface ClaimDigest {
  readonly registrationId: string;
  readonly externalId: string;
  readonly partnerId: string;
  readonly customerName: string;
  readonly productLines: readonly string[];
  readonly estimatedValue: Money;
}

interface PayloadBase {
  readonly claim: ClaimDigest;
  readonly occurredAt: Instant;
  readonly programName: string;
  /** In which times are shown: that of the program's office. */
  readonly timeZone: string;
  /** What the program calls the roles and product lines that occur, by id. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface ClaimPayload extends PayloadBase {
  readonly family: 'claim';
  readonly event: ClaimEvent;
  /** The id by which the partner's own system knows itself. */
  readonly partnerExternalId: string;
}

export interface QuestionPayload extends PayloadBase {
  readonly family: 'question';
  readonly event: QuestionEvent;
  readonly partnerName: string;
  readonly caseId: string | null;
  /** Of the conflict, for insiders: it may name the other side. */
  readonly summary: string | null;
  /** How like conflicts ended, without names; a message of an earlier release does not say. */
  readonly likeCases?: string | null;
}

/** What is stored of a message: the event and everything that its words need, so that every attempt says the same. */
export type MessagePayload = ClaimPayload | QuestionPayload;
