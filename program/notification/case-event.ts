import type { PartyEffect } from '../case-life.ts';
import type { Instant } from '../vocabulary.ts';
import type { AskedRole, ClaimEvent } from './claim-event.ts';

/** What one side is told when its conflict goes to an arbiter. The conflict's words for partners are those for who claims; whoever held the position reads none. `statementUntil`: until when it is heard, where the arbiter waits for it. `appealedAt`: since when an appeal is heard. */
export function caseOpened(
  { id, partnerSummary }: { readonly id: string; readonly partnerSummary: string },
  side: 'claimant' | 'rival',
  asked: AskedRole | null,
  { statementUntil = null, appealedAt = null }: { readonly statementUntil?: Instant | null; readonly appealedAt?: Instant | null } = {},
): ClaimEvent {
  const conflict = side === 'claimant' && partnerSummary !== '' ? partnerSummary : null;
  return { type: 'case.opened', caseId: id, conflict, asked, statementUntil, appealedAt };
}

/**
 * What one side is told when the conflict is settled. `share`: its own part of a deal that is split, in percent. `remediation`: what it gets or has to do besides, in words
 * for it.
 */
export function caseSettled(
  caseId: string,
  effect: PartyEffect,
  { share = null, remediation = null }: { readonly share?: string | null; readonly remediation?: string | null } = {},
): ClaimEvent {
  return { type: 'case.settled', caseId, effect, share, remediation };
}
