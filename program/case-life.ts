import { refuse, type Refusal } from './failures.ts';
import type { ApprovalChain } from './registration-life.ts';
import type { ReviewStep } from './review-step.ts';
import type { CaseOutcome, CaseStatus, Instant } from './vocabulary.ts';

/** Where a case stands. `step` is the arbiter's open question; it climbs the ladder when nobody answers in time. */
export interface CaseState {
  readonly status: CaseStatus;
  readonly step: ReviewStep | null;
  readonly outcome: {
    readonly kind: CaseOutcome;
    readonly registrationId: string | null;
    readonly by: string;
    readonly at: Instant;
  } | null;
  /** Roles that are asked one after another: who agreed so far, and who is asked next. */
  readonly chain: ApprovalChain;
  /** What the last of those who agreed wants; carried out when nobody is left to ask. */
  readonly proposed: { readonly outcome: CaseOutcome; readonly registrationId: string | null } | null;
  readonly needsAttention: boolean;
}

/** Outcomes that give a claimant something: whoever is asked next has to agree. Who refuses decides alone. */
const GIVING: ReadonlySet<CaseOutcome> = new Set(['award', 'split', 'co_sell', 'revoke']);

/** True when the next role of the chain is asked before `outcome` is carried out. */
export function isToBeConfirmed({ chain }: CaseState, outcome: CaseOutcome): boolean {
  return chain.rest.length > 0 && GIVING.has(outcome);
}

export interface CaseParty {
  readonly registrationId: string;
  /** A claimant's claim raised the conflict and waits; a rival held its position before. */
  readonly side: 'claimant' | 'rival';
  readonly isUndecided: boolean;
  readonly isProtected: boolean;
}

export interface CaseCommand {
  readonly outcome: CaseOutcome;
  readonly registrationId: string | null;
  readonly actor: string;
}

/** Whether the case can be settled so by this person: null when it can. */
export function refusalOfResolution(state: CaseState, parties: readonly CaseParty[], command: CaseCommand): Refusal | null {
  if (state.step === null || state.status === 'resolved')
    return refuse('STATE_DOES_NOT_ALLOW', `The case is ${state.status}; it was settled before.`);
  if (!state.step.mayDecide.includes(command.actor)) {
    return refuse(
      'ACTOR_MAY_NOT_DECIDE',
      `${command.actor} may not settle this case; the step ${state.step.name} is decided by: ${state.step.mayDecide.join(', ')}.`,
    );
  }
  const named = parties.find((party) => party.registrationId === command.registrationId);
  if (command.registrationId !== null && named === undefined) {
    return refuse(
      'OUTCOME_NOT_POSSIBLE',
      `Registration ${command.registrationId} has no part in this case; its registrations are: ${ids(parties)}.`,
    );
  }
  if (command.outcome === 'award' && named === undefined) {
    return refuse('OUTCOME_NOT_POSSIBLE', `An award names the registration that wins (registrationId), one of: ${ids(parties)}.`);
  }
  if (command.outcome === 'award' && named !== undefined && !named.isUndecided && !named.isProtected) {
    return refuse('OUTCOME_NOT_POSSIBLE', `Registration ${named.registrationId} is closed and cannot win.`);
  }
  if (command.outcome === 'revoke' && !parties.some((party) => party.isProtected && (named === undefined || party === named))) {
    return refuse('OUTCOME_NOT_POSSIBLE', 'There is no protection to revoke in this case.');
  }
  return null;
}

function ids(parties: readonly CaseParty[]): string {
  return parties.map((party) => party.registrationId).join(', ');
}

/**
 * What an outcome does to one registration of the case.
 *
 * `grant`: it goes on as if the conflict had not been found (its value may still need a step). `share`: likewise, beside the other side. `co_sell`: so too, as a co-sell.
 */
export type PartyEffect = 'grant' | 'share' | 'co_sell' | 'deny' | 'revoke' | 'keep';

/**
 * Uphold keeps who held the position before. Award gives it to the named registration and takes it from every other one. Deny refuses all who ask and
 * touches nobody's protection. Split and co-sell let the claimants in beside the other side. Revoke ends the named protection (or every rival's) and lets the claimants go on.
 */
export function effectOn(party: CaseParty, outcome: CaseOutcome, registrationId: string | null): PartyEffect {
  const isNamed = party.registrationId === registrationId;
  switch (outcome) {
    case 'uphold':
    case 'deny':
      return party.isUndecided && party.side === 'claimant' ? 'deny' : 'keep';
    case 'award':
      if (isNamed) return party.isUndecided ? 'grant' : 'keep';
      if (party.isProtected) return 'revoke';
      return party.isUndecided ? 'deny' : 'keep';
    case 'split':
      return party.isUndecided && party.side === 'claimant' ? 'share' : 'keep';
    case 'co_sell':
      return party.isUndecided && party.side === 'claimant' ? 'co_sell' : 'keep';
    case 'revoke':
      if (party.isProtected && (registrationId === null || isNamed)) return 'revoke';
      return party.isUndecided && party.side === 'claimant' ? 'grant' : 'keep';
  }
}
