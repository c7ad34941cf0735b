import type { Instant, Money } from '../vocabulary.ts';

/** What people are asked about. `appeal`: a claim that was denied before; `case`: a conflict, whose answer is an outcome instead of a yes or a no. */
export const QUESTION_KINDS = ['registration', 'extension', 'transfer', 'appeal', 'case'] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

/** What is known of a question when somebody is looked for who can answer it. */
export interface Question {
  readonly kind: QuestionKind;
  /** The receipt of the claim, from which some clocks run. */
  readonly submittedAt: Instant;
  /** What approval limits are held against, in the currency of the routing; null where they do not apply, or where it cannot be told. */
  readonly value: Money | null;
  /** Of the customer, as ISO code. */
  readonly country: string;
  /** The program's region of that country; null where it stands in none. */
  readonly region: string | null;
  readonly productLines: readonly string[];
  /** Whom the partner belongs to at the vendor; null: the program's default manager. */
  readonly partnerManager: string | null;
  /** Who owns the customer's account in a CRM, and whom that user reports to; null where the account is not known for certain. */
  readonly accountOwner: string | null;
  readonly accountOwnerManager: string | null;
  /** Who decided the same before: asked again only where nobody else is left. */
  readonly decidedBefore: readonly string[];
}
