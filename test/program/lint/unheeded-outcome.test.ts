import { ACME_YAML } from '../example.ts';
import { codesOf, findingsWith, type Patch } from './patched.ts';

const DENY = '{ outcome: deny, waitlist: true }';
const C02 = `on: { exact: ${DENY}, probable: { outcome: review, decider: partner_manager } }`;
const LAST_RULE = /( {4}- id: C16_lines_disjoint[\s\S]*)$/.exec(ACME_YAML)?.[1] ?? '';
const held = (outcome: string): Patch => [C02, C02.replace(DENY, outcome)];
const alsoRule = (...rows: readonly string[]): Patch => [LAST_RULE, `${LAST_RULE}${rows.map((row) => `    - ${row}\n`).join('')}`];
const FREE = '{ outcome: free_lines, waitlist: false }';

describe('what a certain protection of another partner leads to', () => {
  it.each<readonly [outcome: string, isUnheeded: boolean]>([
    ['{ outcome: approve }', true],
    ['{ outcome: note }', true],
    ['{ outcome: wait }', true],
    ['{ outcome: deny, waitlist: false }', false],
    ['{ outcome: free_lines, waitlist: true }', false],
    ['{ outcome: review, decider: director }', false],
    ['{ outcome: needs_ruling, decider: director }', false],
  ])('%s', (outcome, isUnheeded) => {
    const found = findingsWith(held(outcome)).filter(({ code }) => code === 'L127');
    expect(found.map(({ severity, path }) => [severity, path])).toEqual(isUnheeded ? [['error', 'rules.order[3].on.exact']] : []);
  });

  it.each<readonly [what: string, outcome: string, isUnheeded: boolean]>([
    ['may be a note for some claims where another row decides about all', '{ outcome: note }', false],
    ['may not be an approval there either', '{ outcome: approve }', true],
  ])('%s', (_what, outcome, isUnheeded) => {
    const row = `{ id: C02_active_protection, when: { kinds: [renewal] }, on: { exact: ${outcome}, probable: { outcome: note } } }`;
    expect(codesOf(findingsWith(alsoRule(row))).includes('L127')).toBe(isUnheeded);
  });
});

describe('free lines of findings that name none', () => {
  it.each<readonly [what: string, row: string, isWhole: boolean]>([
    ['a special case of lines', `{ id: R02_special_case, when: { productLines: [automation] }, on: { applies: ${FREE} } }`, false],
    ['a special case of kinds', `{ id: R02_special_case, when: { kinds: [renewal] }, on: { applies: ${FREE} } }`, true],
    [
      'a line that was bought',
      `{ id: C09_existing_customer, on: { same_product: ${FREE}, unknown_product: { outcome: note }, probable: { outcome: note } } }`,
      false,
    ],
    [
      'something that was bought, and nobody knows what',
      `{ id: C09_existing_customer, on: { same_product: { outcome: note }, unknown_product: ${FREE}, probable: { outcome: note } } }`,
      true,
    ],
    ['a tender', `{ id: C17_public_tender, on: { after_publication: ${FREE} } }`, true],
  ])('%s', (_what, row, isWhole) => {
    expect(codesOf(findingsWith(alsoRule(row))).includes('L128')).toBe(isWhole);
  });
});
