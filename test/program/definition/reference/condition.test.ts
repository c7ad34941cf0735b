import { acmeWith } from '../../example.ts';
import { acmeAnd, problemsOf } from './problem-text.ts';

const INTAKE = `intake:
  - { id: segment, label: Segment, type: choice, choices: [public, private] }
  - { id: seats, label: Seats, type: number }
  - { id: renewal_due, label: Renewal due, type: flag }
`;

/** The routing's first row under another condition, in a program that asks the questions of `INTAKE`. */
function routedBy(when: string): string {
  return acmeWith("{ when: { value: { upTo: '25000.00' } }, steps: [] }", `{ when: ${when}, steps: [] }`) + INTAKE;
}

describe('references of a condition', () => {
  it.each<[string, RegExp]>([
    ['{ kinds: [gift] }', /when\.kinds\[0\]: gift; expected one of resale, referral, co_sell, renewal/],
    ['{ types: [reseller, agent] }', /when\.types\[1\]: agent; expected one of technology/],
    ['{ tracks: [services] }', /when\.tracks\[0\]: services; expected one of technology, solution, referral/],
    ['{ tiers: [diamond] }', /when\.tiers\[0\]: diamond; expected one of registered/],
    ['{ productLines: [storage] }', /when\.productLines\[0\]: storage/],
    ['{ regions: [mars] }', /when\.regions\[0\]: mars; expected one of north_america/],
    ["{ value: { upTo: '1.001' } }", /when\.value\.upTo: "1\.001"; expected at most 2 decimals in USD/],
    ["{ value: { from: '2', upTo: '1' } }", /when\.value\.upTo: "1"; expected more than "2", where the range begins/],
    ["{ value: { from: '2', below: '2' } }", /when\.value\.below: "2"; expected more than "2"/],
    ["{ value: { from: '1', above: '2' } }", /when\.value\.above: "2"; expected either from or above/],
    ["{ value: { upTo: '1', below: '2' } }", /when\.value\.below: "2"; expected either upTo or below/],
    ['{ quantity: { from: 6, upTo: 5 } }', /when\.quantity\.upTo: 5; expected more than 6/],
    ['{ submitted: { from: 2026-07-01, before: 2026-07-01 } }', /when\.submitted\.before: 2026-07-01; expected a date after 2026-07-01/],
    ['{ answers: { mood: [good] } }', /when\.answers\.mood: mood; expected one of segment, seats, renewal_due/],
    ['{ answers: { segment: [private, military] } }', /when\.answers\.segment\[1\]: "military"; expected one of public, private/],
    ["{ answers: { seats: ['5'] } }", /when\.answers\.seats\[0\]: "5"; expected a number/],
    ['{ answers: { renewal_due: [1] } }', /when\.answers\.renewal_due\[0\]: 1; expected true or false/],
  ])('finds what is wrong in %s', (when, message) => {
    expect(problemsOf(routedBy(when))).toMatch(message);
  });

  it.each([
    '{ kinds: [resale, renewal], types: [reseller], tracks: [solution], tiers: [gold], productLines: [platform], regions: [emea] }',
    "{ value: { from: '2', upTo: '2' } }",
    "{ value: { above: '2', below: '2.01' }, quantity: { from: 5, upTo: 5 } }",
    '{ submitted: { from: 2026-07-01, before: 2026-07-02 } }',
    '{ answers: { segment: [public], seats: [5], renewal_due: [true] } }',
  ])('takes %s', (when) => {
    expect(problemsOf(routedBy(when))).toBe('');
  });

  it('checks conditions wherever they stand', () => {
    expect(problemsOf(acmeWith('- id: C16_lines_disjoint', '- id: C16_lines_disjoint\n      when: { kinds: [gift] }'))).toMatch(
      /rules\.order\[8\]\.when\.kinds\[0\]: gift/,
    );
    expect(problemsOf(acmeWith('  reminders:', '  windows: [{ when: { kinds: [gift] }, window: 60 days }]\n  reminders:'))).toMatch(
      /protection\.windows\[0\]\.when\.kinds\[0\]: gift/,
    );
    expect(problemsOf(acmeAnd('intake: [{ id: seats, label: Seats, type: number, when: { kinds: [gift] } }]'))).toMatch(
      /intake\[0\]\.when\.kinds\[0\]: gift/,
    );
  });
});
