import { readFileSync } from 'node:fs';
import { LINT_CATALOGUE, type LintCode } from '../../../program/lint/catalogue.ts';
import { ACME_YAML } from '../example.ts';
import { codesOf, findingsIn, findingsWith, patched, type Patch } from './patched.ts';

/** The passages of acme that the patches below replace. */
const ROUTING_ROWS =
  /( {2}rows:\n {4}- \{ when: \{ value: \{ upTo: '25000\.00'[\s\S]*?)(?= {2}otherwise: director)/.exec(ACME_YAML)?.[1] ?? '';
const LAST_RULE = /( {4}- id: C16_lines_disjoint[\s\S]*)$/.exec(ACME_YAML)?.[1] ?? '';
const SCALE_ROWS = /\n(scale: [\s\S]*?)\nmaturity: # handbook: levels/.exec(ACME_YAML)?.[1] ?? '';
const METRICS = /\n(metrics: [\s\S]*?)\n# What decides/.exec(ACME_YAML)?.[1] ?? '';
const ECONOMICS = /\n(economics: [\s\S]*?)\n# Operation/.exec(ACME_YAML)?.[1] ?? '';
const LAUNCH_PILOT = /( {2}- phase: pilot[\s\S]*?)(?= {2}- phase: launch)/.exec(ACME_YAML)?.[1] ?? '';

const rows = (...lines: readonly string[]): Patch => [ROUTING_ROWS, `  rows:\n${lines.map((line) => `    - ${line}\n`).join('')}`];
const rulesAtEnd = (...lines: readonly string[]): Patch => [LAST_RULE, `${LAST_RULE}${lines.map((line) => `    - ${line}\n`).join('')}`];
const solution = (...benefits: readonly string[]): Patch => [
  '      - { kind: deal_protection, fromTier: null }\n',
  `      - { kind: deal_protection, fromTier: null }\n${benefits.map((benefit) => `      - ${benefit}\n`).join('')}`,
];
const window = (...lines: readonly string[]): Patch => [
  '  endsAt: instant',
  `  windows:\n${lines.map((line) => `    - ${line}\n`).join('')}  endsAt: instant`,
];
const MEMBERS_OF_DIRECTOR = 'members: [director]';
const FREEZE = (from: string, until: string): string => `  - { from: ${from}, until: ${until}, time: '17:00' }\n`;
const SIXTY_COUNTRIES =
  'AT AU BE BG BR CA CH CL CN CO CY CZ DE DK EE EG ES FI FR GB GR HK HR HU ID IE IL IN IS IT JP KE KR LT LU LV MA MT MX MY NG NL NO NZ PE PH PK PL PT QA RO RS SA SE SG SI SK TH TR US'.split(
    ' ',
  );
const listed = (kind: string, from: string): string => `  - { kind: ${kind}, name: Contoso, domains: [contoso.example], from: ${from} }\n`;
const C13 =
  '{ id: C13_listed_account, on: { named: { outcome: note }, house: { outcome: note }, direct_only: { outcome: note }, probable: { outcome: note } } }';
const metric = (id: string, unit: string, target: string, leads: boolean): string =>
  `  - { id: ${id}, label: ${id}, unit: ${unit}, currency: ${unit === 'money' ? 'USD' : 'null'}, current: '22', target: '${target}', leads: ${String(leads)} }\n`;

const clocks = (clock: string): Patch => ['returned: #', `clocks: { ${clock} }\nreturned: #`];
const people = (person: string): Patch => ['  defaultManager: manager', `  people: [${person}]\n  defaultManager: manager`];
const everyDayOf = (first: number, last: number): readonly string[] =>
  Array.from({ length: 366 * (last - first + 1) }, (_none, day) => new Date(Date.UTC(first, 0, 1 + day)).toISOString().slice(0, 10)).filter(
    (date) => Number(date.slice(0, 4)) <= last,
  );

/** The smallest change of acme that makes each code appear. */
const SMALLEST: Readonly<Record<LintCode, readonly Patch[] | string>> = {
  L101: [rows("{ when: { value: { upTo: '25000.00' } }, steps: [] }", "{ when: { value: { above: '25000.01' } }, steps: [{ role: vp }] }")],
  L102: [
    ['hitPolicy: first\n  rows', 'hitPolicy: only\n  rows'],
    rows("{ when: { value: { upTo: '25000.00' } }, steps: [] }", "{ when: { value: { from: '25000.00' } }, steps: [{ role: vp }] }"),
  ],
  L103: [rows('{ when: {}, steps: [{ role: vp }] }', "{ when: { value: { upTo: '25000.00' } }, steps: [] }")],
  L104: [
    rulesAtEnd(
      '{ id: C17_public_tender, when: { kinds: [resale, referral] }, on: { after_publication: { outcome: deny, waitlist: false } } }',
      '{ id: C17_public_tender, when: { kinds: [referral] }, on: { after_publication: { outcome: note } } }',
    ),
  ],
  L105: [
    rulesAtEnd(
      '{ id: C25_marketplace, when: { quantity: { upTo: 4999 } }, on: { marketplace: { outcome: note } } }',
      '{ id: C25_marketplace, when: { quantity: { above: 5000 } }, on: { marketplace: { outcome: note } } }',
    ),
  ],
  L106: [window('{ when: {}, window: 60 days }', '{ when: { tiers: [gold] }, window: 120 days }')],
  L107: [window('{ when: { quantity: { upTo: 4999 } }, window: 60 days }', '{ when: { quantity: { above: 5000 } }, window: 120 days }')],
  L108: [
    [
      '    - { tracks: [solution], types: [], kinds: [resale, renewal, co_sell] }\n',
      '    - { tracks: [solution], types: [], kinds: [resale, renewal, co_sell] }\n    - { tracks: [solution], types: [], tiers: [gold], kinds: [referral] }\n',
    ],
  ],
  L109: [['  - { id: renewal, label: Renewal }\n', '  - { id: renewal, label: Renewal }\n  - { id: rental, label: Rental }\n']],
  L110: [['{ tracks: [technology], types: [technology], kinds: [co_sell] }', '{ tracks: [], types: [technology], kinds: [co_sell] }']],
  L111: [['    - id: C19_below_minimum\n      on: { below: { outcome: deny, waitlist: false } }\n', '']],
  L112: [['measures:', 'measures:\n  - { id: applause, label: applause, unit: count }\n#']],
  L113: [rulesAtEnd('{ id: C20_speculative, on: { no_proof: { outcome: return, ask: a proof } } }')],
  L114: [rulesAtEnd('{ id: C20_speculative, with: { mostStanding: 25 }, on: {} }')],
  L115: [rulesAtEnd('{ id: C22_customer_choice, on: { letter: { outcome: review, decider: director } } }')],
  L116: [['  order:\n    - id: C18', '  order:\n    - { id: C25_marketplace, on: { marketplace: { outcome: approve } } }\n    - id: C18']],
  L117: [['on: { below: { outcome: deny, waitlist: false } }', 'on: { below: { outcome: deny, waitlist: true } }']],
  L118: [
    [
      'C02_active_protection',
      'C04_near_simultaneous\n      with: { within: 5 minutes }\n      on: { tie: { outcome: note } }\n    - id: C16_lines_disjoint\n      when: { kinds: [resale] }',
    ],
  ],
  L119: [
    rows(
      ...SIXTY_COUNTRIES.map(
        (country, at) =>
          `{ when: { value: { upTo: '${at + 6000}.00' }, countries: [${country}], quantity: { upTo: ${at + 10} } }, steps: [] }`,
      ),
      '{ when: {}, steps: [{ role: vp }] }',
    ),
  ],
  L120: [
    [
      '    - id: C19_below_minimum\n      on: {',
      "    - id: C19_below_minimum\n      with: { maximum: { amount: '4999.99', currency: USD } }\n      on: { above: { outcome: deny, waitlist: false },",
    ],
  ],
  L121: [
    ['  - track: solution\n', '  - track: solution\n    combine: highest\n'],
    solution(
      "{ kind: discount, percent: '5', base: list, fromTier: null, when: { quantity: { upTo: 4999 } } }",
      "{ kind: discount, percent: '8', base: list, fromTier: null, when: { quantity: { above: 5000 } } }",
    ),
  ],
  L122: [
    solution(
      "{ kind: discount, percent: '5', base: list, fromTier: null }",
      "{ kind: discount, percent: '8', base: list, fromTier: gold }",
    ),
  ],
  L123: [rulesAtEnd('{ id: C04_near_simultaneous, with: { within: 5 minutes }, on: { tie: { outcome: review, decider: director } } }')],
  L124: [['referral: referral, technology: co_sell }', 'referral: resale, technology: co_sell }']],
  L125: [['countsWhenCreatedAfterReceipt: false', 'countsWhenCreatedAfterReceipt: true']],
  L126: [
    [
      'on: { exact: { outcome: deny, waitlist: true }, probable: { outcome: review, decider: partner_manager } }',
      'on: { exact: { outcome: deny, waitlist: true }, probable: { outcome: deny, waitlist: true } }',
    ],
  ],
  L127: [
    [
      'on: { exact: { outcome: deny, waitlist: true }, probable: { outcome: review',
      'on: { exact: { outcome: wait }, probable: { outcome: review',
    ],
  ],
  L128: [rulesAtEnd('{ id: C14_outside_region, on: { outside: { outcome: free_lines, waitlist: false }, unknown: { outcome: note } } }')],
  L129: [['precedence: [first_valid_claim]', 'precedence: [first_valid_claim, incumbency]']],
  L130: [['- id: C01_duplicate_same_partner #', '- id: C01_duplicate_same_partner\n      when: { kinds: [resale] } #']],
  L201: [['approvalLimit: null, deadline: 3 business days', 'approvalLimit: null, deadline: 72 business hours (3 business days)']],
  L202: [['  endsAt: instant', '#']],
  L203: [rulesAtEnd('{ id: C08_direct_contact, on: { exact: { outcome: note }, probable: { outcome: note } } }')],
  L204: [
    rulesAtEnd(
      '{ id: C21_expired_then_refiled, with: { lookback: 59 days, coolingOff: 60 days }, on: { rival_in_gap: { outcome: note }, too_soon: { outcome: note } } }',
    ),
  ],
  L205: [['    length: 30 days\n', '    length: 30 days\n    maxTotal: 119 days\n']],
  L206: [['    length: 30 days\n', '    length: 30 days\n    maxTotal: 121 days\n']],
  L207: [['reminders: [30 days,', 'reminders: [90 days, 30 days,']],
  L208: [['7 days, 1 day]', '7 days, 1 week, 1 day]']],
  L209: [
    ['anchor: approval', 'anchor: submission'],
    ['window: 90 days', 'window: 3 days'],
    ['reminders: [30 days, 14 days, 7 days, 1 day]', 'reminders: [1 day]'],
  ],
  L210: [['keep: 180 days', 'keep: 89 days']],
  L211: [['returned: #', `freezes:\n${FREEZE('2026-12-20', '2027-01-02')}${FREEZE('2027-01-01', '2027-01-10')}returned: #`]],
  L212: [['eligibility: #', `accounts:\n${listed('house', '2026-01-01')}${listed('named', '2026-06-01')}eligibility: #`], rulesAtEnd(C13)],
  L213: [['pendingSuspendsExpiry: false', 'pendingSuspendsExpiry: true']],
  L214: [['askWithin: null', 'askWithin: 31 days']],
  L215: [['region: null, closedDates: []', `region: null, closedDates: [${everyDayOf(2026, 2027).join(', ')}]`]],
  L216: [['silence: keep_asking }', 'silence: keep_asking, reminders: [3 business days] }']],
  L217: [clocks('acknowledge: { within: 60 days, from: arrival }')],
  L218: [clocks('whole: { within: 1 hour, from: arrival, silence: escalate }')],
  L301: [['headcount: 1\n      members: [vp]', 'headcount: 0\n      members: [vp]']],
  L302: [['members: [vp]', MEMBERS_OF_DIRECTOR]],
  L303: [
    ['members: [vp]', 'members: [manager]'],
    [MEMBERS_OF_DIRECTOR, 'members: [manager]'],
  ],
  L304: [['steps: [{ role: director }]', 'steps: [{ role: director }, { role: director }]']],
  L305: [['on: { exact: { outcome: review, decider: partner_manager }', 'on: { exact: { outcome: review, decider: vp }']],
  L306: [["approvalLimit: '100000.00'", "approvalLimit: '250000.01'"]],
  L307: [['owner: partner_operations\n  executiveSponsor', 'owner: null\n  executiveSponsor']],
  L308: [['executiveSponsor: vp', 'executiveSponsor: null']],
  L309: ACME_YAML.replaceAll(/headcount: \d+/g, 'headcount: 0'),
  L310: [people('{ alias: director, deputy: rep }')],
  L311: [people('{ alias: director }')],
  L312: [['steps: [{ role: director }]', 'steps: [{ role: director, by: [territory] }]']],
  L401: [['revenueModel: [mutual_referral]', 'revenueModel: []']],
  L402: [
    [
      "criteria: [{ measure: certified_people, atLeast: '3' }, { measure: sourced_revenue, atLeast: '75000' }]",
      'assignedBy: partner_manager',
    ],
  ],
  L403: [
    [
      ECONOMICS,
      'economics:\n' +
        ['technology', 'solution', 'referral']
          .map((track) => `  - { track: ${track}, benefits: [{ kind: other, description: competitive commissions, fromTier: null }] }\n`)
          .join(''),
    ],
  ],
  L404: [solution('{ kind: other, description: priority support, fromTier: null }')],
  L405: [['gradedBy: tier, fromTier: null }', 'gradedBy: tier, fromTier: platinum }']],
  L406: [
    ['inUse: self-service portal', 'inUse: null'],
    ['inUse: Salesforce', 'inUse: a mailbox'],
  ],
  L407: [['start: by e-mail, scale: automated by the system', 'start: by e-mail, scale: by e-mail']],
  L408: [
    ['size: { activePartners: 150 }', 'size: { activePartners: 300 }'],
    ["when: { value: { upTo: '25000.00' } }, steps: []", "when: { value: { upTo: '25000.00' } }, steps: [{ role: partner_manager }]"],
  ],
  L409: [[METRICS, `metrics:\n${metric('partner_revenue_share', 'count', '40', true)}`]],
  L410: [[METRICS, `metrics:\n${metric('partner_revenue_share', 'percent', '40', false)}${metric('partner_nps', 'score', '60', false)}`]],
  L411: [["current: '45', target: '60'", "current: '45', target: '45'"]],
  L412: [[METRICS, `metrics:\n${metric('partner_revenue_share', 'percent', '40', true)}`]],
  L413: [["{ measure: satisfied_customers, atLeast: '90' }", "{ measure: satisfied_customers, atLeast: '101' }"]],
  L414: [["{ measure: certified_people, atLeast: '6' }", "{ measure: certified_people, atLeast: '2' }"]],
  L415: [
    [
      "requirements: [certified on the product] # handbook\n        criteria: [{ measure: certified_people, atLeast: '1' }]",
      'requirements: [certified on the product] # handbook',
    ],
  ],
  L416: [
    [
      "criteria: [{ measure: certified_people, atLeast: '3' }, { measure: sourced_revenue, atLeast: '75000' }]",
      "criteria: [{ measure: certified_people, atLeast: '1' }]",
    ],
  ],
  L417: [['size: { activePartners: 150 }', 'size: { activePartners: 34 }']],
  L418: readFileSync('test/fixtures/contradictory-hours.yaml', 'utf8').replace(
    /^types: .*$/m,
    'types:\n  - { id: reseller, label: A, primaryValue: reach, revenueModel: [margin], support: light }\n  - { id: referrer, label: B, primaryValue: leads, revenueModel: [commission], support: light }',
  ),
  L419: [['requirements: [certified on the product] # handbook', 'requirements: [a reasonable pipeline] # handbook']],
  L420: [[SCALE_ROWS, 'scale: []\n']],
  L501: [['  - id: escalation_procedures\n', '  - id: escalation\n']],
  L502: [['updatedOn: 2026-10-01', 'updatedOn: 2025-11-23']],
  L503: [['    owner: partner_operations\n    updatedOn: 2026-10-01\n', '    owner: partner_operations\n']],
  L504: [['updatedOn: 2026-10-01', 'updatedOn: 2026-11-24']],
  L505: [[LAUNCH_PILOT, '']],
  L506: ACME_YAML.replaceAll(/cadence: \w+/g, 'cadence: as_needed'),
  L507: [['date: 2025-12-31', 'date: 2025-11-22']],
  L601: [['resource: false', 'resource: true']],
  L602: [
    ['onApproval: none', 'onApproval: link'],
    ['resource: false', 'resource: true'],
    [
      'makes no difference then\n      on: { exact: { outcome: note }',
      'makes no difference then\n      on: { exact: { outcome: deny, waitlist: false }',
    ],
  ],
};

describe('the catalogue of findings', () => {
  it('finds nothing in acme, which is good', () => {
    expect(findingsWith()).toEqual([]);
  });

  it.each(Object.entries(SMALLEST))('reports %s for the smallest definition that has it', (code, definition) => {
    const found = findingsIn(typeof definition === 'string' ? definition : patched(...definition));
    expect(codesOf(found)).toContain(code);
    for (const { message, path, remedy, severity, line } of found.filter((one) => one.code === code)) {
      expect(severity).toBe(LINT_CATALOGUE[code as LintCode].severity);
      expect(message).toMatch(/\S.*[^.]$/);
      expect(remedy).toMatch(/^[a-z`].*\.$/);
      expect(path).not.toBe('');
      expect(line).toBeGreaterThan(1);
    }
  });
});
