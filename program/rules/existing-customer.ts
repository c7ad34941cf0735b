import { purchasesAtReceipt, exhibitPurchase } from './purchase.ts';
import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';

/**
 * C09: the customer already has what is registered. `same_product`: one of the lines, certainly the same customer; `lines` names which. `unknown_product`: it
 * bought something, and it is not recorded what. `probable`: one of both at what may be the customer. What it bought of other lines does not matter.
 *
 * Renewals are of existing customers by nature: let the rule apply to other kinds (`when`). Source: SoftwareCentral denies it unless another department buys.
 */
export const existingCustomer: Rule<'C09_existing_customer'> = {
  id: 'C09_existing_customer',
  examine: (input) => {
    const { claim, parameters } = input;
    const purchases = purchasesAtReceipt(input, parameters.lookback).filter(
      ({ productLine }) => productLine === null || claim.productLines.includes(productLine),
    );
    const certain = purchases.filter(({ match }) => match.band === 'exact');
    const lines = claim.productLines.filter((line) => certain.some(({ productLine }) => productLine === line));
    const found = { kind: 'found', exhibits: purchases.map(exhibitPurchase), rivalIds: [], opportunity: null } as const;
    if (lines.length > 0) {
      return {
        ...found,
        situation: 'same_product',
        message: `The customer already bought ${lines.join(', ')}.`,
        partnerMessage: `This customer already uses ${lines.join(', ')}. If another department or site buys, say so in the registration.`,
        lines,
      };
    }
    if (certain.length > 0) {
      return {
        ...found,
        situation: 'unknown_product',
        message: 'The customer bought before, and it is not recorded which product.',
        partnerMessage: 'It has to be checked by a person whether this customer already uses these products.',
      };
    }
    if (purchases.length > 0) {
      return {
        ...found,
        situation: 'probable',
        message: 'What may be the customer bought before (probable match).',
        partnerMessage: 'It has to be checked by a person whether this customer already uses these products.',
      };
    }
    return quiet('No purchase of these lines by the customer is known.', NOTHING_AGAINST);
  },
};
