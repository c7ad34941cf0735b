import { defaultCalendar } from '../calendar.ts';
import type { RivalClaim } from '../claim.ts';
import { subtractDuration } from '../duration.ts';
import type { RegistrationStatus } from '../vocabulary.ts';
import { endOf } from './elapsed.ts';
import { contestedLines, exhibitOwn, exhibitRival, idsOf, isEarlier, nameRivals, overlap, ownOthers, standingLines } from './rival.ts';
import { NOTHING_AGAINST, quiet, type Rule, type RuleInput } from './rule.ts';
import { competitors } from './shared-deal.ts';

/**
 * Ends after which the partner held nothing any more and may want the customer back. What was won is done; what was denied never held a
 * place.
 */
const GAVE_UP: ReadonlySet<RegistrationStatus> = new Set(['expired', 'lapsed', 'withdrawn', 'lost', 'revoked']);

/**
 * C21: the partner's own claim on the customer and line ended, and the partner files it again.
 *
 * `rival_in_gap`: in the meantime (from the very instant of the end until this receipt) another partner filed a claim that stands. It goes
 * first, although it is later than the claim that ended: an ended claim keeps no place. Only ends within `lookback` before this receipt
 * count, at exactly that age inside.
 * `too_soon`: where the program declares a cooling-off time, it is not over yet; at exactly its end it is. It is said first, since it is
 * the partner's own matter alone, and here a denied claim counts as well.
 * Certain matches alone.
 * Source: consultants' guides (late resubmission does not outrank a rival that filed in the gap); Channel Program limits resubmission.
 */
export const expiredThenRefiled: Rule<'C21_expired_then_refiled'> = {
  id: 'C21_expired_then_refiled',
  examine: (input) => {
    const { program, claim, parameters } = input;
    const ended = ownEnded(input);
    const from = Date.parse(subtractDuration(claim.submittedAt, parameters.lookback, defaultCalendar(program)));
    const fresh = ended.filter(({ endedAt }) => Date.parse(endedAt) >= from);
    const exhibits = ended.map(({ other, endedAt }) => ({ kind: 'own_claim', summary: `${exhibitOwn(other).summary}, ended ${endedAt}` }));
    const { coolingOff } = parameters;
    const latest = ended.at(-1);
    const over = coolingOff === null || latest === undefined ? null : endOf(coolingOff, latest.endedAt, program);
    if (latest !== undefined && over !== null && Date.parse(claim.submittedAt) < Date.parse(over)) {
      const said = `ended at ${latest.endedAt}; it may be filed again from ${over} on`;
      return {
        kind: 'found',
        situation: 'too_soon',
        message: `The partner's own claim ${latest.other.registrationId} ${said}.`,
        partnerMessage: `Your registration ${latest.other.registrationId} for this customer ${said}.`,
        exhibits,
        rivalIds: [],
        opportunity: null,
      };
    }
    const first = fresh.filter(({ other }) => GAVE_UP.has(other.status))[0];
    const inGap = first === undefined ? [] : filedInGap(input, first.endedAt);
    if (first === undefined || inGap.length === 0) {
      return quiet('Nobody filed between an ended claim of the partner and this one.', NOTHING_AGAINST, exhibits);
    }
    return {
      kind: 'found',
      situation: 'rival_in_gap',
      message: `After the partner's own claim ${first.other.registrationId} ended at ${first.endedAt}, and before this one, there came ${nameRivals(inGap)}.`,
      partnerMessage:
        `Your registration ${first.other.registrationId} for this customer ended at ${first.endedAt}. ` +
        'A new registration does not keep the place of one that ended.',
      exhibits: [...exhibits, ...inGap.map((rival) => exhibitRival(rival))],
      rivalIds: idsOf(inGap),
      opportunity: null,
      lines: contestedLines(claim.productLines, inGap, standingLines),
    };
  },
};

interface EndedClaim {
  readonly other: RivalClaim;
  readonly endedAt: string;
}

/** The partner's own ended claims on a line of this one, the earliest end first. */
function ownEnded(input: RuleInput): readonly EndedClaim[] {
  const { claim } = input;
  return ownOthers(input)
    .flatMap((other) => (other.endedAt === null ? [] : [{ other, endedAt: other.endedAt }]))
    .filter(({ other }) => (GAVE_UP.has(other.status) || other.status === 'denied') && other.match.band === 'exact')
    .filter(({ other, endedAt }) => isEarlier(other, claim) && Date.parse(endedAt) <= Date.parse(claim.submittedAt))
    .filter(({ other }) => overlap(claim.productLines, other.productLines).length > 0)
    .toSorted((left, right) => Date.parse(left.endedAt) - Date.parse(right.endedAt));
}

function filedInGap(input: RuleInput, endedAt: string): readonly RivalClaim[] {
  const { claim } = input;
  return competitors(input).filter(
    (rival) =>
      rival.match.band === 'exact' &&
      isEarlier(rival, claim) &&
      Date.parse(rival.submittedAt) >= Date.parse(endedAt) &&
      overlap(claim.productLines, standingLines(rival)).length > 0,
  );
}
