import type { RuleTexts } from './rule-text.ts';

/** The rules about the registration itself: who files it, what it says, how large it is. */
export const DEAL_RULE_TEXTS: RuleTexts<
  | 'R01_incomplete'
  | 'R02_special_case'
  | 'C17_public_tender'
  | 'C18_partner_not_eligible'
  | 'C19_below_minimum'
  | 'C20_speculative'
  | 'C24_distributor_mismatch'
  | 'C25_marketplace'
> = {
  R01_incomplete: {
    title: 'Something is missing',
    finds: 'The registration lacks a fact that the program requires of all (`requiredFacts`), or of this one (`intake`).',
    situations: { missing: 'The partner is told what, by its label.' },
    parameters: {},
    usual: 'returned, at once; what is completed later has the later receipt',
    source: 'GitLab, AWS, Microsoft',
    example: `requiredFacts: [proof]
intake:
  - id: landing_zone
    label: the landing zone of the customer
    type: choice
    choices: [cloud, own data centre]
    required: true
    when: { productLines: [platform] }
rules:
  order:
    - id: R01_incomplete
      on:
        missing: { outcome: return, ask: Add it and submit again. }
`,
  },
  R02_special_case: {
    title: 'What the program says by itself',
    finds:
      'The row applies to the registration. That is all: `when` says to which. It carries the sentences of a program that fit no other rule. Where `when` names product lines it is about those, and `free_lines` lets the others go on.',
    situations: { applies: 'The program says what follows.' },
    parameters: { because: 'what the partner is told; nothing: that the program treats such registrations by themselves' },
    usual: 'hardware, renewals or government deals cannot be registered; some regions always need a ruling',
    source: 'exclusions in published programs',
    example: `rules:
  order:
    - id: R02_special_case
      when: { productLines: [automation], kinds: [referral] }
      with: { because: Automation is not sold by referral. }
      on:
        applies: { outcome: deny, waitlist: false }
    - id: R02_special_case
      when: { countries: [JP] }
      with: { because: Deals in Japan are decided one by one. }
      on:
        applies: { outcome: needs_ruling, decider: director }
`,
  },
  C17_public_tender: {
    title: 'Public tender',
    finds: 'The deal is a tender that was published before the registration was received. Dates are those of the default calendar.',
    situations: {
      after_publication: 'Published on an earlier day than the receipt.',
      same_day: 'Published on the day of the receipt: nobody can tell which came first.',
      before_publication:
        'The registration came first. Told apart only where the program asks for it, such as to treat every tender alike.',
    },
    parameters: { beforePublication: 'whether a registration before the notice is told apart; false: it stands' },
    usual: 'denied; a registration before the tender is allowed; partner manager, 2 business days',
    source: 'NeuVector, GitLab; AWS asks for the reference of the tender',
    example: `rules:
  order:
    - id: C17_public_tender
      with: { beforePublication: true }
      on:
        after_publication: { outcome: deny, waitlist: false }
        same_day: { outcome: review, decider: partner_manager, deadline: 2 business days }
        before_publication: { outcome: note }
`,
  },
  C18_partner_not_eligible: {
    title: 'The partner may not register this',
    finds: 'The partner is not active, or its track, type or tier does not allow this kind of registration (`eligibility`).',
    situations: {
      status: "The partner's status is not among those that may register.",
      kind: 'The kind is not among those that it may register.',
    },
    parameters: {},
    usual: 'denied or returned with what to mend, at once',
    source: 'all programs; GitLab also asks for a signed agreement and a trained employee',
    example: `eligibility:
  partnerStatuses: [active]
  rows: # the first row that fits decides
    - { tracks: [solution], types: [], tiers: [gold, platinum], kinds: [resale, renewal, co_sell] }
    - { tracks: [solution], types: [], kinds: [resale] }
    - { tracks: [referral], types: [referral], kinds: [referral] }
    - { tracks: [technology], types: [technology], kinds: [co_sell] }
  defaultKind: { byTrack: { referral: referral, technology: co_sell }, otherwise: resale }
rules:
  order:
    - id: C18_partner_not_eligible
      on:
        status: { outcome: deny, waitlist: false }
        kind: { outcome: deny, waitlist: false }
`,
  },
  C19_below_minimum: {
    title: 'Too small or too large',
    finds:
      'The value is below `routing.minimum` or above a maximum, or there are too few units. Values of exactly the limit are inside. Another currency is converted at the declared rates.',
    situations: {
      below: 'Below the minimum.',
      above: 'Above the maximum.',
      below_quantity: 'Fewer units than required.',
      unknown_quantity: 'How many units is not given.',
      unknown_value: 'There is no rate for the currency, and the routing asks nobody about it.',
    },
    parameters: {
      minimum: 'the least value, where it differs from that of the routing; several rows may say several',
      maximum: 'the largest value; nothing: no limit',
      minimumQuantity: 'the least number of units; nothing: not asked for',
    },
    usual: 'denied, or routed higher, at once',
    source: 'Check Point (USD 20,000 at list), Gumdrop (100 units), Sophos (local currency)',
    example: `rules:
  order:
    - id: C19_below_minimum
      with: { maximum: { amount: '1000000.00', currency: USD }, minimumQuantity: 100 }
      on:
        below: { outcome: deny, waitlist: false }
        above: { outcome: needs_ruling, decider: vp }
        below_quantity: { outcome: deny, waitlist: false }
        unknown_quantity: { outcome: return, ask: Say how many units the customer needs. }
        unknown_value: { outcome: needs_ruling, decider: director }
`,
  },
  C20_speculative: {
    title: 'Registered to reserve',
    finds: 'The partner brings too little proof, or registers more than it may or than it wins. Only what is declared is looked at.',
    situations: {
      no_proof: 'Fewer different proofs than required.',
      capacity: 'More standing registrations than allowed, this one counted.',
      mass_filing: 'More registrations in 30 days than allowed, this one counted.',
      low_conversion: 'Too few of the decided ones of the last 365 days were won.',
    },
    parameters: {
      leastProofs: 'how many different proofs a registration has to bring',
      mostStanding: 'how many undecided and protected registrations a partner may have; nothing: any number',
      mostIn30Days: 'how many registrations a partner may file in 30 days; nothing: any number',
      leastWonPercent: 'which part of the decided ones has to be won; nothing: not judged',
      leastDecided: 'on fewer decided registrations the part that was won is not judged',
    },
    usual: 'returned, or fewer at a time; partner manager, 2 business days',
    source: 'HubSpot (25 at a time); Sophos revokes where no progress is shown',
    example: `rules:
  order:
    - id: C20_speculative
      with: { leastProofs: 1, mostStanding: 25, mostIn30Days: 40, leastWonPercent: '5' }
      on:
        no_proof: { outcome: return, ask: 'Add a proof of your work, such as a meeting with its date.' }
        capacity: { outcome: deny, waitlist: false, offer: Close or withdraw one of your registrations first. }
        mass_filing: { outcome: review, decider: partner_manager, deadline: 2 business days }
        low_conversion: { outcome: review, decider: partner_manager, deadline: 2 business days }
`,
  },
  C24_distributor_mismatch: {
    title: 'The quote names somebody else',
    finds:
      'The reseller on the quote is not the partner, or a partner that has to buy through a distributor names none. Which partners have to is said by `when`.',
    situations: {
      no_distributor: 'No distributor is named.',
      other_reseller: 'The quote names another reseller; told where both hold.',
    },
    parameters: {},
    usual: 'the quote is held; deal desk, 1 business day',
    source: 'GitLab (Open partners buy through a distributor; quoted and registered partner have to be one)',
    example: `rules:
  order:
    - id: C24_distributor_mismatch
      when: { tracks: [solution], tiers: [silver] }
      on:
        no_distributor: { outcome: return, ask: Name the distributor through which you buy. }
        other_reseller: { outcome: review, decider: partner_manager, deadline: 1 business day }
`,
  },
  C25_marketplace: {
    title: 'Through a marketplace',
    finds: 'The deal is transacted through a marketplace, such as that of AWS, Azure or Google Cloud.',
    situations: { marketplace: 'The program says what a registration is worth then.' },
    parameters: {},
    usual: 'honoured as a referral or made a partner offer; partner operations, 2 business days',
    source: 'GitLab (as a referral)',
    example: `rules:
  order:
    - id: C25_marketplace
      on:
        marketplace: { outcome: review, decider: partner_manager, deadline: 2 business days }
`,
  },
};
