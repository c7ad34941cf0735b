import type { RivalClaim } from '../claim.ts';
import type { Program } from '../definition/program.ts';
import { exhibitBeside } from './linked-opportunity.ts';
import { contestedLines, exhibitRival, idsOf, isEarlier, otherPartners, standingLines } from './rival.ts';
import { NOTHING_AGAINST, quiet, type Exhibit, type Rule } from './rule.ts';
import { covers, sharedSplits } from './shared-deal.ts';

/**
 * C23: another partner stands at the same deal with another part in it, and a split of the program names both parts (`sharedSplits`).
 *
 * A part is a claim's kind: a referral and a resale of one deal do not compete where a split gives `referral` and `resale` their shares.
 * C02, C03, C04 and C22 leave such a pair to this rule. Those that were received before count, and those that are protected; later ones are
 * judged with this one in their sight. Where several partners take part, the splits that name all parts are shown; who gets which share is
 * people's to say, as shares of exactly 100 %.
 * Partners whose approved claims are linked to one opportunity are shown, whatever their kinds.
 * Source: GitLab (one sourced partner, others get co-sell), IBM (identify, sell, fulfil); Gumdrop halves the second registrant's discount.
 */
export const multiPartner: Rule<'C23_multi_partner'> = {
  id: 'C23_multi_partner',
  examine: (input) => {
    const { program, claim } = input;
    const beside = otherPartners(input).filter(
      (rival) => sharedSplits(input, rival).length > 0 && (isEarlier(rival, claim) || rival.protectedLines.length > 0),
    );
    const shared = input.evidence.conversion.linked.flatMap(exhibitBeside);
    if (beside.length === 0) return quiet('No other partner has another part in this deal.', NOTHING_AGAINST, shared);
    const kinds = [...new Set([claim.kind, ...beside.map(({ kind }) => kind)])].sort();
    const splits = program.splits.filter((split) => covers(split, kinds));
    const parts = beside.map((rival) => `${rival.registrationId} of partner ${rival.partnerId} as ${rival.kind}`).join(', ');
    const how =
      splits.length === 0 ? 'No split of the program names all parts.' : `Splits that name all parts: ${splits.map(describe).join('; ')}.`;
    return {
      kind: 'found',
      situation: 'other_role',
      message: `This claim is for ${claim.kind}; the same deal has ${parts}. ${how}`,
      partnerMessage: `It has to be checked by a person how the deal is credited to ${claim.kind}.`,
      exhibits: [...splits.map(exhibitSplit), ...beside.map((rival) => exhibitPart(rival)), ...shared],
      rivalIds: idsOf(beside),
      opportunity: null,
      lines: contestedLines(claim.productLines, beside, standingLines),
    };
  },
};

function describe({ label, shares }: Program['splits'][number]): string {
  const parts = Object.entries(shares).map(([kind, percent]) => `${kind} ${percent} %`);
  return `${label} (${parts.sort().join(', ')})`;
}

function exhibitSplit(split: Program['splits'][number]): Exhibit {
  return { kind: 'split', summary: describe(split) };
}

function exhibitPart(rival: RivalClaim): Exhibit {
  return { kind: 'rival', summary: `as ${rival.kind}: ${exhibitRival(rival).summary}` };
}
