import type { RuleTexts } from './rule-text.ts';

/** The rules about who the customer is and what it has. */
export const CUSTOMER_RULE_TEXTS: RuleTexts<
  | 'C09_existing_customer'
  | 'C10_flat_renewal'
  | 'C11_renewal_with_growth'
  | 'C12_incumbent_displaced'
  | 'C13_listed_account'
  | 'C14_outside_region'
  | 'C28_self_dealing'
> = {
  C09_existing_customer: {
    title: 'Existing customer',
    finds: 'The customer already bought a product line that is registered.',
    situations: {
      same_product: 'One of the lines, certainly the same customer.',
      unknown_product: 'It bought something, and it is not recorded what.',
      probable: 'It may be the same customer; people look.',
    },
    parameters: { lookback: 'how long before the receipt a purchase counts; nothing: however long ago' },
    usual: 'denied unless another department buys; partner manager, 2 business days',
    source: 'SoftwareCentral',
    example: `rules:
  order:
    - id: C09_existing_customer
      when: { kinds: [resale, referral, co_sell] } # a renewal is of an existing customer by nature
      with: { lookback: 3 years }
      on:
        same_product: { outcome: free_lines, waitlist: false }
        unknown_product: { outcome: review, decider: partner_manager, deadline: 2 business days }
        probable: { outcome: review, decider: partner_manager, deadline: 2 business days }
`,
  },
  C10_flat_renewal: {
    title: 'Renewal without growth',
    finds: 'A renewal is not worth more than the current contract. Another currency is converted at the declared rates.',
    situations: {
      flat: 'The same value or less, or less growth than counts.',
      unknown: 'The current contract is not given, or there is no rate.',
    },
    parameters: {
      renewalKinds: 'kinds of registration that are renewals',
      leastPercent: 'growth in percent from which on it counts; say the same in C11',
    },
    usual: 'not registrable, at once; the incumbent keeps its benefit',
    source: 'GitLab registers growth',
    example: `rules:
  order:
    - id: C10_flat_renewal
      with: { renewalKinds: [renewal], leastPercent: '0' }
      on:
        flat: { outcome: deny, waitlist: false, offer: Your benefit as the incumbent partner goes on without a registration. }
        unknown: { outcome: return, ask: Give the value of the current contract. }
`,
  },
  C11_renewal_with_growth: {
    title: 'Renewal with growth',
    finds: 'A renewal is worth more than the current contract. The evidence shows the renewed part and the growth in money.',
    situations: {
      growth: 'People approve the growth; the renewed part is not registered.',
      unknown: 'The current contract is not given, or there is no rate. Said only where the program has no rule C10.',
    },
    parameters: {
      renewalKinds: 'kinds of registration that are renewals',
      leastPercent: 'growth in percent from which on it counts; at exactly that it does, at 0 anything above',
    },
    usual: 'the growth alone is approved; partner manager, then the sales manager, 10 days from submission',
    source: 'GitLab 2026',
    example: `rules:
  order:
    - id: C11_renewal_with_growth
      with: { leastPercent: '10' }
      on:
        growth: { outcome: review, decider: partner_manager, then: [{ role: director, deadline: 10 days, silence: approve }] }
        unknown: { outcome: return, ask: Give the value of the current contract. }
`,
  },
  C12_incumbent_displaced: {
    title: 'Another partner is the incumbent',
    finds: "The customer's latest purchase of the line went through another partner.",
    situations: {
      displaced: 'Certainly so, and the registration brings no letter of the customer since.',
      letter: 'The registration brings a letter of the customer, not dated before that purchase.',
      probable: 'It is not certain what was bought last, or through whom.',
    },
    parameters: {
      lookback: 'how long before the receipt a purchase makes an incumbent',
      letterKinds: 'kinds of proof that count as a letter of the customer',
    },
    usual: 'denied unless the customer signed a letter; director, 5 business days',
    source: 'GitLab (incumbency); Cirrus (written request)',
    example: `rules:
  order:
    - id: C12_incumbent_displaced
      when: { kinds: [renewal] }
      with: { lookback: 3 years, letterKinds: [customer_letter] }
      on:
        displaced: { outcome: return, ask: Send a letter in which the customer chooses you. }
        letter: { outcome: review, decider: director, deadline: 5 business days }
        probable: { outcome: review, decider: director, deadline: 5 business days }
`,
  },
  C13_listed_account: {
    title: 'Account on a list',
    finds:
      "The customer is on the program's list of accounts on the day of the receipt. An entry that is reserved for this partner does not count.",
    situations: {
      named: 'A named team sells to it.',
      house: 'The vendor serves it.',
      direct_only: 'It is not sold to through partners.',
      probable: 'It may be an account of the list: the name is the same, and nothing else tells.',
    },
    parameters: {},
    usual: 'denied or escalated; director, then VP, 2 business days',
    source: 'most vendors keep such lists',
    example: `accounts:
  - kind: named
    name: Contoso
    domains: [contoso.com, contoso.de]
    from: 2026-01-01
  - kind: house
    name: Fabrikam GmbH
    companyNumber: HRB 123456
    country: DE
    from: 2026-01-01
    until: 2027-01-01 # on this day it is no more on the list
    reservedFor: aster # a partner, by the id that its own system has
rules:
  order:
    - id: C13_listed_account
      on:
        named: { outcome: review, decider: director, deadline: 2 business days, then: [{ role: vp }] }
        house: { outcome: deny, waitlist: false }
        direct_only: { outcome: deny, waitlist: false }
        probable: { outcome: review, decider: partner_manager }
`,
  },
  C14_outside_region: {
    title: "Outside the partner's region",
    finds:
      "The customer's country is in none of the regions of the partner's agreement; where that names none, the region of the partner's own country counts.",
    situations: {
      outside: 'The regions are known, and they differ.',
      unknown: 'The country of the customer is missing or in no region, or it is not known where the partner may sell.',
    },
    parameters: {},
    usual: 'returned, or handed to the other region; the partner managers of both, 2 business days',
    source: 'GitLab (agreements are for one region)',
    example: `regions:
  - { id: americas, label: Americas, countries: [US, CA, MX, BR] }
  - { id: europe, label: Europe, countries: [DE, FR, GB, NL] }
rules:
  order:
    - id: C14_outside_region
      on:
        outside: { outcome: review, decider: partner_manager, deadline: 2 business days }
        unknown: { outcome: return, ask: Give the country in which the customer buys. }
`,
  },
  C28_self_dealing: {
    title: 'The partner registers itself',
    finds: "The customer is the partner: its own domain (often the reseller's, typed by mistake), its own company number, or its own name.",
    situations: {
      own_domain: 'The registrable domains are the same.',
      own_company_number: 'The company numbers of one country are the same.',
      probable: 'The names are the same, and neither country nor company number tells them apart.',
    },
    parameters: {},
    usual: 'separate terms for internal use; partner operations, 2 business days',
    source: 'most programs',
    example: `rules:
  order:
    - id: C28_self_dealing
      on:
        own_domain: { outcome: return, ask: "Give the customer's own domain." }
        own_company_number: { outcome: deny, waitlist: false, offer: Ask your partner manager about licences for your own use. }
        probable: { outcome: review, decider: partner_manager }
`,
  },
};
