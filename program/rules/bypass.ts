import type { DirectOpportunity } from '../claim.ts';
import { NOTHING_AGAINST, quiet, type Exhibit, type Rule } from './rule.ts';

/**
 * C27: after the claim was approved, and while it is protected, the direct team opened an opportunity at the same customer. It is asked of
 * approved claims alone.
 *
 * From the very instant of the approval to the last before the protection's end. Certain matches at the customer itself; what is only
 * probable is shown. The partner's own opportunity is no evidence of a bypass: it is not among the direct ones.
 * Source: GitLab (a registration is not overridden by a rep's opportunity); partners register less where direct overrides them.
 */
export const bypass: Rule<'C27_bypass'> = {
  id: 'C27_bypass',
  examine: ({ evidence: { approved, opportunities } }) => {
    if (approved === null) return quiet('The claim is not approved, so nobody could bypass it.', NOTHING_AGAINST);
    const created = opportunities
      .filter(({ isClosed, relation, match }) => !isClosed && relation === 'same' && match.band !== 'weak')
      .filter(({ createdAt }) => isFromUntil(createdAt, approved.approvedAt, approved.until))
      .toSorted(byCreation);
    const certain = created.filter(({ match }) => match.band === 'exact');
    const exhibits = created.map(exhibit);
    const [first] = certain;
    if (first === undefined) return quiet('The direct team opened nothing here while the claim was protected.', NOTHING_AGAINST, exhibits);
    const named = certain.map(({ connection, remoteId, createdAt }) => `${connection} ${remoteId}, created ${createdAt}`).join('; ');
    return {
      kind: 'found',
      situation: 'direct_opportunity',
      message: `Opened by the direct team although the customer was protected since ${approved.approvedAt}: ${named}.`,
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

function exhibit({ connection, remoteId, stageName, owner, createdAt, match }: DirectOpportunity): Exhibit {
  return {
    kind: 'opportunity',
    summary:
      `opportunity ${connection} ${remoteId} in ${stageName}, ${owner === null ? 'without an owner' : `owned by ${owner}`}, ` +
      `created ${createdAt}; ${match.band} match: ${match.signals.join('; ')}`,
  };
}
