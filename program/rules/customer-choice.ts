import { contestedLines, exhibitRival, idsOf, nameRivals, overlap, standingLines } from './rival.ts';
import { exhibitProofs, hasProofOf } from './proof.ts';
import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';
import { competitors } from './shared-deal.ts';

/**
 * C22: the claim brings a letter in which the customer chooses this partner (a proof of one of the declared kinds), and another partner
 * stands at the customer on a line of the claim, undecided or protected, certainly or probably the same customer. Whether the letter is
 * genuine and who wins is people's to say.
 *
 * The rival's own letters are shown, not weighed. A letter where nobody stands has nothing to override: the rule stays quiet.
 * Source: Cirrus and GitLab (the customer's written request moves a registration); CRN on customers who could not leave a registered
 * reseller.
 */
export const customerChoice: Rule<'C22_customer_choice'> = {
  id: 'C22_customer_choice',
  examine: (input) => {
    const { claim, parameters } = input;
    const letters = claim.facts.proofs.filter((proof) => hasProofOf([proof], parameters.letterKinds));
    if (letters.length === 0) return quiet('The claim brings no letter of the customer.', NOTHING_AGAINST);
    const standing = competitors(input).filter(
      (rival) => rival.match.band !== 'weak' && overlap(claim.productLines, standingLines(rival)).length > 0,
    );
    const exhibits = exhibitProofs(letters);
    if (standing.length === 0)
      return quiet('The customer chose the partner in writing, and nobody else stands.', NOTHING_AGAINST, exhibits);
    const alsoWithLetter = standing.filter(({ proofs }) => hasProofOf(proofs, parameters.letterKinds));
    const contradiction = alsoWithLetter.length === 0 ? '' : ` A letter of the customer also came with ${nameRivals(alsoWithLetter)}.`;
    return {
      kind: 'found',
      situation: 'letter',
      message: `The customer chose this partner in writing, while there stands ${nameRivals(standing)}.${contradiction}`,
      partnerMessage: "The customer's letter has to be confirmed by a person.",
      exhibits: [...exhibits, ...standing.map((rival) => exhibitRival(rival))],
      rivalIds: idsOf(standing),
      opportunity: null,
      lines: contestedLines(claim.productLines, standing, standingLines),
    };
  },
};
