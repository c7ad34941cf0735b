import { formatMoney } from '../money.ts';
import { compareRenewal } from './renewal.ts';
import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';

/**
 * C11: a renewal with growth over the current contract. The evidence shows both parts in money; to approve the growth alone is for the people whom the program
 * names. `unknown` (the contract is not given, or cannot be compared) is said here only where the program has no rule C10, which says it otherwise.
 * Source: GitLab (renewal with growth sourced by the partner: 10 days from submission).
 */
export const renewalWithGrowth: Rule<'C11_renewal_with_growth'> = {
  id: 'C11_renewal_with_growth',
  examine: (input) => {
    const renewal = compareRenewal(input);
    switch (renewal.kind) {
      case 'not_renewal':
        return quiet(`A claim of kind ${input.claim.kind} renews nothing.`, NOTHING_AGAINST);
      case 'flat':
        return quiet('The renewal brings no growth that counts.', NOTHING_AGAINST, renewal.exhibits);
      case 'unknown': {
        const message = `Whether the renewal brings growth is not known: ${renewal.why}.`;
        if (input.program.rules.order.some(({ id }) => id === 'C10_flat_renewal')) return quiet(message, NOTHING_AGAINST, renewal.exhibits);
        return {
          kind: 'found',
          situation: 'unknown',
          message,
          partnerMessage: message,
          exhibits: renewal.exhibits,
          rivalIds: [],
          opportunity: null,
        };
      }
      case 'growth': {
        const parts = `${formatMoney(renewal.growth.money)} beyond the current contract of ${formatMoney(renewal.current)}`;
        return {
          kind: 'found',
          situation: 'growth',
          message: `The renewal grows by ${parts}; only the growth is registrable.`,
          partnerMessage: `This renewal grows by ${parts}. What can be registered is the growth; the renewed part stays as it is.`,
          exhibits: renewal.exhibits,
          rivalIds: [],
          opportunity: null,
        };
      }
    }
  },
};
