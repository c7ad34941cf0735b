import { precedenceAmong } from '../precedence.ts';
import { isUndecided } from '../registration-life.ts';
import { contestedLines, exhibitRival, idsOf, nameRivals, overlap, strongestBand } from './rival.ts';
import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';
import { competitors } from './shared-deal.ts';

/**
 * C03: another partner's undecided claim on the same customer and line precedes this one by the criteria that the program declares
 * (`precedence.ts`): as a rule the earlier receipt, which is the sequence number, never a clock. Those that follow do not count: they wait
 * for this one. A rival that is returned for information precedes only where the program keeps its receipt; where it renews it, the rival
 * comes back later than this claim.
 * Source: first valid claim wins (GitLab: order of receipt and qualification; what was incomplete and is completed is a new submission).
 */
export const competingPending: Rule<'C03_competing_pending'> = {
  id: 'C03_competing_pending',
  examine: (input) => {
    const { program, claim, evidence } = input;
    const undecided = competitors(input).filter(
      (rival) => isUndecided(rival.status) && overlap(claim.productLines, rival.productLines).length > 0,
    );
    const precedenceOf = precedenceAmong(program, claim, evidence);
    const ranked = undecided.map((rival) => ({ rival, precedence: precedenceOf(rival) }));
    const earlier = ranked.filter(({ precedence }) => precedence.first === 'rival').map(({ rival }) => rival);
    const weak = earlier.filter((rival) => rival.match.band === 'weak').map((rival) => exhibitRival(rival, 'weak_match'));
    const order = ranked
      .filter(({ rival }) => rival.match.band !== 'weak')
      .map(({ precedence }) => ({ kind: 'precedence', summary: precedence.message }));
    const strongest = strongestBand(earlier);
    if (strongest === null)
      return quiet('No undecided claim of another partner goes before this one.', NOTHING_AGAINST, [...order, ...weak]);
    return {
      kind: 'found',
      situation: strongest.band,
      message: `Undecided and before this one (${strongest.band} match): ${nameRivals(strongest.all)}.`,
      partnerMessage:
        strongest.band === 'exact'
          ? 'The registration is in line: claims are decided in the order that the program declares.'
          : 'It has to be checked by a person whether this customer is already registered.',
      exhibits: [...earlier.filter((rival) => rival.match.band !== 'weak').map((rival) => exhibitRival(rival)), ...order, ...weak],
      rivalIds: idsOf(strongest.all),
      opportunity: null,
      lines: contestedLines(claim.productLines, strongest.all, (rival) => rival.productLines),
    };
  },
};
