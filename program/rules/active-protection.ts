import { contestedLines, exhibitRival, idsOf, nameRivals, overlap, strongestBand } from './rival.ts';
import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';
import { competitors } from './shared-deal.ts';

/**
 * C02: another partner holds an active protection of this customer on a line that is asked for. It is the protection that counts, not when
 * or how it was won. The finding is about the lines that are held: the program may let the claim go on for the others (`free_lines`). A
 * holder with another part in the same deal is C23's (`sharedSplits`).
 * Source: all programs protect the first approved; GitLab re-considers the others in order of receipt, hence the waitlist; Sophos registers
 * by line.
 */
export const activeProtection: Rule<'C02_active_protection'> = {
  id: 'C02_active_protection',
  examine: (input) => {
    const { claim, evidence } = input;
    const holders = competitors(input).filter((rival) => overlap(claim.productLines, rival.protectedLines).length > 0);
    const weak = holders.filter((rival) => rival.match.band === 'weak').map((rival) => exhibitRival(rival, 'weak_match'));
    const strongest = strongestBand(holders);
    if (strongest === null) {
      return quiet('No other partner holds a protection of this customer on these lines.', NOTHING_AGAINST, weak);
    }
    const lines = contestedLines(claim.productLines, strongest.all, (rival) => rival.protectedLines);
    return {
      kind: 'found',
      situation: strongest.band,
      message: `Protected on ${lines.join(', ')} at ${evidence.takenAt} (${strongest.band} match): ${nameRivals(strongest.all)}.`,
      partnerMessage:
        strongest.band === 'exact'
          ? `This customer is already registered for ${lines.join(', ')}.`
          : 'It has to be checked by a person whether this customer is already registered.',
      onWaitlist: 'If that registration ends, claims that were denied for it are considered in the order they were received.',
      exhibits: [...holders.filter((rival) => rival.match.band !== 'weak').map((rival) => exhibitRival(rival)), ...weak],
      rivalIds: idsOf(strongest.all),
      opportunity: null,
      lines,
    };
  },
};
