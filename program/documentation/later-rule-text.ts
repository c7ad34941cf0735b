import type { RuleTexts } from './rule-text.ts';

/** What is asked of approved registrations. */
export const LATER_RULE_TEXTS: RuleTexts<'C26_drift'> = {
  C26_drift: {
    title: 'Not what was approved',
    finds:
      'An approved registration is no more what it was at its approval. Of several changes the first in this order gives the situation.',
    situations: {
      partner: 'It belongs to another partner.',
      customer:
        "The customer's name, domain, country or company number changed, or the linked opportunity went to the account of somebody else.",
      product_lines: 'Product lines came or went.',
      amount:
        'The value moved further than allowed; at exactly that it did not. So it is where it cannot be compared for want of a rate. The amount of the linked opportunity counts as well, against what it was when it was linked.',
    },
    parameters: {
      amountPercent: 'how far the value may move, in percent of the approved one',
      direction: 'which way counts: `up`, `down` or `both`',
    },
    usual: 'judged again: confirmed or ended; partner manager, 2 business days',
    source: 'GitLab and AWS (what was approved may not be changed at will)',
    example: `rules:
  order:
    - id: C26_drift
      with: { amountPercent: '25', direction: up }
      on:
        amount: { outcome: review, decider: partner_manager, deadline: 2 business days }
        product_lines: { outcome: review, decider: partner_manager, deadline: 2 business days }
        customer: { outcome: review, decider: director }
        partner: { outcome: needs_ruling, decider: director }
`,
  },
};
