import type { BypassingOpportunity, DirectOpportunity, LostOpportunity } from '../claim.ts';
import { exhibitBeside } from './linked-opportunity.ts';
import { compareText } from './opportunity.ts';
import { NOTHING_AGAINST, quiet, type Exhibit, type Rule } from './rule.ts';

/**
 * C27: after the claim was approved, and while it is protected, the direct team opened an opportunity at the same customer, won one there without the partner, or
 * took away the one of which the claim is the primary. It is asked of approved claims alone.
 *
 * From the very instant of the approval to the last before the protection's end. Certain matches at the customer itself; what is only
 * probable is shown. The partner's own opportunity is no evidence of a bypass: it is not among the direct ones. A claim that was moved to another opportunity lost
 * the first one only where that is another claim's now.
 * Source: GitLab (a registration is not overridden by a rep's opportunity); partners register less where direct overrides them.
 */
export const bypass: Rule<'C27_bypass'> = {
  id: 'C27_bypass',
  examine: ({ evidence: { approved, opportunities, conversion } }) => {
    if (approved === null) return quiet('The claim is not approved, so nobody could bypass it.', NOTHING_AGAINST);
    const isMeanwhile = (at: string | null): boolean => at !== null && isFromUntil(at, approved.approvedAt, approved.until);
    const open = opportunities.filter(({ isClosed }) => !isClosed).map((opportunity) => ({ ...opportunity, wonAt: null }));
    const seen = [...open, ...conversion.direct]
      .filter(({ relation, match }) => relation === 'same' && match.band !== 'weak')
      .filter(({ createdAt, wonAt }) => isMeanwhile(createdAt) || isMeanwhile(wonAt))
      .toSorted(byCreation);
    const certain = seen.filter(({ match }) => match.band === 'exact');
    const opened = certain.filter(({ createdAt }) => isMeanwhile(createdAt));
    const won = certain.filter((opportunity) => !opened.includes(opportunity));
    const taken = conversion.lost
      .filter(({ how, heldBy, lostAt }) => isMeanwhile(lostAt) && (how !== 'relinked' || heldBy !== null))
      .toSorted(byLoss);
    const beside = conversion.linked.flatMap(exhibitBeside);
    const exhibits = [...seen.map(exhibit), ...taken.map(exhibitLoss), ...beside];
    const first = certain[0] ?? taken[0];
    if (first === undefined) return quiet('The direct team opened nothing here while the claim was protected.', NOTHING_AGAINST, exhibits);
    const since = `although the customer was protected since ${approved.approvedAt}`;
    const said = [
      ...(opened.length === 0 ? [] : [`Opened by the direct team ${since}: ${opened.map(sayCreated).join('; ')}.`]),
      ...(won.length === 0 ? [] : [`Won without the partner ${since}: ${won.map(sayWon).join('; ')}.`]),
      ...(taken.length === 0 ? [] : [`Taken from this registration ${since}: ${taken.map(sayTaken).join('; ')}.`]),
    ];
    return {
      kind: 'found',
      situation: 'direct_opportunity',
      message: said.join(' '),
      partnerMessage: 'A person makes sure that your protection is respected.',
      exhibits,
      rivalIds: [],
      opportunity: { connection: first.connection, remoteId: first.remoteId },
    };
  },
};

function isFromUntil(at: string, from: string, until: string): boolean {
  return Date.parse(from) <= Date.parse(at) && Date.parse(at) < Date.parse(until);
}

/** The first one first; ids break ties, so that a verdict never depends on the order of its evidence. */
function byCreation(left: DirectOpportunity, right: DirectOpportunity): number {
  const order = Date.parse(left.createdAt) - Date.parse(right.createdAt);
  return order !== 0 ? order : `${left.connection} ${left.remoteId}` < `${right.connection} ${right.remoteId}` ? -1 : 1;
}

function byLoss(left: LostOpportunity, right: LostOpportunity): number {
  return (
    Date.parse(left.lostAt) - Date.parse(right.lostAt) ||
    compareText(`${left.connection} ${left.remoteId} ${left.how}`, `${right.connection} ${right.remoteId} ${right.how}`)
  );
}

function sayCreated({ connection, remoteId, createdAt }: BypassingOpportunity): string {
  return `${connection} ${remoteId}, created ${createdAt}`;
}

function sayWon({ connection, remoteId, wonAt }: BypassingOpportunity): string {
  return `${connection} ${remoteId}, won ${wonAt}`;
}

function sayTaken({ connection, remoteId, how, lostAt, heldBy }: LostOpportunity): string {
  const what = how === 'primary_edited' ? 'its primary registration was edited' : how;
  return `${connection} ${remoteId}, ${what} at ${lostAt}${heldBy === null ? '' : `, now of registration ${heldBy}`}`;
}

function exhibit({ connection, remoteId, stageName, owner, createdAt, wonAt, match }: BypassingOpportunity): Exhibit {
  return {
    kind: 'opportunity',
    summary:
      `opportunity ${connection} ${remoteId} in ${stageName}, ${owner === null ? 'without an owner' : `owned by ${owner}`}, ` +
      `created ${createdAt}${wonAt === null ? '' : `, won ${wonAt}`}; ${match.band} match: ${match.signals.join('; ')}`,
  };
}

function exhibitLoss(lost: LostOpportunity): Exhibit {
  return { kind: 'opportunity', summary: `opportunity ${sayTaken(lost)}` };
}
