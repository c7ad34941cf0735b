import type { Purchase } from '../claim.ts';
import { localDate } from '../local-date.ts';
import { exhibitProofs, hasProofOf } from './proof.ts';
import { exhibitPurchase, purchasesAtReceipt } from './purchase.ts';
import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';

/**
 * C12: the customer's latest purchase of a line went through another partner, its incumbent. `displaced`: on the lines that the finding names. `letter`: the
 * claim brings the customer's letter, not dated before that purchase; one without a date counts, since people read it. `probable`: it is not certain who the
 * incumbent is, since what was bought, or by whom, is not certain, or two sold at the same instant.
 *
 * Bought directly, or through the claim's own partner: no incumbent is displaced. Source: GitLab (incumbency; customer's letter), Cirrus (written request).
 */
export const incumbentDisplaced: Rule<'C12_incumbent_displaced'> = {
  id: 'C12_incumbent_displaced',
  examine: (input) => {
    const { program, claim, evidence, parameters } = input;
    const purchases = purchasesAtReceipt(input, parameters.lookback);
    const own = evidence.partner.partnerId;
    const byLine = claim.productLines.map((line) => ({ line, ...findIncumbent(purchases, line, own) }));
    const displaced = byLine.filter(({ answer }) => answer === 'other');
    const unclear = byLine.filter(({ answer }) => answer === 'unclear');
    const decisive = displaced.length > 0 ? displaced : unclear;
    if (decisive.length === 0) return quiet('No other partner sold the latest of these lines to the customer.', NOTHING_AGAINST);
    const latest = [...new Set(decisive.flatMap((one) => one.purchases))];
    const since = latest.map(({ boughtAt }) => boughtAt).sort()[latest.length - 1];
    const soldOn = since === undefined ? '' : localDate(since, program);
    const letters = claim.facts.proofs.filter(
      (proof) => hasProofOf([proof], parameters.letterKinds) && (proof.date === null || proof.date >= soldOn),
    );
    const lines = decisive.map(({ line }) => line);
    const found = {
      kind: 'found',
      exhibits: [...latest.map(exhibitPurchase), ...exhibitProofs(letters)],
      rivalIds: [],
      opportunity: null,
      lines,
    } as const;
    const needsLetter = 'A change of the partner at this customer needs a letter that the customer signed. Send it with the registration.';
    if (displaced.length === 0) {
      return {
        ...found,
        situation: 'probable',
        message: `It is not certain through whom the customer bought ${lines.join(', ')} last.`,
        partnerMessage: 'It has to be checked by a person whether another company serves this customer.',
      };
    }
    const sellers = [...new Set(latest.map(({ partnerId }) => partnerId ?? 'nobody'))].sort().join(', ');
    const message = `The customer bought ${lines.join(', ')} last through partner ${sellers}`;
    return letters.length > 0
      ? {
          ...found,
          situation: 'letter',
          message: `${message}, and the claim brings a letter of the customer.`,
          partnerMessage: 'The letter of the customer that you sent has to be looked at.',
        }
      : {
          ...found,
          situation: 'displaced',
          message: `${message}; the claim brings no letter of the customer since.`,
          partnerMessage: needsLetter,
        };
  },
};

type Answer = 'none' | 'other' | 'unclear';

/**
 * Whether another partner is the incumbent on `line`, with the purchases that show it. Each purchase that may be the latest gives an answer: all those that are
 * not certain and not earlier than the latest certain one, and the certain ones of that instant. Only where all agree is it an answer.
 */
function findIncumbent(
  purchases: readonly Purchase[],
  line: string,
  own: string,
): { readonly answer: Answer; readonly purchases: readonly Purchase[] } {
  const onLine = purchases.filter(({ productLine }) => productLine === null || productLine === line);
  const isCertain = ({ productLine, match }: Purchase): boolean => productLine === line && match.band === 'exact';
  const latestCertain = onLine.find(isCertain);
  const eligible =
    latestCertain === undefined ? onLine : onLine.filter(({ boughtAt }) => Date.parse(boughtAt) >= Date.parse(latestCertain.boughtAt));
  const isOther = ({ partnerId }: Purchase): boolean => partnerId !== null && partnerId !== own;
  const others = eligible.filter(isOther);
  if (others.length === 0) return { answer: 'none', purchases: [] };
  const isAnswered = latestCertain !== undefined && others.length === eligible.length;
  return { answer: isAnswered ? 'other' : 'unclear', purchases: eligible };
}
