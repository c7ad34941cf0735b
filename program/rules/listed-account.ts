import { findListedAccounts, type ListedMatch } from '../customer-list.ts';
import { localDate } from '../local-date.ts';
import { NOTHING_AGAINST, quiet, type Exhibit, type Rule } from './rule.ts';

/** The strictest first: where several entries name the customer, that one is told. */
const KINDS = ['direct_only', 'house', 'named'] as const;

/**
 * C13: the customer is on the program's list of accounts on the day of the receipt, in the default office's zone: inside on the day `from`, no more on `until`.
 * An entry that is reserved for the claim's partner does not stand against it. `probable`: an entry that may be the customer, by its name; see `findListedAccounts`.
 * Source: most vendors keep named and house accounts; the list of the claim's own program version is taken.
 */
export const listedAccount: Rule<'C13_listed_account'> = {
  id: 'C13_listed_account',
  examine: ({ program, claim, evidence: { partner } }) => {
    const date = localDate(claim.submittedAt, program);
    const listed = findListedAccounts(program, claim.customer, date);
    const isReserved = ({ account }: ListedMatch): boolean => account.reservedFor === partner.externalId;
    const standing = listed.filter((match) => !isReserved(match));
    const exact = standing.filter(({ band }) => band === 'exact');
    const situation = KINDS.find((kind) => exact.some(({ account }) => account.kind === kind)) ?? (standing.length > 0 ? 'probable' : null);
    const exhibits = [
      ...standing.map((match) => exhibit(match, 'listed_account')),
      ...listed.filter(isReserved).map((match) => exhibit(match, 'listed_account_reserved')),
    ];
    if (situation === null)
      return quiet(`The customer is on no list on ${date} that stands against the partner.`, NOTHING_AGAINST, exhibits);
    const decisive = situation === 'probable' ? standing : exact.filter(({ account }) => account.kind === situation);
    const names = decisive.map(({ account }) => `"${account.name}"`).join(', ');
    return {
      kind: 'found',
      situation,
      message:
        situation === 'probable'
          ? `The customer may be on the list of accounts on ${date}: ${names}.`
          : `The customer is on the list as ${situation.replace('_', ' ')} account on ${date}: ${names}.`,
      partnerMessage: PARTNER_MESSAGES[situation],
      exhibits,
      rivalIds: [],
      opportunity: null,
    };
  },
};

const PARTNER_MESSAGES = {
  named: 'This customer is served by a named team. Ask your partner manager whether you can work with it.',
  house: 'This customer is served by us. Ask your partner manager whether you can work with us there.',
  direct_only: 'This customer is not sold to through partners.',
  probable: 'It has to be checked by a person whether this customer is open to partners.',
} as const;

function exhibit({ account, position, band, signals }: ListedMatch, kind: string): Exhibit {
  const until = account.until === null ? '' : ` until before ${account.until}`;
  const reserved = account.reservedFor === null ? '' : `, reserved for partner ${account.reservedFor}`;
  return {
    kind,
    summary: `entry ${position + 1} "${account.name}", ${account.kind}, from ${account.from}${until}${reserved}; ${band} match: ${signals.join('; ')}`,
  };
}
