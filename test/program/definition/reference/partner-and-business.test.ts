import { ACME_YAML, acmeWith } from '../../example.ts';
import { acmeAnd, problemsOf } from './problem-text.ts';

describe('references of partners, economics and documents', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'a benefit from a tier of another track',
      'fromTier: gold',
      'fromTier: premier',
      /benefits\[2\]\.fromTier: premier; expected one of silver, gold, platinum/,
    ],
    [
      'a benefit for a part that no split names',
      'gradedBy: tier, fromTier: null }',
      'gradedBy: tier, fromTier: null, role: sourced }',
      /benefits\[0\]\.role: sourced; none is declared/,
    ],
    [
      'a tier by an unknown measure',
      'measure: co_sold_deals',
      'measure: charm',
      /tiers\[2\]\.criteria\[2\]\.measure: charm; expected one of/,
    ],
    [
      'a tier by one measure twice',
      'measure: co_sold_deals',
      'measure: certified_people',
      /criteria\[2\]\.measure: certified_people; used before/,
    ],
    [
      'a tier assigned by nobody',
      'label: Registered }',
      'label: Registered, assignedBy: us }',
      /tiers\[0\]\.assignedBy: us; expected one of/,
    ],
    ['a director whom there is not', 'director: director\n    tiers: []', 'director: chief\n    tiers: []', /tracks\[2\]\.director: chief/],
    [
      'an unknown track that may register',
      'tracks: [referral], types',
      'tracks: [services], types',
      /eligibility\.rows\[1\]\.tracks\[0\]: services/,
    ],
    ['an unknown type that may register', 'types: [referral], kinds', 'types: [agent], kinds', /eligibility\.rows\[1\]\.types\[0\]: agent/],
    ['an unknown kind', 'kinds: [referral] }', 'kinds: [gift] }', /eligibility\.rows\[1\]\.kinds\[0\]: gift; expected one of resale/],
    [
      'a tier of another track that may register',
      'types: [referral], kinds',
      'types: [referral], tiers: [gold], kinds',
      /eligibility\.rows\[1\]\.tiers\[0\]: gold; none is declared/,
    ],
    ['a default kind that there is not', 'otherwise: resale', 'otherwise: gift', /defaultKind\.otherwise: gift/],
    [
      'a default kind of an unknown track',
      'byTrack: { solution: resale',
      'byTrack: { services: resale',
      /byTrack\.services: services; expected one of/,
    ],
    [
      'a product line twice',
      'id: analytics, label: Analytics }\n  - { id: automation',
      'id: platform, label: Analytics }\n  - { id: automation',
      /productLines\[1\]\.id: platform; used before/,
    ],
    ['a kind twice', '{ id: renewal, label: Renewal }', '{ id: resale, label: Renewal }', /kinds\[3\]\.id: resale; used before/],
    ['a vision without its metric', 'metric: partner_revenue_share', 'metric: fame', /vision\.metric: fame; expected one of/],
    ['a document of nobody', 'owner: partner_engineering', 'owner: library', /documents\[3\]\.owner: library/],
    [
      'funds that end below where they begin',
      "most: { amount: '50000.00'",
      "most: { amount: '9999.99'",
      /most\.amount: "9999\.99"; expected "10000\.00" or more/,
    ],
    [
      'funds in two currencies',
      "most: { amount: '50000.00', currency: USD }",
      "most: { amount: '50000.00', currency: EUR }",
      /most\.currency: EUR; expected USD/,
    ],
    ['a share that ends below where it begins', "mostPercent: '15'", "mostPercent: '9'", /mostPercent: "9"; expected "10" or more/],
    [
      'money without a currency',
      'unit: money,\n      currency: USD',
      'unit: money,\n      currency: null',
      /metrics\[3\]\.currency: null; expected an ISO 4217/,
    ],
    [
      'a currency of what is no money',
      'unit: score, currency: null',
      'unit: score, currency: USD',
      /metrics\[2\]\.currency: USD; expected null/,
    ],
    ['a phase that ends before it begins', 'toMonth: 4', 'toMonth: 2', /launch\[1\]\.toMonth: 2; expected month 3 or later/],
  ])('finds %s', (_what, passage, replacement, message) => {
    expect(problemsOf(acmeWith(passage, replacement))).toMatch(message);
  });

  it.each([
    ["{ source: '60', fulfil: '40' }", ''],
    ["{ source: '33.3333', influence: '33.3333', fulfil: '33.3334' }", ''],
    ["{ source: '33.33', influence: '33.33', fulfil: '33.33' }", 'splits[0].shares: 99.99 in sum; expected shares that make exactly 100'],
    ["{ source: '60', fulfil: '40.0001' }", 'splits[0].shares: 100.0001 in sum'],
  ])('adds the shares %s exactly', (shares, message) => {
    expect(problemsOf(acmeAnd(`splits: [{ id: resale, label: Resale, shares: ${shares} }]`))).toContain(message);
  });
});

describe('remediations', () => {
  const remediation = (changes: string): string => `- { id: r1, text: Words., on: [deny], byDefault: true }\n    - ${changes}`;

  it.each([
    ['{ id: r2, text: Words., on: [revoke], byDefault: true }', ''],
    ['{ id: r2, text: Words., on: [revoke, deny] }', ''],
    [
      '{ id: r2, text: Words., on: [revoke, deny], byDefault: true }',
      'cases.remediation[1].byDefault: true; expected one remediation at most by default for deny',
    ],
    ['{ id: r1, text: Words., on: [revoke] }', 'cases.remediation[1].id: r1; used before, expected once'],
    ['{ id: r2, text: Words., on: [deny, deny] }', 'cases.remediation[1].on[1]: deny; used before, expected once'],
    [
      "{ id: r2, text: Words., on: [deny], amount: { amount: '1.005', currency: USD } }",
      'cases.remediation[1].amount.amount: "1.005"; expected at most 2 decimals in USD',
    ],
  ])('are one by default for each loss, named once and paid exactly: %s', (second, message) => {
    const text = ACME_YAML.replace(/^  remediation:.*\n(    - .*\n)+/m, `  remediation:\n    ${remediation(second)}\n`);
    expect(problemsOf(text)).toContain(message);
  });
});
