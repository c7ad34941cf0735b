import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';

/**
 * C25: the deal is transacted through a marketplace, so that another chain of sale pays. The program says what a registration is worth then.
 * Source: GitLab honours the claim as a referral; AWS, Azure and Google carry partner offers.
 */
export const marketplace: Rule<'C25_marketplace'> = {
  id: 'C25_marketplace',
  examine: ({ claim }) => {
    const name = (claim.facts.marketplace ?? '').trim();
    if (name === '') return quiet('The claim names no marketplace.', NOTHING_AGAINST);
    const message = `The deal is transacted through the marketplace ${name}.`;
    return {
      kind: 'found',
      situation: 'marketplace',
      message,
      partnerMessage: message,
      exhibits: [{ kind: 'claim', summary: `marketplace ${name}` }],
      rivalIds: [],
      opportunity: null,
    };
  },
};
