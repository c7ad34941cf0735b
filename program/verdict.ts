import type { PlannedStage } from './approval/planned-stage.ts';

/** One line of a verdict's trace: every rule that was looked at, in order, fired or not. */
export interface TraceEntry {
  readonly rule: string;
  readonly fired: boolean;
  /** For insiders: may name records and rivals by id. */
  readonly message: string;
  /** For partners: never names or hints at the identity of a rival. */
  readonly partnerMessage: string;
  readonly evidence: readonly { readonly kind: string; readonly summary: string }[];
}

export interface Reason {
  readonly rule: string;
  /** Partner-safe. */
  readonly message: string;
}

/**
 * A conflict that people must settle. `rivalIds` are the other registrations, `opportunityId` the direct opportunity, where there is one.
 */
export interface ConflictFinding {
  readonly rule: string;
  /** For insiders. */
  readonly summary: string;
  readonly partnerSummary: string;
  readonly rivalIds: readonly string[];
  readonly opportunity: { readonly connection: string; readonly remoteId: string } | null;
  readonly evidence: readonly { readonly kind: string; readonly summary: string }[];
}

/**
 * What the program says of a claim.
 *
 * `wait`: earlier undecided claims on the same customer and line are decided first (`waitFor`).
 * `review` with `conflict` opens a case; without, the roles of `steps` decide, one after another; `role` is the first of them. `return`
 * gives the claim back.
 * `lines` are those that the claim would be protected on: all that it names, or those that nobody else holds.
 */
export type Verdict = { readonly reasons: readonly Reason[]; readonly trace: readonly TraceEntry[]; readonly lines: readonly string[] } & (
  | { readonly outcome: 'approve' }
  /** `waitlist`: it moves up when the claims in `behind` lose what they hold. */
  | { readonly outcome: 'deny'; readonly waitlist: boolean; readonly behind: readonly string[] }
  | {
      readonly outcome: 'review';
      readonly role: string;
      readonly steps: readonly PlannedStage[];
      readonly conflict: ConflictFinding | null;
    }
  | { readonly outcome: 'needs_ruling'; readonly role: string }
  | { readonly outcome: 'return' }
  | { readonly outcome: 'wait'; readonly waitFor: readonly string[] }
);
