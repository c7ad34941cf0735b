import type { PartyEffect } from '../case-life.ts';
import type { Reason } from '../verdict.ts';
import type { Instant } from '../vocabulary.ts';

/** Who is asked, by role alone, and until when: what a partner may know of it. */
export interface AskedRole {
  readonly role: string;
  readonly dueAt: Instant;
}

/**
 * What a partner is told of its claim. Everything in it is safe for that partner: reasons in the words that are meant for partners, roles and no persons, and nothing of
 * whoever else claims the customer.
 */
export type ClaimEvent =
  /** `frozenUntil`: no claims are taken until then; it is judged afterwards, and keeps its place. */
  | { readonly type: 'registration.received'; readonly frozenUntil: Instant | null }
  /** `asked` null: nobody is asked yet. A claim that waits for an earlier one reads the same. */
  | { readonly type: 'registration.in_review'; readonly asked: AskedRole | null }
  /** `wanted`: what is missing, in words. Null until: it is kept open. */
  | { readonly type: 'registration.returned'; readonly wanted: readonly string[]; readonly until: Instant | null }
  | {
      readonly type: 'registration.approved';
      readonly lines: readonly string[];
      readonly protectedUntil: Instant | null;
      readonly reasons: readonly Reason[];
    }
  | {
      readonly type: 'registration.denied';
      readonly reasons: readonly Reason[];
      readonly waitlistedUntil: Instant | null;
      readonly appealUntil: Instant | null;
    }
  | { readonly type: 'registration.appealed'; readonly asked: AskedRole | null }
  /** What stood in the way of a waitlisted claim is gone: it is judged again. */
  | { readonly type: 'registration.promoted' }
  | { readonly type: 'registration.lapsed' }
  | { readonly type: 'registration.withdrawn' }
  | { readonly type: 'registration.protection_ending'; readonly protectedUntil: Instant }
  | { readonly type: 'registration.extension_requested'; readonly wouldEndAt: Instant; readonly asked: AskedRole | null }
  | { readonly type: 'registration.extension_granted'; readonly protectedUntil: Instant }
  /** `protectedUntil` null: the protection has ended. */
  | { readonly type: 'registration.extension_denied'; readonly protectedUntil: Instant | null }
  | {
      readonly type: 'registration.expired';
      readonly endedAt: Instant;
      readonly extensibleUntil: Instant | null;
      readonly appealUntil: Instant | null;
    }
  /** `appealUntil`: where a case took the protection away; a message of an earlier release does not say. */
  | { readonly type: 'registration.revoked'; readonly reasons: readonly Reason[]; readonly appealUntil?: Instant | null }
  /** `direction`: `away` is told to who had it, `to_you` to who has it now. */
  | { readonly type: 'registration.transferred'; readonly direction: 'away' | 'to_you'; readonly protectedUntil: Instant | null }
  | { readonly type: 'registration.won' }
  | { readonly type: 'registration.lost' }
  /** What somebody wrote to the partner. */
  | { readonly type: 'registration.commented'; readonly commentId: string; readonly text: string }
  /** `conflict`: the words for the partner who claims; the other side reads none, since they were not written for it. */
  | {
      readonly type: 'case.opened';
      readonly caseId: string;
      readonly conflict: string | null;
      readonly asked: AskedRole | null;
      /** Until when its statement is waited for; a message of an earlier release does not say. */
      readonly statementUntil?: Instant | null;
      /** Since when an appeal is heard; null where the case is new. */
      readonly appealedAt?: Instant | null;
    }
  /**
   * `effect`: what the outcome does to this side. `share`: its own part of a deal that is split, in percent; a message of an earlier release has none. `remediation`: what
   * this side gets or has to do, in words for it.
   */
  | {
      readonly type: 'case.settled';
      readonly caseId: string;
      readonly effect: PartyEffect;
      readonly share?: string | null;
      readonly remediation: string | null;
    };

export type ClaimEventType = ClaimEvent['type'];
