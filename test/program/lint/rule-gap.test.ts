import { ACME_YAML } from '../example.ts';
import { codesOf, findingsWith, type Patch } from './patched.ts';

const C01 = /( {4}- id: C01_duplicate_same_partner[^\n]*\n[^\n]*\n)/.exec(ACME_YAML)?.[1] ?? '';
const C02 = '- id: C02_active_protection\n';
const LAST_RULE = /( {4}- id: C16_lines_disjoint[\s\S]*)$/.exec(ACME_YAML)?.[1] ?? '';
const alsoRule = (...rows: readonly string[]): Patch => [LAST_RULE, `${LAST_RULE}${rows.map((row) => `    - ${row}\n`).join('')}`];
const TIE = '{ id: C04_near_simultaneous, with: { within: 5 minutes }, on: { tie: { outcome: review, decider: director } } }';

describe('claims that no rule holds against others', () => {
  it('are all claims where the rule of duplicates is missing', () => {
    expect(findingsWith([C01, ''])).toMatchObject([{ code: 'L118', severity: 'warning', message: 'missing: C01_duplicate_same_partner' }]);
  });

  it('are the kinds that no row of the rule names', () => {
    const found = findingsWith([C02, `${C02}      when: { kinds: [resale, referral] }\n`]);
    expect(found).toMatchObject([
      { code: 'L130', severity: 'warning', message: 'no row of C02_active_protection holds for: kind co_sell or renewal' },
    ]);
  });

  it('are none where the rows together name everything', () => {
    const rest =
      '{ id: C02_active_protection, when: { kinds: [co_sell, renewal] }, on: { exact: { outcome: deny, waitlist: true }, probable: { outcome: review, decider: director } } }';
    expect(findingsWith([C02, `${C02}      when: { kinds: [resale, referral] }\n`], alsoRule(rest))).toEqual([]);
  });
});

describe('criteria of the precedence', () => {
  const precedence = (written: string): Patch => ['precedence: [first_valid_claim]', `precedence: [${written}]`];
  it.each<readonly [what: string, patches: readonly Patch[], isDead: boolean]>([
    ['after the receipt', [precedence('first_valid_claim, incumbency')], true],
    ['before the receipt', [precedence('incumbency, first_valid_claim')], false],
    ['without the receipt', [precedence('incumbency, customer_choice')], false],
    ['after the receipt, where near ones count as one', [precedence('first_valid_claim, incumbency'), alsoRule(TIE)], false],
  ])('%s', (_what, patches, isDead) => {
    expect(codesOf(findingsWith(...patches)).includes('L129')).toBe(isDead);
  });
});

describe('minimums one after another', () => {
  const C19 = '    - id: C19_below_minimum\n      on: { below: { outcome: deny, waitlist: false } }\n';
  const minimum = (amount: string, currency: string, when: string, outcome: string): string =>
    `    - { id: C19_below_minimum, ${when}with: { minimum: { amount: '${amount}', currency: ${currency} } }, on: { below: ${outcome} } }\n`;
  const DENY = '{ outcome: deny, waitlist: false }';
  it.each<readonly [what: string, rows: readonly string[], isIdle: boolean]>([
    [
      'a lower one for fewer claims',
      [minimum('9000.00', 'USD', '', DENY), minimum('3000.00', 'USD', 'when: { kinds: [resale] }, ', DENY)],
      true,
    ],
    ['the same again', [minimum('9000.00', 'USD', '', DENY), minimum('9000.00', 'USD', 'when: { kinds: [resale] }, ', DENY)], true],
    ['a higher one', [minimum('9000.00', 'USD', '', DENY), minimum('9000.01', 'USD', 'when: { kinds: [resale] }, ', DENY)], false],
    [
      'a lower one for more claims',
      [minimum('9000.00', 'USD', 'when: { kinds: [resale] }, ', DENY), minimum('3000.00', 'USD', '', DENY)],
      false,
    ],
    [
      'a lower one after a note',
      [minimum('9000.00', 'USD', '', '{ outcome: note }'), minimum('3000.00', 'USD', 'when: { kinds: [resale] }, ', DENY)],
      false,
    ],
    [
      'a lower one in another currency',
      [minimum('9000.00', 'USD', '', DENY), minimum('3000.00', 'EUR', 'when: { kinds: [resale] }, ', DENY)],
      true,
    ],
  ])('%s', (_what, rows, isIdle) => {
    expect(codesOf(findingsWith([C19, rows.join('')])).includes('L104')).toBe(isIdle);
  });
});

describe('the routing behind special cases', () => {
  const ROWS = /( {2}rows:\n {4}- \{ when: \{ value: \{ upTo: '25000\.00'[\s\S]*?)(?= {2}otherwise: director)/.exec(ACME_YAML)?.[1] ?? '';
  const routing = (...when: readonly string[]): Patch => [
    ROWS,
    `  rows:\n${when.map((one) => `    - { when: ${one}, steps: [{ role: vp }] }\n`).join('')}`,
  ];
  const INTAKE: Patch = ['eligibility: #', 'intake: [{ id: authority, label: Authority, type: flag }]\neligibility: #'];
  const YES = '{ answers: { authority: [true] } }';
  const special = (when: string, outcome: string): Patch =>
    alsoRule(`{ id: R02_special_case, when: ${when}, on: { applies: ${outcome} } }`);
  const NO = '{ answers: { authority: [false] } }';

  it.each<readonly [outcome: string, isGap: boolean]>([
    ['{ outcome: deny, waitlist: false }', false],
    ['{ outcome: return, ask: a proof of authority }', false],
    ['{ outcome: review, decider: director }', false],
    ['{ outcome: needs_ruling, decider: director }', false],
    ['{ outcome: note }', true],
  ])('need not cover what is decided before, but what is only noted: %s', (outcome, isGap) => {
    const found = findingsWith(INTAKE, routing(YES), special(NO, outcome)).filter(({ code }) => code === 'L101');
    expect(found.map(({ message }) => message)).toEqual(isGap ? [expect.stringContaining('authority')] : []);
  });

  it('still have to cover the rest', () => {
    const found = findingsWith(
      INTAKE,
      routing(YES),
      special('{ kinds: [renewal], answers: { authority: [false] } }', '{ outcome: deny, waitlist: false }'),
    );
    expect(codesOf(found)).toContain('L101');
  });

  it('may overlap there', () => {
    const overlapping = [['hitPolicy: first\n  rows', 'hitPolicy: only\n  rows'] as const, routing('{ kinds: [renewal] }', '{}')];
    expect(codesOf(findingsWith(...overlapping))).toContain('L102');
    expect(codesOf(findingsWith(...overlapping, special('{ kinds: [renewal] }', '{ outcome: deny, waitlist: false }')))).not.toContain(
      'L102',
    );
  });
});

describe('words that leave it open', () => {
  const because = (text: string): Patch =>
    alsoRule(
      `{ id: R02_special_case, when: { kinds: [renewal] }, with: { because: ${text} }, on: { applies: { outcome: deny, waitlist: false } } }`,
    );
  it.each<readonly [where: string, patch: Patch, path: string]>([
    ['the reason of a special case', because('may be declined at our sole discretion'), 'rules.order[8].with.because'],
    [
      'a question',
      ['eligibility: #', 'intake: [{ id: work, label: Substantial work done, type: flag }]\neligibility: #'],
      'intake[0].label',
    ],
    [
      'an answer to choose',
      ['eligibility: #', 'intake: [{ id: work, label: Work, type: choice, choices: [none, in good standing] }]\neligibility: #'],
      'intake[0].choices[1]',
    ],
    ['what a document contains', ['contents: legal terms', 'contents: terms that change from time to time'], 'documents[0].contents'],
  ])('are found in %s', (_where, patch, path) => {
    const found = findingsWith(patch).filter(({ code }) => code === 'L419');
    expect(found).toHaveLength(1);
    expect(found[0]?.path.replace(/order\[\d+\]/, 'order[8]')).toBe(path);
  });

  it('are not in a reason that is definite', () => {
    expect(codesOf(findingsWith(because('Renewals are sold by the vendor.')))).not.toContain('L419');
  });
});

describe('vague benefits', () => {
  const ECONOMICS = /\n(economics: [\s\S]*?)\n# Operation/.exec(ACME_YAML)?.[1] ?? '';
  const economics = (other: string): Patch => [
    ECONOMICS,
    `economics:\n${['technology', 'solution', 'referral']
      .map((track) => `  - { track: ${track}, benefits: [{ kind: other, description: additional margin, fromTier: null }${other}] }\n`)
      .join('')}`,
  ];
  it.each<readonly [what: string, other: string, code: string]>([
    ['nothing else', '', 'L403'],
    ['a protection', ', { kind: deal_protection, fromTier: null }', 'L404'],
  ])('beside %s', (_what, other, code) => {
    const vague = codesOf(findingsWith(economics(other))).filter((one) => one === 'L403' || one === 'L404');
    expect(vague).toEqual([code]);
  });
});
