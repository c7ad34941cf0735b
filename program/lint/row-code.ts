/** Codes about rows: what no row covers, what several do, what no row can ever decide. */
export const ROW_CODES = {
  L101: {
    severity: 'error',
    title: 'The routing leaves a gap',
    why: 'Claims that no row covers are decided by nobody in particular. Published programs leave out single values, such as exactly 5,000 between "1,500–4,999" and "above 5,000".',
    remedy: 'move an edge of a neighbouring row, or add a row for them.',
    example:
      'rows:\n  - { when: { quantity: { upTo: 4999 } }, steps: [] }\n  - { when: { quantity: { above: 5000 } }, steps: [{ role: director }] }',
  },
  L102: {
    severity: 'error',
    title: 'Rows of the routing overlap',
    why: 'Under `hitPolicy: only` exactly one row may hold. Claims for which two hold are routed nowhere.',
    remedy: 'separate the rows, or let the first one win with hitPolicy: first.',
    example:
      "hitPolicy: only\nrows:\n  - { when: { value: { upTo: '25000.00' } }, steps: [] }\n  - { when: { value: { from: '25000.00' } }, steps: [{ role: director }] }",
  },
  L103: {
    severity: 'error',
    title: 'A row of the routing decides about no claim',
    why: 'Earlier rows take all of its claims, or its own condition contradicts itself. Who wrote the row believes that it counts.',
    remedy: 'put it before the rows that take its claims, narrow those, or take it out.',
    example:
      "hitPolicy: first\nrows:\n  - { when: { value: { upTo: '100000.00' } }, steps: [{ role: partner_manager }] }\n  - { when: { value: { upTo: '25000.00' } }, steps: [] }",
  },
  L104: {
    severity: 'error',
    title: 'A row of a rule decides about no claim',
    why: 'An earlier row of the same rule decides all of its claims, or its own condition contradicts itself. A minimum decides nothing behind a higher one.',
    remedy: 'put the row with the narrower condition first, or take this one out.',
    example:
      'order:\n  - { id: C01_duplicate_same_partner, on: { exact: { outcome: deny, waitlist: false } } }\n  - { id: C01_duplicate_same_partner, when: { kinds: [referral] }, on: { exact: { outcome: note } } }',
  },
  L105: {
    severity: 'error',
    title: 'The rows of a rule leave a band out',
    why: 'The rule holds below and above the band, but not in it: an edge was forgotten rather than an exception made.',
    remedy: 'move an edge of a neighbouring row, or add a row for the band, with the outcome note where nothing should follow.',
    example:
      '- { id: C09_existing_customer, when: { quantity: { upTo: 4999 } }, on: … }\n- { id: C09_existing_customer, when: { quantity: { above: 5000 } }, on: … }',
  },
  L106: {
    severity: 'error',
    title: 'A row of the protection windows gives no claim its length',
    why: 'Earlier rows take all of its claims, or its own condition contradicts itself.',
    remedy: 'put it before the rows that take its claims, or take it out.',
    example: 'windows:\n  - { when: {}, window: 60 days }\n  - { when: { tiers: [gold] }, window: 120 days }',
  },
  L107: {
    severity: 'warning',
    title: 'The protection windows leave a band out',
    why: 'Claims in the band get the general window, though smaller and larger ones get their own.',
    remedy: 'move an edge of a neighbouring row, or add a row that says the length for the band.',
    example:
      'windows:\n  - { when: { quantity: { upTo: 4999 } }, window: 60 days }\n  - { when: { quantity: { above: 5000 } }, window: 120 days }',
  },
  L108: {
    severity: 'error',
    title: 'A row of the eligibility fits no partner',
    why: 'The first row that fits a partner decides what it may register. Earlier rows fit all partners of this one, so that it gives nobody anything.',
    remedy: 'put it before them, or join the rows.',
    example:
      'rows:\n  - { tracks: [solution], types: [], kinds: [resale] }\n  - { tracks: [solution], types: [], tiers: [gold], kinds: [resale, renewal] }',
  },
  L109: {
    severity: 'warning',
    title: 'Nobody may register a kind',
    why: 'The kind is declared, and every claim of it is refused.',
    remedy: 'name it in a row of the eligibility, or take it out.',
    example: 'kinds:\n  - { id: rental, label: Rental } # in no row of eligibility',
  },
  L110: {
    severity: 'warning',
    title: 'A track may register nothing',
    why: 'Partners of the track are refused whatever they register, although the program has deal registration.',
    remedy: 'name the track in a row of the eligibility, or say in its summary that it registers nothing and take its ladder out.',
    example: 'tracks:\n  - { id: services, … } # in no row of eligibility',
  },
  L111: {
    severity: 'error',
    title: 'What is declared is not enforced',
    why: 'The definition states a condition that no rule asks for, so that claims are decided as if it was not there.',
    remedy: 'add the rule that enforces it, or take the declaration out.',
    example: "routing:\n  minimum: { amount: '5000.00', currency: USD }\nrules: … # without C19_below_minimum",
  },
  L112: {
    severity: 'warning',
    title: 'What is declared is not used',
    why: 'Nothing in the definition refers to it. Either something is missing, or it only misleads readers.',
    remedy: 'refer to it where it is meant to count, or take it out.',
    example: 'measures:\n  - { id: certified_people, … } # asked for by no tier',
  },
  L113: {
    severity: 'error',
    title: 'A rule has an outcome for what cannot happen',
    why: 'What the rule needs to see this situation is not declared, so that the outcome never follows.',
    remedy: 'set what the situation is measured by, or take the outcome out.',
    example:
      '- id: C20_speculative\n  with: { leastProofs: 0 }\n  on: { no_proof: { outcome: return, ask: a proof of the first meeting } }',
  },
  L114: {
    severity: 'error',
    title: 'A rule asks for what has no outcome',
    why: 'The rule sees the situation that its parameter asks for, and the program does not say what follows.',
    remedy: 'add the outcome to `on`, or take the parameter out.',
    example: '- id: C20_speculative\n  with: { mostStanding: 25 }\n  on: {}',
  },
  L115: {
    severity: 'error',
    title: 'A rule is heard too late',
    why: 'Wherever the match is certain, the rules that are named decide: under `hitPolicy: first` because they stand before it, under `strictest` because they are stricter.',
    remedy: 'use hitPolicy: first, and put it before the rules that are named.',
    example:
      'hitPolicy: first\norder: [C02_active_protection, C03_competing_pending, C22_customer_choice] # the letter of a customer comes too late',
  },
  L116: {
    severity: 'warning',
    title: 'An approval hides the rules after it',
    why: 'Under `hitPolicy: first` the claim is approved without a look at rules that would deny it, such as for another partner’s protection.',
    remedy: 'put the rules that deny before the one that approves.',
    example:
      'hitPolicy: first\norder:\n  - { id: C07_direct_stale, on: { exact: { outcome: approve }, … } }\n  - { id: C02_active_protection, … }',
  },
  L117: {
    severity: 'error',
    title: 'A waiting list behind nobody',
    why: 'The rule is not about other claims, so that a denied claim would wait for nothing and never move up.',
    remedy: 'set waitlist: false.',
    example: '- { id: C19_below_minimum, on: { below: { outcome: deny, waitlist: true } } }',
  },
  L118: {
    severity: 'warning',
    title: 'No rule looks at other claims',
    why: 'Without C01 and C02 a protection, the partner’s own or another’s, is seen only when the approval fails, and without C03 the order of receipt decides nothing.',
    remedy: 'add the rules that are named.',
    example: 'order: [C18_partner_not_eligible, C19_below_minimum]',
  },
  L119: {
    severity: 'warning',
    title: 'Too many combinations to be checked',
    why: 'The rows tell so many kinds of claims apart that gaps and overlaps were not looked for.',
    remedy: 'use fewer different conditions in one table.',
    example: 'rows: … # 30 bands × 60 countries × 40 product lines',
  },
  L120: {
    severity: 'error',
    title: 'No value can be registered',
    why: 'The largest value that may be registered is below the smallest.',
    remedy: 'raise the maximum or lower the minimum.',
    example:
      "routing:\n  minimum: { amount: '5000.00', currency: USD }\n# and in C19_below_minimum\nwith: { maximum: { amount: '1000.00', currency: USD } }",
  },
  L121: {
    severity: 'error',
    title: 'The benefits leave a band out',
    why: 'Partners below and above the band get the benefit, and in it nobody does.',
    remedy: 'move an edge of a neighbouring benefit, or add one for the band.',
    example:
      "- { kind: discount, percent: '10', base: list, fromTier: null, when: { quantity: { from: 1500, upTo: 4999 } } }\n- { kind: discount, percent: '15', base: list, fromTier: null, when: { quantity: { above: 5000 } } }",
  },
  L122: {
    severity: 'error',
    title: 'Benefits meet, and nobody says how',
    why: 'Two benefits of one kind hold for the same claim. Whether they add up or only the highest applies is worth as much as the benefits themselves.',
    remedy: 'set `combine` of the track to all or highest.',
    example:
      "- track: solution # without combine\n  benefits:\n    - { kind: discount, percent: '20', base: list, fromTier: null }\n    - { kind: discount, percent: '5', base: list, fromTier: gold }",
  },
  L123: {
    severity: 'warning',
    title: 'A tie that only one of the two sees',
    why: 'Of two claims that were received at nearly the same time the later one waits for the earlier (C03) before anybody looks at the tie (C04).',
    remedy: 'use hitPolicy: first, and put C04 before C03.',
    example: 'hitPolicy: first\norder: [C03_competing_pending, C04_near_simultaneous]',
  },
  L124: {
    severity: 'error',
    title: 'A default that is refused',
    why: 'A submission that names no kind takes one that partners of the track may not register, so that it is denied.',
    remedy: 'take one of the kinds that the eligibility gives the track.',
    example:
      'rows: [{ tracks: [referral], types: [], kinds: [referral] }]\ndefaultKind: { byTrack: { referral: resale }, otherwise: resale }',
  },
  L125: {
    severity: 'warning',
    title: 'What comes later stands against the claim',
    why: 'A rep who sees a registration can create an opportunity and so take the deal from the partner. Partners stop registering where that works.',
    remedy: 'set countsWhenCreatedAfterReceipt: false.',
    example: 'directOpportunities: { earlyStages: 3, staleAfter: 180 days, countsWhenCreatedAfterReceipt: true }',
  },
  L126: {
    severity: 'warning',
    title: 'A guess decides',
    why: 'A probable match may be another customer. Certain matches are acted on, probable ones go to people with the evidence of both sides.',
    remedy: 'let a role review it.',
    example: '- id: C02_active_protection\n  on: { probable: { outcome: deny, waitlist: true }, … }',
  },
  L127: {
    severity: 'error',
    title: 'A protection that the program means to pass over',
    why: 'Nobody is protected twice on one line, whatever a rule says. An approval would become a denial, a claim that is only noted would be refused at every yes, and a protection is decided already, so that there is nothing to wait for.',
    remedy:
      'deny it, take the lines that are free (free_lines), or let a role review it: who settles a case may let two stand side by side.',
    example: '- id: C02_active_protection\n  on: { exact: { outcome: approve }, … }',
  },
  L128: {
    severity: 'error',
    title: 'Free lines of a finding that names none',
    why: 'The finding is about the whole claim, so that nothing is left to go on and the claim is denied for all of its lines.',
    remedy: 'use deny, or in R02 name the lines in `when: { productLines: … }`.',
    example: '- { id: C14_outside_region, on: { outside: { outcome: free_lines, waitlist: false }, … } }',
  },
  L129: {
    severity: 'warning',
    title: 'A precedence that never decides',
    why: 'No two claims have the same receipt, so that the criteria after first_valid_claim are asked of nobody. Only with C04 do receipts count as one that lie near each other.',
    remedy: 'put the criteria before first_valid_claim, add C04_near_simultaneous, or take them out.',
    example: 'precedence: [first_valid_claim, incumbency] # and rules without C04_near_simultaneous',
  },
  L130: {
    severity: 'warning',
    title: 'Claims that pass by the other claims',
    why: 'All rows of the rule have a condition, and for some claims none of them holds. There a protection is seen only when the approval fails, or the order of receipt decides nothing.',
    remedy: 'add a row for them, without a condition at the end.',
    example: '- { id: C02_active_protection, when: { kinds: [resale] }, on: … } # and nothing for renewals',
  },
} as const;
