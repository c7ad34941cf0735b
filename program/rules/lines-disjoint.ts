import { exhibitRival, idsOf, otherPartners, overlap, standingLines, strongestBand } from './rival.ts';
import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';

/**
 * C16: other partners stand at this customer, but on other product lines: the same customer is not the same opportunity.
 * Source: Sophos registers one claim per core product; GitLab and NeuVector register opportunities, not customers.
 */
export const linesDisjoint: Rule<'C16_lines_disjoint'> = {
  id: 'C16_lines_disjoint',
  examine: (input) => {
    const { claim } = input;
    const beside = otherPartners(input).filter(
      (rival) => standingLines(rival).length > 0 && overlap(claim.productLines, standingLines(rival)).length === 0,
    );
    const strongest = strongestBand(beside);
    if (strongest === null) return quiet('Nobody else stands at this customer on other lines.', NOTHING_AGAINST);
    return {
      kind: 'found',
      situation: strongest.band,
      message: `Others stand at this customer on other lines only: ${idsOf(strongest.all).join(', ')}.`,
      partnerMessage: NOTHING_AGAINST,
      exhibits: strongest.all.map((rival) => exhibitRival(rival)),
      rivalIds: idsOf(strongest.all),
      opportunity: null,
    };
  },
};
