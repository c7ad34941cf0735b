import { codesOf, findingsIn, findingsWith, type Patch } from './patched.ts';
import { ACME_YAML } from '../example.ts';

const maximum = (amount: string): Patch => [
  '    - id: C19_below_minimum\n      on: {',
  `    - id: C19_below_minimum\n      with: { maximum: { amount: '${amount}', currency: USD } }\n      on: { above: { outcome: deny, waitlist: false },`,
];
const LADDER = "{ role: partner_manager, approvalLimit: '100000.00', deadline: 1 business day, silence: escalate }";
const deadline = (written: string): Patch => [LADDER, LADDER.replace('1 business day', written)];
const window = (length: string): readonly Patch[] => [
  ['window: 90 days', `window: ${length}`],
  ['reminders: [30 days, 14 days, 7 days, 1 day]', 'reminders: []'],
];
const submitted: Patch = ['anchor: approval', 'anchor: submission'];
const tenDaysEach = (from: string): Patch => [
  'steps: [{ role: vp }]',
  `steps: [{ role: director, deadline: 10 days }, { role: vp, deadline: 10 days, from: ${from} }]`,
];
const extension = (maxTotal: string): Patch => ['    length: 30 days\n', `    length: 30 days\n    maxTotal: ${maxTotal}\n`];

describe('findings at their edges', () => {
  it.each<readonly [what: string, code: string, inside: readonly Patch[], outside: readonly Patch[]]>([
    ['a maximum below the minimum', 'L120', [maximum('4999.99')], [maximum('5000.00')]],
    ['a total that no extension fits into', 'L205', [extension('119 days')], [extension('120 days')]],
    ['a total in months that may be long enough', 'L205', [extension('3 months')], [extension('4 months')]],
    ['a total that is never reached', 'L206', [extension('121 days')], [extension('120 days')]],
    ['a reminder at the beginning', 'L207', [['[30 days,', '[90 days,']], [['[30 days,', '[89 days,']]],
    [
      'a reminder in other words',
      'L208',
      [['7 days, 1 day]', '7 days, 168 hours, 1 day]']],
      [['7 days, 1 day]', '7 days, 167 hours, 1 day]']],
    ],
    ['a window from the submission', 'L209', [submitted, ...window('3 days')], [submitted, ...window('4 days')]],
    [
      'steps from the submission, which run beside each other',
      'L209',
      [submitted, ...window('11 days'), tenDaysEach('arrival')],
      [submitted, ...window('11 days'), tenDaysEach('submission')],
    ],
    ['a waiting list that is forgotten', 'L210', [['keep: 180 days', 'keep: 89 days']], [['keep: 180 days', 'keep: 90 days']]],
    [
      'an extension that is over when it is asked for',
      'L214',
      [['askWithin: null', 'askWithin: 31 days']],
      [['askWithin: null', 'askWithin: 30 days']],
    ],
    [
      'an extension that is pending without anybody to decide',
      'L213',
      [['pendingSuspendsExpiry: false', 'pendingSuspendsExpiry: true']],
      [['pendingSuspendsExpiry: false', 'decidedBy: director\n    pendingSuspendsExpiry: true']],
    ],
    ['members without a head', 'L301', [['headcount: 1\n', 'headcount: 0\n']], [['headcount: 1\n', 'headcount: 1\n']]],
    [
      'limits that fall',
      'L306',
      [["'100000.00', deadline", "'250000.01', deadline"]],
      [["'100000.00', deadline", "'250000.00', deadline"]],
    ],
    [
      'tiers for too few partners',
      'L417',
      [['activePartners: 150', 'activePartners: 34']],
      [['activePartners: 150', 'activePartners: 35']],
    ],
    [
      'a tier above what can be',
      'L413',
      [["satisfied_customers, atLeast: '90'", "satisfied_customers, atLeast: '100.01'"]],
      [["satisfied_customers, atLeast: '90'", "satisfied_customers, atLeast: '100'"]],
    ],
    [
      'a document that is due today',
      'L502',
      [['updatedOn: 2026-10-01', 'updatedOn: 2025-11-23']],
      [['updatedOn: 2026-10-01', 'updatedOn: 2025-11-24']],
    ],
    [
      'a document of tomorrow',
      'L504',
      [['updatedOn: 2026-10-01', 'updatedOn: 2026-11-24']],
      [['updatedOn: 2026-10-01', 'updatedOn: 2026-11-23']],
    ],
    ['rates of more than a year ago', 'L507', [['date: 2025-12-31', 'date: 2025-11-22']], [['date: 2025-12-31', 'date: 2025-11-23']]],
  ])('sees %s, and not the next value', (_what, code, inside, outside) => {
    expect(codesOf(findingsWith(...inside))).toContain(code);
    expect(codesOf(findingsWith(...outside))).not.toContain(code);
  });

  it.each([
    ['9 hours are not a day of 8', '9 business hours (1 business day)', true],
    ['8 hours are a day of 8', '8 business hours (1 business day)', false],
    ['a week is 7 days', '1 week (7 days)', false],
    ['48 hours are 2 days', '48 hours (2 days)', false],
    ['47 hours are not', '47 hours (2 days)', true],
    ['a year is 12 months', '1 year (12 months)', false],
    ['and not 11', '1 year (11 months)', true],
    ['6 months never equal a number of days', '6 months (180 days)', true],
    ['a business day is no day', '1 business day (1 day)', true],
  ])('reads restated durations: %s', (_what, written, isWrong) => {
    expect(codesOf(findingsWith(deadline(written))).includes('L201')).toBe(isWrong);
  });

  it('counts office hours by the default calendar', () => {
    const longDay = ACME_YAML.replace("endTime: '17:00'", "endTime: '18:00'").replace(
      '1 business day, silence',
      '9 business hours (1 business day), silence',
    );
    expect(codesOf(findingsIn(longDay))).toEqual([]);
  });

  it('asks by the default calendar how long a review takes at least', () => {
    expect(codesOf(findingsWith(submitted, ...window('1 week')))).not.toContain('L209');
  });

  it('sees a business day before the end as due before a window of a day', () => {
    expect(codesOf(findingsWith(['window: 90 days', 'window: 30 days']))).toContain('L207');
  });
});
