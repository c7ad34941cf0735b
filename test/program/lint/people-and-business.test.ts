import { codesOf, findingsWith, type Patch } from './patched.ts';

const DIRECTOR = 'members: [director]';
const ALL_ONE: readonly Patch[] = [
  ['members: [vp]', 'members: [manager]'],
  [DIRECTOR, 'members: [manager]'],
];

const people = (list: string): Patch => ['  defaultManager: manager', `  people: [${list}]\n  defaultManager: manager`];

describe('people', () => {
  it.each<readonly [string, readonly Patch[], readonly string[]]>([
    ['one person on the whole ladder, said once', ALL_ONE, ['L303']],
    ['a role above without a member of its own', [['members: [vp]', DIRECTOR]], ['L302']],
    [
      'a role above that shares one of two members',
      [['headcount: 1\n      members: [vp]', 'headcount: 2\n      members: [director, vp]']],
      [],
    ],
    [
      'two members of one role, asked one after another',
      [
        [DIRECTOR, 'members: [director, deputy]'],
        ['steps: [{ role: director }]', 'steps: [{ role: director }, { role: director }]'],
      ],
      [],
    ],
    [
      'a step of those who answered under another role',
      [
        ['members: [vp]', 'members: [director]'],
        ['steps: [{ role: vp }]', 'steps: [{ role: director }, { role: vp }]'],
      ],
      ['L302', 'L304'],
    ],
    [
      'an appeal that a second member can hear',
      [
        ['exact: { outcome: review, decider: partner_manager }', 'exact: { outcome: review, decider: vp }'],
        ['headcount: 1\n      members: [vp]', 'headcount: 2\n      members: [vp, cro]'],
      ],
      [],
    ],
    [
      'no appeal at all',
      [
        ['exact: { outcome: review, decider: partner_manager }', 'exact: { outcome: review, decider: vp }'],
        ['maxCount: 1\n  needsNewEvidence', 'maxCount: 0\n  needsNewEvidence'],
      ],
      [],
    ],
    [
      'a limit above a role without one',
      [
        ["{ role: director, approvalLimit: '250000.00'", '{ role: director, approvalLimit: null'],
        ['{ role: vp, approvalLimit: null', "{ role: vp, approvalLimit: '999999999.00'"],
        ['- { when: {}, steps: [{ role: vp }] }', '- { when: {}, steps: [{ role: director }] }'],
      ],
      ['L306'],
    ],
    ['a deputy from the ladder', [people('{ alias: director, deputy: vp }')], ['L311']],
    [
      'a deputy with a limit of its own',
      [people('{ alias: director, deputy: helper }, { alias: helper, approvalLimit: "1000.00" }')],
      ['L311'],
    ],
    ['a deputy with neither', [people('{ alias: director, deputy: helper }')], ['L310', 'L311']],
    [
      'people, and somebody to fall back on',
      [people('{ alias: director }'), ['  defaultManager: manager', '  fallback: vp\n  defaultManager: manager']],
      [],
    ],
    [
      'a desk that may approve more than who stands above it',
      [
        [
          'scope: systems, reporting, compliance\n      purpose: infrastructure\n      headcount: 2\n      members: []',
          'scope: desk\n      purpose: deals\n      headcount: 1\n      members: [desk]',
        ],
        [
          '  defaultManager: manager',
          '  desks: [{ role: partner_operations, approvalLimit: null, deadline: 1 business day, silence: escalate, escalatesTo: director }]\n  defaultManager: manager',
        ],
      ],
      ['L306'],
    ],
    [
      "the owner of the customer's account, asked twice",
      [['steps: [{ role: director }]', `steps: [{ role: director, asks: account_owner }, { role: director }]`]],
      [],
    ],
    [
      'two who are asked at once and are one',
      [['steps: [{ role: director }]', 'steps: [{ parallel: [{ role: director }, { role: director }], needs: all }]']],
      ['L304'],
    ],
    [
      'a share of the work that a member has',
      [
        people('{ alias: director, regions: [emea] }'),
        ['  defaultManager: manager', '  fallback: vp\n  defaultManager: manager'],
        ['steps: [{ role: director }]', 'steps: [{ role: director, by: [region] }]'],
      ],
      [],
    ],
  ])('%s', (_what, patches, codes) => {
    expect(codesOf(findingsWith(...patches))).toEqual(codes);
  });
});

describe('the business', () => {
  const MARGIN = "{ kind: margin, leastPercent: '25', mostPercent: '40', gradedBy: tier, fromTier: null }";
  const COMMISSION =
    "{ kind: commission, percent: '15', base: first_year_revenue, payout: monthly, refundHoldbackDays: 30, fromTier: null }";
  it.each<readonly [string, readonly Patch[], readonly string[]]>([
    ['a range from nothing to all is no figure', [[MARGIN, MARGIN.replace("'25'", "'0'").replace("'40'", "'100'")]], ['L404']],
    ['a range of one figure needs no grading', [[MARGIN, MARGIN.replace("'40'", "'25'").replace('null', 'platinum')]], []],
    ['a range graded by the tier on a flat track', [[COMMISSION, MARGIN]], ['L405']],
    ['a track of which nothing is said', [[`      - ${COMMISSION}`, '      []']], ['L420']],
    [
      'benefits that meet, with a word on what then',
      [
        ['  - track: referral\n    benefits:', '  - track: referral\n    combine: all\n    benefits:'],
        [COMMISSION, `${COMMISSION}\n      - ${COMMISSION}`],
      ],
      [],
    ],
    ['benefits that meet, without', [[COMMISSION, `${COMMISSION}\n      - ${COMMISSION}`]], ['L122']],
    [
      'benefits for different parts in the deal do not meet',
      [[COMMISSION, `${COMMISSION}\n      - ${COMMISSION.replace('fromTier: null', 'fromTier: null, when: { kinds: [co_sell] }')}`]],
      [],
    ],
    [
      'a tier in words that somebody confirms by figures',
      [
        [
          "criteria: [{ measure: certified_people, atLeast: '3' }, { measure: sourced_revenue, atLeast: '75000' }]",
          "criteria: [{ measure: certified_people, atLeast: '3' }]\n        assignedBy: partner_manager",
        ],
      ],
      [],
    ],
    ['one critical system is enough', [['inUse: Salesforce', 'inUse: null']], []],
    [
      '299 partners and reviews by hand',
      [
        ['activePartners: 150', 'activePartners: 299'],
        ["upTo: '25000.00' } }, steps: []", "upTo: '25000.00' } }, steps: [{ role: partner_manager }]"],
      ],
      [],
    ],
    [
      'another target than the vision',
      [["metric: partner_revenue_share\n  target: '40'", "metric: partner_revenue_share\n  target: '41'"]],
      ['L411'],
    ],
    [
      'the same target, written otherwise',
      [["metric: partner_revenue_share\n  target: '40'", "metric: partner_revenue_share\n  target: '40.0'"]],
      [],
    ],
  ])('%s', (_what, patches, codes) => {
    expect(codesOf(findingsWith(...patches))).toEqual(codes);
  });
});
