import { contestedLines, exhibitOwn, idsOf, isEarlier, overlap, ownOthers, standingLines } from './rival.ts';
import { quiet, type Rule } from './rule.ts';

/**
 * C01: the same partner already has a claim for this customer and line, undecided or protected. The earlier receipt is kept, so only
 * earlier ones count: otherwise two duplicates would deny each other. Certain matches alone; a partner that files for two alike customers
 * may mean both. The finding is about the lines that are registered already.
 * Source: every published program; Microsoft and AWS close such claims as duplicates.
 */
export const duplicateSamePartner: Rule<'C01_duplicate_same_partner'> = {
  id: 'C01_duplicate_same_partner',
  examine: (input) => {
    const { claim } = input;
    const duplicates = ownOthers(input).filter(
      (other) => other.match.band === 'exact' && isEarlier(other, claim) && overlap(claim.productLines, standingLines(other)).length > 0,
    );
    if (duplicates.length === 0) {
      return quiet(
        'The partner has no earlier standing claim for this customer and line.',
        'You have no earlier registration for this customer and product line.',
      );
    }
    const ids = idsOf(duplicates).join(', ');
    return {
      kind: 'found',
      situation: 'exact',
      message: `Duplicate of the same partner's earlier claim: ${ids}.`,
      partnerMessage: `You already registered this customer and product line: ${ids}. That registration stands; amend it if something has changed.`,
      exhibits: duplicates.map(exhibitOwn),
      rivalIds: idsOf(duplicates),
      opportunity: null,
      lines: contestedLines(claim.productLines, duplicates, standingLines),
    };
  },
};
