import { formatMoney } from '../money.ts';
import { compareRenewal } from './renewal.ts';
import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';

/**
 * C10: a renewal that brings no growth over the customer's current contract; see `compareRenewal`. `unknown`: the contract is not given, or cannot be compared.
 * Source: GitLab and others register growth only; on a flat renewal the incumbent keeps its benefit without a registration.
 */
export const flatRenewal: Rule<'C10_flat_renewal'> = {
  id: 'C10_flat_renewal',
  examine: (input) => {
    const renewal = compareRenewal(input);
    switch (renewal.kind) {
      case 'not_renewal':
        return quiet(`A claim of kind ${input.claim.kind} renews nothing.`, NOTHING_AGAINST);
      case 'growth':
        return quiet(`The renewal grows by ${formatMoney(renewal.growth.money)}.`, NOTHING_AGAINST, renewal.exhibits);
      case 'unknown':
        return {
          kind: 'found',
          situation: 'unknown',
          message: `Whether the renewal brings growth is not known: ${renewal.why}.`,
          partnerMessage: `Whether this renewal brings growth is not known: ${renewal.why}.`,
          exhibits: renewal.exhibits,
          rivalIds: [],
          opportunity: null,
        };
      case 'flat': {
        const message = `The renewal of ${formatMoney(renewal.value)} brings no growth that counts over the current contract of ${formatMoney(renewal.current)}.`;
        return {
          kind: 'found',
          situation: 'flat',
          message,
          partnerMessage: message,
          exhibits: renewal.exhibits,
          rivalIds: [],
          opportunity: null,
        };
      }
    }
  },
};
