import { defaultCalendar } from '../calendar.ts';
import { subtractDuration } from '../duration.ts';
import type { DirectOpportunity } from '../claim.ts';
import type { Program } from '../definition/program.ts';
import { strongestBand } from './rival.ts';
import { NOTHING_AGAINST, quiet, type Exhibit, type Finding, type RuleInput } from './rule.ts';

/** Where an open opportunity stands, as far as the rules care. */
type OpportunityPhase = 'early' | 'late_active' | 'stale';

/**
 * `early` in the first stages that the program declares, also where the stage is not known, since then a person has to look.
 * A later one is `stale` when its last activity lies more than the declared time before `takenAt`; at exactly that age it is still active.
 */
export function phaseOf(
  opportunity: DirectOpportunity,
  { program, evidence }: { readonly program: Program; readonly evidence: Pick<RuleInput['evidence'], 'takenAt'> },
): OpportunityPhase {
  const { earlyStages, staleAfter } = program.directOpportunities;
  if (opportunity.stageIndex === null || opportunity.stageIndex < earlyStages) return 'early';
  const oldest = subtractDuration(evidence.takenAt, staleAfter, defaultCalendar(program));
  return Date.parse(opportunity.lastActivityAt) < Date.parse(oldest) ? 'stale' : 'late_active';
}

/** A rep may create an opportunity after seeing the registration: what was created after the receipt does not stand against it, unless the program says so. */
export function stoodAtReceipt(opportunity: DirectOpportunity, { program, claim }: RuleInput): boolean {
  return program.directOpportunities.countsWhenCreatedAfterReceipt || Date.parse(opportunity.createdAt) <= Date.parse(claim.submittedAt);
}

/**
 * The common part of the rules about direct opportunities: the open ones at the customer itself in `phase`, the certain ones first, the most lately touched of
 * them named as the case's. Those of other companies of its group are for C15.
 */
export function examineOpportunities(
  input: RuleInput,
  phase: OpportunityPhase,
  words: { readonly found: string; readonly none: string; readonly exact: string; readonly probable: string },
): Finding<'exact' | 'probable'> {
  const inPhase = input.evidence.opportunities
    .filter(({ relation, isClosed, match }) => relation === 'same' && !isClosed && match.band !== 'weak')
    .filter((opportunity) => phaseOf(opportunity, input) === phase)
    .sort(byActivity);
  const standing = inPhase.filter((opportunity) => stoodAtReceipt(opportunity, input));
  const later = inPhase
    .filter((opportunity) => !stoodAtReceipt(opportunity, input))
    .map((opportunity) => exhibitOpportunity(opportunity, 'opportunity_created_after_receipt'));
  const strongest = strongestBand(standing);
  if (strongest === null) {
    const message =
      later.length === 0 ? words.none : `${words.none} Created after the claim was received, so not counted: ${later.length}.`;
    return quiet(message, NOTHING_AGAINST, later);
  }
  const latest = strongest.all[0];
  return {
    kind: 'found',
    situation: strongest.band,
    message: `${words.found} (${strongest.band} match): ${strongest.all.map(nameOpportunity).join('; ')}.`,
    partnerMessage: words[strongest.band],
    exhibits: [...standing.map((opportunity) => exhibitOpportunity(opportunity, 'opportunity')), ...later],
    rivalIds: [],
    opportunity: latest === undefined ? null : { connection: latest.connection, remoteId: latest.remoteId },
  };
}

/** The most lately touched first; ids break ties, so that a verdict never depends on the order of its evidence. */
export function byActivity(left: DirectOpportunity, right: DirectOpportunity): number {
  return (
    Date.parse(right.lastActivityAt) - Date.parse(left.lastActivityAt) ||
    compareText(left.connection, right.connection) ||
    compareText(left.remoteId, right.remoteId)
  );
}

/** By code units: the order of a locale may differ between machines. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

export function nameOpportunity(opportunity: DirectOpportunity): string {
  return `${opportunity.connection} ${opportunity.remoteId} in ${opportunity.stageName}`;
}

export function exhibitOpportunity(opportunity: DirectOpportunity, kind: string): Exhibit {
  const owner = opportunity.owner === null ? 'without an owner' : `owned by ${opportunity.owner}`;
  return {
    kind,
    summary:
      `opportunity ${nameOpportunity(opportunity)}, ${owner}, created ${opportunity.createdAt}, last activity ${opportunity.lastActivityAt}; ` +
      `${opportunity.match.band} match: ${opportunity.match.signals.join('; ')}`,
  };
}
