import { answerersOf, type Approval } from './approval/approval.ts';
import { refuse, type Refusal } from './failures.ts';
import type { CommentAudience } from './registration-life.ts';
import type { CaseShare } from './share.ts';
import type { CaseOutcome, CaseStatus, Instant } from './vocabulary.ts';

/** Where a case stands. `approval` is the arbiter's open question; it climbs the ladder when nobody answers in time. Who agreed so far stands in it. */
export interface CaseState {
  readonly status: CaseStatus;
  readonly approval: Approval | null;
  /** How many questions were put about it so far. */
  readonly questions: number;
  readonly outcome: SettledOutcome | null;
  /** What the last of those who agreed wants; carried out when nobody is left to ask. */
  readonly proposed: Terms | null;
  /** Until when the sides are heard before the arbiter's time runs; null where the program declares no hearing. It ends early when all have spoken. */
  readonly hearing: Hearing | null;
  /** Who decided it before, where an appeal was taken up: they hear it only where nobody else is left. */
  readonly decidedBefore: readonly string[];
  readonly needsAttention: boolean;
}

/** `from`: what was said before belongs to what was decided before. `isRequired`: the case is not settled before the end of the hearing. */
export interface Hearing {
  readonly from: Instant;
  readonly until: Instant;
  readonly isRequired: boolean;
}

/** What somebody wants to become of a case. */
export interface Terms {
  readonly outcome: CaseOutcome;
  readonly registrationId: string | null;
  /** Of a split: what each party that stands gets. Left out: as the program declares it, or evenly. */
  readonly shares?: readonly CaseShare[];
  /** What who loses gets instead, by the id that the program gives it; null: nothing. Left out: what the program gives by itself. */
  readonly remediation?: string | null;
}

/** What became of a case. */
export interface SettledOutcome {
  readonly kind: CaseOutcome;
  readonly registrationId: string | null;
  readonly by: string;
  readonly at: Instant;
  readonly shares: readonly CaseShare[];
  /** Which of the program’s remediations each party that lost gets. */
  readonly remediations: readonly { readonly registrationId: string; readonly remediation: string }[];
}

/** Outcomes that give a claimant something: whoever is asked next has to agree. Who refuses decides alone. */
const GIVING: ReadonlySet<CaseOutcome> = new Set(['award', 'split', 'co_sell', 'revoke']);

/** True when the next role of the chain is asked before `outcome` is carried out. */
export function isToBeConfirmed({ approval }: CaseState, outcome: CaseOutcome): boolean {
  const isLast = approval === null || (approval.rest.length === 0 && (approval.needs === 'any' || approval.steps.length === 1));
  return !isLast && GIVING.has(outcome);
}

export interface CaseParty {
  readonly registrationId: string;
  /** A claimant's claim raised the conflict and waits; a rival held its position before. */
  readonly side: 'claimant' | 'rival';
  readonly isUndecided: boolean;
  readonly isProtected: boolean;
}

/** How somebody wants a case to end. */
export interface Resolution extends Terms {
  readonly kind?: 'settle';
  readonly actor: string;
}

/** What somebody wants done with a case. Comments are stored beside the command and never travel in it. */
export type CaseCommand =
  | Resolution
  /** What one side says for itself; text and evidence are stored beside it. */
  | { readonly kind: 'statement'; readonly registrationId: string; readonly actor: string }
  | { readonly kind: 'delegate'; readonly to: string; readonly actor: string }
  | { readonly kind: 'reassign'; readonly to: string; readonly actor: string }
  | { readonly kind: 'comment'; readonly audience: CommentAudience; readonly actor: string };

export function isResolution(command: CaseCommand): command is Resolution {
  return command.kind === undefined || command.kind === 'settle';
}

/** Whether this person may settle the case as it stands: null when so. Who may was fixed when the question was put. */
export function refusalOfArbiter({ status, approval }: CaseState, actor: string): Refusal | null {
  if (approval === null || status === 'resolved') return refuse('STATE_DOES_NOT_ALLOW', `The case is ${status}; it was settled before.`);
  const who = answerersOf(approval);
  if (who.includes(actor)) return null;
  const steps = approval.steps.map(({ name }) => name).join(', ');
  return refuse('ACTOR_MAY_NOT_DECIDE', `${actor} may not settle this case; the step ${steps} is decided by: ${who.join(', ')}.`);
}

/** Whether the case can be settled so by this person: null when it can. */
export function refusalOfResolution(state: CaseState, parties: readonly CaseParty[], command: Resolution): Refusal | null {
  const refusal = refusalOfArbiter(state, command.actor);
  if (refusal !== null) return refusal;
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
