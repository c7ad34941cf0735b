import type { RuleTexts } from './rule-text.ts';

/** The rules about other registrations of the same customer. */
export const RIVAL_RULE_TEXTS: RuleTexts<
  | 'C01_duplicate_same_partner'
  | 'C02_active_protection'
  | 'C03_competing_pending'
  | 'C04_near_simultaneous'
  | 'C16_lines_disjoint'
  | 'C21_expired_then_refiled'
  | 'C22_customer_choice'
  | 'C23_multi_partner'
> = {
  C01_duplicate_same_partner: {
    title: 'Duplicate of the same partner',
    finds: 'The same partner already has a registration for this customer and line, undecided or protected. The earlier one is kept.',
    situations: { exact: 'It is certainly the same customer. What is only probable does not count: the partner may mean both.' },
    parameters: {},
    usual: 'denied, at once',
    source: 'every published program; Microsoft and AWS close such registrations as duplicates',
    example: `rules:
  order:
    - id: C01_duplicate_same_partner
      on:
        exact: { outcome: deny, waitlist: false }
`,
  },
  C02_active_protection: {
    title: 'Protected for another partner',
    finds: 'Another partner is protected at this customer on a line that is asked for.',
    situations: { exact: 'It is certainly the same customer.', probable: 'It may be the same customer; people look.' },
    parameters: {},
    usual: 'denied and on the waitlist, at once; a probable match goes to the partner manager, 1 business day',
    source: 'all programs protect the first approved; GitLab considers the others again in order of receipt',
    example: `rules:
  order:
    - id: C02_active_protection
      on:
        exact: { outcome: free_lines, waitlist: true } # what nobody else holds can still be registered
        probable: { outcome: review, decider: partner_manager, deadline: 1 business day }
`,
  },
  C03_competing_pending: {
    title: 'Another registration comes first',
    finds: 'Another partner has an undecided registration on this customer and line that precedes this one (see _Who comes first_).',
    situations: { exact: 'It is certainly the same customer.', probable: 'It may be the same customer; people look.' },
    parameters: {},
    usual: 'the first valid one wins, the others wait; the partner manager decides within 2 business days',
    source: 'GitLab: order of receipt and qualification',
    example: `rules:
  order:
    - id: C03_competing_pending
      on:
        exact: { outcome: wait }
        probable: { outcome: review, decider: partner_manager, deadline: 2 business days }
`,
  },
  C04_near_simultaneous: {
    title: 'Received at nearly the same time',
    finds:
      'Another partner registered the customer and line within some minutes, and nothing that the program declares tells the two apart.',
    situations: { tie: 'People weigh who did the substantial work.' },
    parameters: { within: 'how far two receipts may lie apart; at exactly that time they still count as one' },
    usual: 'test of substantial work by a neutral director, 2 business days',
    source: 'catalogue of published rules; disputed clocks and e-mailed registrations are known causes of quarrels',
    example: `rules:
  order:
    - id: C04_near_simultaneous
      with: { within: 10 minutes }
      on:
        tie: { outcome: review, decider: director, deadline: 2 business days }
`,
  },
  C16_lines_disjoint: {
    title: 'Others on other product lines',
    finds: 'Other partners stand at this customer, but on other product lines only: the same customer is not the same deal.',
    situations: { exact: 'It is certainly the same customer.', probable: 'It may be the same customer.' },
    parameters: {},
    usual: 'no conflict',
    source: 'Sophos registers one deal per core product; GitLab and NeuVector register deals, not customers',
    example: `rules:
  order:
    - id: C16_lines_disjoint
      on:
        exact: { outcome: note }
        probable: { outcome: note }
`,
  },
  C21_expired_then_refiled: {
    title: 'Filed again after its end',
    finds: 'The partner files a deal again that it had registered before, after the earlier registration ended.',
    situations: {
      rival_in_gap: 'In between another partner filed, and that registration stands: it goes first.',
      too_soon: 'The time for which the program asks partners to wait is not over.',
    },
    parameters: {
      lookback: 'how long an own registration that ended counts',
      coolingOff: 'how long partners wait before they file again; nothing: they need not wait',
    },
    usual: 'the rival goes first, at once',
    source: "consultants' guides; Channel Program limits how often a deal is filed again",
    example: `rules:
  order:
    - id: C21_expired_then_refiled
      with: { lookback: 180 days, coolingOff: 30 days }
      on:
        rival_in_gap: { outcome: deny, waitlist: true }
        too_soon: { outcome: deny, waitlist: false, offer: Register it again when the waiting time is over. }
`,
  },
  C22_customer_choice: {
    title: "The customer's written choice",
    finds: 'The registration brings a letter in which the customer chooses this partner, and another partner stands in the way.',
    situations: { letter: 'People read the letter, and the other side is heard.' },
    parameters: { letterKinds: 'kinds of proof that count as such a letter' },
    usual: 'the director decides whether the registration moves, 2 business days',
    source: "Cirrus and GitLab follow the customer's written request",
    example: `rules:
  order:
    - id: C22_customer_choice # before C02 and C03, which would deny it or let it wait
      with: { letterKinds: [customer_letter] }
      on:
        letter: { outcome: review, decider: director, deadline: 2 business days }
`,
  },
  C23_multi_partner: {
    title: 'Several partners with different parts',
    finds:
      'Another partner stands at the same deal with another kind of registration, and one of the declared splits names both kinds. Partners whose approved registrations are linked to one opportunity are shown.',
    situations: { other_role: 'Both take part in one deal; C02, C03, C04 and C22 leave the pair alone.' },
    parameters: {},
    usual: 'shared by the table of splits, which makes exactly 100 %; partner manager, then director, 5 business days',
    source: 'GitLab (one sourced partner, others get co-sell), IBM (identify, sell, fulfil)',
    example: `splits:
  - id: referred_and_resold
    label: Referred and resold
    shares: { referral: '20', resale: '80' }
rules:
  order:
    - id: C23_multi_partner
      on:
        other_role: { outcome: review, decider: partner_manager, deadline: 5 business days, then: [{ role: director }] }
`,
  },
};
