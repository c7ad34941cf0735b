import { ACME_YAML, acmeWith } from '../../example.ts';
import { problemsOf } from './problem-text.ts';

describe('references of the rules', () => {
  it.each<[string, string, string, RegExp]>([
    ['a rule twice', 'id: C16_lines_disjoint', 'id: C07_direct_stale', /rules\.order\[8\]\.id: C07_direct_stale; used before/],
    [
      'a situation without an outcome',
      'on: { exact: { outcome: note }, probable: { outcome: note } }',
      'on: { exact: { outcome: note } }',
      /rules\.order\[7\]\.on\.probable: missing; expected an outcome/,
    ],
    ['a situation the rule does not know', 'on: { below:', 'on: { beneath:', /on\.beneath: beneath; expected one of below, above/],
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
      'a later step of a case for nobody',
      'exact: { outcome: review, decider: partner_manager }',
      'exact: { outcome: review, decider: partner_manager, then: [{ role: rep }] }',
      /on\.exact\.then\[0\]\.role: rep; expected one of/,
    ],
    [
      'a ruling by nobody',
      'on: { below: { outcome: deny, waitlist: false } }',
      'on: { below: { outcome: needs_ruling, decider: rep } }',
      /on\.below\.decider: rep; expected one of/,
    ],
    [
      'a largest value in a currency without a rate',
      'id: C19_below_minimum',
      "id: C19_below_minimum\n      with: { maximum: { amount: '1000', currency: ISK } }",
      /order\[1\]\.with\.maximum\.currency: ISK; expected a currency with a rate/,
    ],
    [
      'a least value in a currency without a rate',
      'id: C19_below_minimum',
      "id: C19_below_minimum\n      with: { minimum: { amount: '1000', currency: ISK } }",
      /order\[1\]\.with\.minimum\.currency: ISK; expected a currency with a rate/,
    ],
    [
      'a special case of everything',
      'id: C16_lines_disjoint\n      on: { exact: { outcome: note }, probable: { outcome: note } }',
      'id: R02_special_case\n      on: { applies: { outcome: note } }',
      /order\[8\]\.when: missing; expected a condition/,
    ],
    [
      'a special case of everything, said in other words',
      'id: C16_lines_disjoint\n      on: { exact: { outcome: note }, probable: { outcome: note } }',
      'id: R02_special_case\n      when: {}\n      on: { applies: { outcome: note } }',
      /order\[8\]\.when: missing; expected a condition/,
    ],
    [
      'renewals by a kind that the program does not have',
      'id: C16_lines_disjoint\n      on: { exact: { outcome: note }, probable: { outcome: note } }',
      'id: C10_flat_renewal\n      with: { renewalKinds: [prolongation] }\n      on: { flat: { outcome: note }, unknown: { outcome: note } }',
      /order\[8\]\.with\.renewalKinds\[0\]: prolongation; expected one of resale/,
    ],
  ])('finds %s', (_what, passage, replacement, message) => {
    expect(problemsOf(acmeWith(passage, replacement))).toMatch(message);
  });

  it('lets one rule stand in several rows where each but one says to which claims it applies', () => {
    const row = '- id: C16_lines_disjoint\n      on: { exact: { outcome: note }, probable: { outcome: note } }';
    const conditional = row.replace('\n      on', '\n      when: { kinds: [resale] }\n      on');
    expect(problemsOf(acmeWith(row, `${conditional}\n    ${conditional}\n    ${row}`))).toBe('');
    expect(problemsOf(acmeWith(row, `${row}\n    ${row}`))).toMatch(/order\[9\]\.id: C16_lines_disjoint; used before/);
  });

  it('asks no outcome for a situation that only a parameter brings about', () => {
    // `above`, `below_quantity` and `unknown_quantity` of C19 are left out in the program as it is.
    expect(problemsOf(ACME_YAML)).toBe('');
  });
});
