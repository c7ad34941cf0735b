import { precedenceAmong } from '../precedence.ts';
import { isWithin } from './elapsed.ts';
import { contestedLines, exhibitRival, idsOf, nameRivals, overlap, standingLines } from './rival.ts';
import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';
import { competitors } from './shared-deal.ts';

/**
 * C04: another partner's claim on the same customer and line was received within the declared time of this one, before or after, and
 * nothing that the program declares tells the two apart: neither a criterion of precedence nor the number of proofs. At exactly the
 * declared time it is still a tie.
 *
 * A tie is one for both claims: each of them is judged with the other in sight, so that a case holds both. Certain matches alone. Claims
 * that stand count, also one that was approved in the meantime: clocks must not decide by minutes what people would have to.
 * Source: catalogue of published rules; the test is the substantial work, after it a neutral decision.
 */
export const nearSimultaneous: Rule<'C04_near_simultaneous'> = {
  id: 'C04_near_simultaneous',
  examine: (input) => {
    const { program, claim, evidence, parameters } = input;
    const precedenceOf = precedenceAmong(program, claim, evidence);
    const near = competitors(input)
      .filter((rival) => rival.match.band === 'exact' && overlap(claim.productLines, standingLines(rival)).length > 0)
      .filter((rival) => areNear(rival.submittedAt, claim.submittedAt))
      .map((rival) => ({ rival, precedence: precedenceOf(rival) }));
    const tied = near.filter(({ precedence }) => precedence.by === 'receipt').map(({ rival }) => rival);
    const order = near.map(({ precedence }) => ({ kind: 'precedence', summary: precedence.message }));
    if (tied.length === 0)
      return quiet('No claim of another partner was received at nearly the same time and stands equal.', NOTHING_AGAINST, order);
    return {
      kind: 'found',
      situation: 'tie',
      message: `Received at ${claim.submittedAt}, at nearly the same time as ${nameRivals(tied)}; neither has more proofs of work.`,
      partnerMessage: 'It has to be checked by a person in which place this registration is considered.',
      exhibits: [...tied.map((rival) => exhibitRival(rival)), ...order],
      rivalIds: idsOf(tied),
      opportunity: null,
      lines: contestedLines(claim.productLines, tied, standingLines),
    };

    function areNear(one: string, other: string): boolean {
      const [first, second] = Date.parse(one) <= Date.parse(other) ? [one, other] : [other, one];
      return isWithin(parameters.within, first, second, program);
    }
  },
};
