import { isUndecided } from '../registration-life.ts';
import { exhibitRival, idsOf, isEarlier, otherPartners, overlap, strongestBand } from './rival.ts';
import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';

/**
 * C03: another partner's earlier claim on the same customer and line is not decided yet, also while it is returned for information. Order of receipt is the
 * sequence number, never a clock. Later claims do not count: they wait for this one.
 * Source: first valid claim wins (GitLab: order of receipt and qualification).
 */
export const competingPending: Rule<'C03_competing_pending'> = {
  id: 'C03_competing_pending',
  examine: (input) => {
    const { claim } = input;
    const earlier = otherPartners(input).filter(
      (rival) => isUndecided(rival.status) && isEarlier(rival, claim) && overlap(claim.productLines, rival.productLines).length > 0,
    );
    const weak = earlier.filter((rival) => rival.match.band === 'weak').map((rival) => exhibitRival(rival, 'weak_match'));
    const strongest = strongestBand(earlier);
    if (strongest === null) return quiet('No earlier undecided claim of another partner.', NOTHING_AGAINST, weak);
    return {
      kind: 'found',
      situation: strongest.band,
      message: `Received earlier and undecided (${strongest.band} match): ${strongest.all.map((rival) => `${rival.registrationId} of partner ${rival.partnerId}`).join(', ')}.`,
      partnerMessage:
        strongest.band === 'exact'
          ? 'The registration is in line: claims are decided in the order they were received.'
          : 'It has to be checked by a person whether this customer is already registered.',
      exhibits: [...earlier.filter((rival) => rival.match.band !== 'weak').map((rival) => exhibitRival(rival)), ...weak],
      rivalIds: idsOf(strongest.all),
      opportunity: null,
    };
  },
};
