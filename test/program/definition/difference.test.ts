import fc from 'fast-check';
import { describeChange } from '../../../program/definition/difference-sentence.ts';
import { findChanges } from '../../../program/definition/difference.ts';
import { keysOf } from '../../../program/definition/list-identity.ts';
import type { Program } from '../../../program/definition/program.ts';
import { ACME, ACME_YAML, parseOrThrow } from '../example.ts';

/** Acme's program after passages of its text were replaced, and what is said of the change. */
function sentencesOf(...replaced: readonly (readonly [passage: string, replacement: string])[]): readonly string[] {
  const text = replaced.reduce((written, [passage, replacement]) => {
    if (!written.includes(passage)) throw new Error(`not in the text: ${passage}`);
    return written.replace(passage, replacement);
  }, ACME_YAML);
  const after = parseOrThrow(text);
  return findChanges(ACME, after).map((change) => describeChange(change, ACME, after));
}

const RULE_ROW = '- id: C16_lines_disjoint\n      on: { exact: { outcome: note }, probable: { outcome: note } }';

describe('describeChange', () => {
  it.each<[string, string, string]>([
    ['window: 90 days', 'window: 60 days', 'Protection lasts 60 days instead of 90 days.'],
    [
      'window: 90 days',
      'window: 72 business hours (9 business days)',
      'Protection lasts 72 business hours (9 business days) instead of 90 days.',
    ],
    ['anchor: approval', 'anchor: submission', 'Protection begins at submission instead of approval.'],
    [
      'askWithin: null',
      'askWithin: 30 days',
      'The time after the end in which an extension may still be asked for is 30 days instead of none.',
    ],
    ['reminders: [30 days,', 'reminders: [15 days,', 'Reminders before the end of a protection: 15 days added; 30 days taken out.'],
    ["version: '2026.1'", "version: '2026.2'", 'Version 2026.2 instead of 2026.1.'],
    ['onApproval: none', 'onApproval: link_or_create', 'What an approval does about the opportunity: link_or_create instead of none.'],
    [
      'primary: first_approved',
      'primary: by_command',
      'Which registration is the primary of an opportunity: by_command instead of first_approved.',
    ],
    [
      'hearing: null',
      'hearing: { within: 3 business days, required: true }',
      'The hearing of the sides of a conflict is { within: 3 business days, required: true } instead of none.',
    ],
    ['needsNewEvidence: true', 'needsNewEvidence: false', 'Whether an appeal has to bring new evidence: false instead of true.'],
    ['resource: false', 'resource: true', "Whether a stale direct opportunity becomes the partner's on approval: true instead of false."],
    ['effectiveFrom: 2026-01-01', 'effectiveFrom: 2026-07-01', 'In force from 2026-07-01 instead of 2026-01-01.'],
    [
      "approvalLimit: '100000.00', deadline",
      "approvalLimit: '150000.00', deadline",
      'Partner Manager may approve up to USD 150,000.00 instead of up to USD 100,000.00.',
    ],
    [
      "approvalLimit: '100000.00', deadline: 1 business day",
      "approvalLimit: '100000.00', deadline: 4 business hours",
      'Partner Manager has 4 business hours to answer instead of 1 business day.',
    ],
    [
      '  defaultManager: manager',
      '  fallback: vp\n  defaultManager: manager',
      'Asked where nobody else is free to decide: vp instead of none.',
    ],
    [
      '  defaultManager: manager',
      '  separation: { managementChain: all }\n  defaultManager: manager',
      'How much of the chain above somebody with a stake may not decide: all instead of none.',
    ],
    [
      'silence: keep_asking }',
      'silence: keep_asking, reminders: [1 business day] }',
      'Reminders of VP Partnerships: 1 business day added.',
    ],
    [
      'closedDates: [] }',
      "closedDates: [] }\n    cutOff: '16:00'",
      'From when on something counts as of the next working day in headquarters: 16:00 instead of none.',
    ],
    [
      'steps: [{ role: director }]',
      'steps: [{ parallel: [{ role: director }, { role: vp, asks: queue }], needs: any }]',
      'Row 3 of the routing is decided by director or vp (asks: queue) (any of them) instead of director.',
    ],
    ['members: [vp]', 'members: [vp, cro]', 'Members of VP Partnerships: cro added.'],
    ["EUR: '1.17'", "EUR: '1.10'", 'One EUR counts as 1.10 USD instead of 1.17 USD.'],
    ["    EUR: '1.17'\n", '', 'There is no rate for EUR any more; one counted as 1.17 USD.'],
    [
      "minimum: { amount: '5000.00', currency: USD }",
      "minimum: { amount: '6000', currency: EUR }",
      'The smallest value that may be registered is EUR 6,000.00 instead of USD 5,000.00.',
    ],
    ["upTo: '25000.00'", "upTo: '30000.00'", 'Row 1 of the routing takes up to USD 30,000.00 instead of up to USD 25,000.00.'],
    [
      'steps: [{ role: vp }]',
      'steps: [{ role: director }, { role: vp, deadline: 5 business days }]',
      'Row 4 of the routing is decided by director, then vp (5 business days) instead of vp.',
    ],
    [
      "    - { when: { value: { upTo: '25000.00' } }, steps: [] }",
      "    - { when: { kinds: [referral] }, steps: [] }\n    - { when: { value: { upTo: '25000.00' } }, steps: [] }",
      'Row 1 of the routing is new: kind referral is decided by nobody.',
    ],
    [
      '{ id: renewal, label: Renewal }',
      '{ id: renewal, label: Renewal }\n  - { id: msp, label: MSP }',
      'Kind of registration msp is new: { label: MSP }.',
    ],
    [
      "measure: certified_people, atLeast: '6'",
      "measure: certified_people, atLeast: '8'",
      'Tier platinum of solution asks for certified_people of 8 instead of 6.',
    ],
    [
      "          - { measure: co_sold_deals, atLeast: '5' }\n",
      '',
      'Tier premier of technology asks for no co_sold_deals any more; it was 5.',
    ],
    [
      'exact: { outcome: review, decider: partner_manager }',
      'exact: { outcome: review, decider: director }',
      'Rule C05 (direct opportunity in an early stage), exact: goes to director instead of partner_manager.',
    ],
    [
      'exact: { outcome: wait }',
      'exact: { outcome: deny, waitlist: true }',
      'Rule C03 (other claims that are not decided), exact: denial with a place on the waitlist instead of wait for the earlier claim.',
    ],
    [
      RULE_ROW,
      RULE_ROW.replace('\n      on', '\n      when: { kinds: [resale], value: { above: "1000" } }\n      on'),
      'Rule C16 (other product lines) applies to kind resale, above USD 1,000.00 instead of everything.',
    ],
    ['hitPolicy: first\n  order:', 'hitPolicy: strictest\n  order:', 'Of several findings, the strictest decides instead of the first.'],
    [
      'kinds: [referral] }',
      'kinds: [referral, resale] }',
      'Row 2 of the eligibility: partners of track referral or, without a track, of type referral may register referral, resale; before: partners of track referral or, without a track, of type referral may register referral.',
    ],
    [
      'statement: 40 % of',
      'statement: half of',
      'vision.statement: 40 % of revenue through partners by 2025 → half of revenue through partners by 2025.',
    ],
    ['inUse: Salesforce', 'inUse: HubSpot', 'systems[crm].inUse: Salesforce → HubSpot.'],
    [
      '{ when: {}, steps: [{ role: vp }] }',
      '{ when: {}, steps: [{ role: vp, deadline: 10 days, from: submission }] }',
      'Row 4 of the routing is decided by vp (10 days, from submission) instead of vp.',
    ],
  ])('says of %j → %j: %s', (passage, replacement, sentence) => {
    const said = sentencesOf([passage, replacement]);
    // The titles of rules are the guide's to word.
    expect(said.map((text) => text.replace(/\(.*?\)(?=, \w+:| applies)/, '(…)'))).toEqual([
      sentence.replace(/\(.*?\)(?=, \w+:| applies)/, '(…)'),
    ]);
  });

  it('says what a new rule does', () => {
    const [said] = sentencesOf([
      RULE_ROW,
      `${RULE_ROW}\n    - id: C08_direct_contact\n      with: { lookback: 30 days }\n      on: { exact: { outcome: return, ask: when you met }, probable: { outcome: note } }`,
    ]);
    expect(said).toMatch(/^Rule C08 \(.*\) is new: lookback 30 days; exact: return, asking "when you met"; probable: note\.$/);
  });

  it('tells that rules are asked in another order', () => {
    const row = '    - id: C19_below_minimum\n      on: { below: { outcome: deny, waitlist: false } }\n';
    const said = sentencesOf([row, ''], ['  order:\n    - id: C18', `  order:\n${row}    - id: C18`]);
    expect(said).toEqual([
      expect.stringMatching(
        /^Rules are asked in another order: C19_below_minimum, C18_partner_not_eligible, .*; before: C18_partner_not_eligible, C19_below_minimum, /,
      ),
    ]);
  });
});

describe('findChanges', () => {
  it('finds nothing between a program and itself', () => {
    expect(findChanges(ACME, structuredClone(ACME))).toEqual([]);
  });

  it('goes through the definition in its order', () => {
    const said = sentencesOf(
      ['window: 90 days', 'window: 60 days'],
      ["version: '2026.1'", "version: '2026.2'"],
      ["upTo: '25000.00'", "upTo: '30000.00'"],
    );
    expect(said.map((text) => text.split(' ')[0])).toEqual(['Version', 'Row', 'Protection']);
  });

  it('compares elements with an id wherever they stand, and tells the other order', () => {
    const after: Program = {
      ...ACME,
      kinds: ACME.kinds.toReversed().map((kind) => (kind.id === 'resale' ? { ...kind, label: 'Sale' } : kind)),
    };
    expect(findChanges(ACME, after)).toMatchObject([
      { path: 'kinds', kind: 'order' },
      { path: 'kinds[resale].label', kind: 'changed', before: 'Resale', after: 'Sale' },
    ]);
  });

  it('loses no value that differs, however many do', () => {
    const leaves = leavesOf(ACME, []);
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(leaves.length - 1), { minLength: 1, maxLength: 25 }), (chosen) => {
        const after = structuredClone(ACME) as Program;
        const mutated = chosen.map((at) => ({ path: spokenPath(ACME, leaves[at] ?? []), value: mutate(after, leaves[at] ?? []) }));
        const changes = findChanges(ACME, after);
        for (const { path, value } of mutated) {
          const told = changes.filter(
            (change) => path === change.path || path.startsWith(`${change.path}.`) || path.startsWith(`${change.path}[`),
          );
          expect([path, told.some((change) => JSON.stringify(change.after).includes(JSON.stringify(value)))]).toEqual([path, true]);
        }
        for (const change of changes) expect(describeChange(change, ACME, after).length).toBeGreaterThan(change.kind.length);
      }),
      { numRuns: 200 },
    );
  });
});

type Key = string | number;

/** By what elements are recognised, and what decides which shape a value has: other values there are another element, not a changed one. */
const IDENTITY: ReadonlySet<Key> = new Set([
  'id',
  'name',
  'kind',
  'role',
  'track',
  'phase',
  'activity',
  'area',
  'stage',
  'measure',
  'outcome',
]);

function leavesOf(value: unknown, path: readonly Key[]): readonly (readonly Key[])[] {
  if (typeof value !== 'object' || value === null) return IDENTITY.has(path.at(-1) ?? '') || path.at(-1) === 'restated' ? [] : [path];
  const entries = Array.isArray(value) ? value.map((element, at) => [at, element] as const) : Object.entries(value);
  return entries.flatMap(([key, element]) => leavesOf(element, [...path, key]));
}

/** Changes the value at the path, in place, to another one of its form. */
function mutate(root: unknown, path: readonly Key[]): unknown {
  const parent = path.slice(0, -1).reduce((at, key) => (at as Record<Key, unknown>)[key], root) as Record<Key, unknown>;
  const last = path.at(-1) ?? '';
  const value = parent[last];
  const other = otherThan(value);
  parent[last] = other;
  return other;
}

function otherThan(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return '7';
  return /^\d/.test(value) ? `7${value}` : `${value}_x`;
}

/** As `findChanges` names the place. */
function spokenPath(root: unknown, path: readonly Key[]): string {
  let text = '';
  let value = root;
  for (const key of path) {
    if (Array.isArray(value)) text += `[${keysOf(value)?.[Number(key)] ?? Number(key) + 1}]`;
    else text += text === '' ? String(key) : `.${key}`;
    value = (value as Record<Key, unknown>)[key];
  }
  return text;
}
