import { parseProgram } from '../../../program/definition/parse.ts';
import { acmeWith } from '../example.ts';

function problemsOf(yamlText: string): string {
  const parsed = parseProgram(yamlText, 'programs/acme.yaml');
  return parsed.kind === 'invalid' ? parsed.problems.map(({ message }) => message).join('\n') : '';
}

describe('findBrokenReferences', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'a band decided by nobody of the ladder',
      'decidedBy: vp',
      'decidedBy: rep',
      /:\d+ routing\.bands\[3\]\.decidedBy: rep; expected one of partner_manager, director, vp$/,
    ],
    [
      'a band above the approval limit of its role',
      "upTo: '250000.00', decidedBy: director",
      "upTo: '250000.01', decidedBy: director",
      /expected a role whose approval limit \(250000\.00\) covers the band/,
    ],
    [
      'a last band for a role with a limit',
      'upTo: null, decidedBy: vp',
      'upTo: null, decidedBy: director',
      /approval limit \(250000\.00\)/,
    ],
    [
      'bands that do not rise',
      "upTo: '100000.00', decidedBy",
      "upTo: '25000.00', decidedBy",
      /routing\.bands\[1\]\.upTo: "25000\.00"; expected more than "25000\.00", the band before/,
    ],
    ['a last band with an end', 'upTo: null, decidedBy: vp', "upTo: '900000.00', decidedBy: vp", /expected null in the last band/],
    [
      'an endless band before the last',
      "upTo: '100000.00', decidedBy: partner_manager",
      'upTo: null, decidedBy: vp',
      /routing\.bands\[1\]\.upTo: null; expected an amount/,
    ],
    [
      'bands in a currency without a rate',
      '  currency: USD\n  minimum',
      '  currency: ISK\n  minimum',
      /routing\.currency: ISK; expected a currency with a rate/,
    ],
    [
      'a minimum in a currency without a rate',
      "minimum: { amount: '5000.00', currency: USD }",
      "minimum: { amount: '5000', currency: ISK }",
      /minimum\.currency: ISK/,
    ],
    [
      'a minimum finer than its currency',
      "minimum: { amount: '5000.00', currency: USD }",
      "minimum: { amount: '5000.5', currency: JPY }",
      /at most 0 decimals in JPY/,
    ],
    ['a rung without a role', '{ role: director,', '{ role: directors,', /governance\.ladder\[1\]\.role: directors; expected one of vp/],
    [
      'a rung without members',
      'members: [director]',
      'members: []',
      /governance\.ladder\[1\]\.role: director; expected a role with members/,
    ],
    [
      'silence at the top that escalates',
      'silence: keep_asking',
      'silence: escalate',
      /governance\.ladder\[2\]\.silence: escalate; expected keep_asking/,
    ],
    [
      'a default manager who decides nothing',
      'defaultManager: manager',
      'defaultManager: rep',
      /governance\.defaultManager: rep; expected one of manager, director, vp/,
    ],
    [
      'an unknown calendar',
      'defaultCalendar: headquarters',
      'defaultCalendar: moon',
      /defaultCalendar: moon; expected one of headquarters/,
    ],
    [
      'an office that closes before it opens',
      "endTime: '17:00'",
      "endTime: '09:00'",
      /calendars\[0\]\.endTime: 09:00; expected a time after 09:00/,
    ],
    ['a rule twice', 'id: C16_lines_disjoint', 'id: C07_direct_stale', /rules\.order\[8\]\.id: C07_direct_stale; used before/],
    [
      'a situation without an outcome',
      'on: { exact: { outcome: note }, probable: { outcome: note } }',
      'on: { exact: { outcome: note } }',
      /rules\.order\[7\]\.on\.probable: missing; expected an outcome/,
    ],
    ['a situation the rule does not know', 'on: { below:', 'on: { above:', /on\.above: above; expected one of below/],
    [
      'a wait for nobody',
      'on: { below: { outcome: deny, waitlist: false } }',
      'on: { below: { outcome: wait } }',
      /on\.below\.outcome: wait; expected another outcome/,
    ],
    [
      'an arbiter who is not on the ladder',
      'exact: { outcome: review, decider: partner_manager }',
      'exact: { outcome: review, decider: partner_marketing }',
      /on\.exact\.decider: partner_marketing; expected one of/,
    ],
    [
      'a benefit from a tier of another track',
      'fromTier: gold',
      'fromTier: premier',
      /benefits\[2\]\.fromTier: premier; expected one of silver, gold, platinum/,
    ],
    [
      'a product line twice',
      'id: analytics, label: Analytics }\n  - { id: automation',
      'id: platform, label: Analytics }\n  - { id: automation',
      /productLines\[1\]\.id: platform; used before/,
    ],
    ['a vision without its metric', 'metric: partner_revenue_share', 'metric: fame', /vision\.metric: fame; expected one of/],
  ])('finds %s', (_what, passage, replacement, message) => {
    expect(problemsOf(acmeWith(passage, replacement))).toMatch(message);
  });

  it('finds nothing in the program as it is', () => {
    expect(problemsOf(acmeWith('windowDays: 90', 'windowDays: 90'))).toBe('');
  });
});
