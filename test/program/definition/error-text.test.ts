import { checkDefinition, formatFinding } from '../../../program/definition/check.ts';
import { acmeWith } from '../example.ts';
import { problemsOf } from './reference/problem-text.ts';

/** What is said of Acme's program with `passage` replaced. */
function said(passage: string, replacement: string): readonly string[] {
  const { findings } = checkDefinition(acmeWith(passage, replacement), 'programs/acme.yaml', '2026-11-23');
  return findings.filter(({ severity }) => severity === 'error').map((found) => formatFinding('programs/acme.yaml', found));
}

describe('what an author is told', () => {
  it.each([
    ['an id that nothing declares', 'otherwise: director', 'otherwise: king', 'declare the id, or use one that is declared.'],
    ['a situation without an outcome', '{ exact: { outcome: wait }, ', '{ ', 'say what follows from this situation.'],
    [
      'a situation that the rule does not tell apart',
      '{ exact: { outcome: wait }, ',
      '{ exact: { outcome: wait }, likely: { outcome: note }, ',
      'name a situation that the rule tells apart.',
    ],
    [
      'an amount that nobody can pay',
      "minimum: { amount: '5000.00'",
      "minimum: { amount: '5000.001'",
      'write it as exactly as the currency can be paid.',
    ],
    [
      'a currency without a rate',
      "minimum: { amount: '5000.00', currency: USD }",
      "minimum: { amount: '5000.00', currency: UAH }",
      'declare its rate in `rates.perUnit`, or use a currency that has one.',
    ],
    [
      'an office that closes before it opens',
      "endTime: '17:00'",
      "endTime: '08:00'",
      'write what is expected, or change what it has to agree with.',
    ],
  ])('has a remedy of its own: %s', (_what, passage, replacement, remedy) => {
    const found = said(passage, replacement).filter((line) => line.includes(' P003 '));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`; ${remedy}`);
  });

  it.each([
    ['C01', 'C01_duplicate_same_partner'],
    ['c02', 'C02_active_protection'],
    ['R01', 'R01_incomplete'],
    ['C05_direct_early', 'C05_direct_early_stage'],
    ['C99', 'a rule of the catalogue, such as C01_duplicate_same_partner'],
    ['duplicate', 'a rule of the catalogue, such as C01_duplicate_same_partner'],
  ])('names the rule that %s may mean', (written, expected) => {
    expect(problemsOf(acmeWith('id: C16_lines_disjoint', `id: ${written}`))).toContain(`: "${written}"; expected ${expected}; `);
  });

  it.each([
    ['3 working days', 'expected 3 business days: time in the office is called business'],
    ['24-48 hours', 'expected one figure, the latest: 48 hours'],
    ['2 to 3 working days', 'expected one figure, the latest: 3 business days'],
    ['soon', 'expected a duration such as 90 days, 6 months, 3 business days or 72 business hours, from 1 minute to 50 years'],
    ['3 working moons', 'expected a duration such as 90 days, 6 months, 3 business days or 72 business hours, from 1 minute to 50 years'],
  ])('hints at the duration that %s may mean', (written, expected) => {
    expect(problemsOf(acmeWith('window: 90 days', `window: ${written}`))).toMatch(`"${written}"; ${expected}`);
  });

  it.each([
    ['{ role: Director }', 'routing.rows[2].steps[0].role: "Director"; expected an id in snake case'],
    ['{ role: director, asks: everybody }', 'routing.rows[2].steps[0].asks: "everybody"; expected one of members, queue'],
    ['director', 'routing.rows[2].steps[0]: "director"; expected a mapping'],
    ['{ parallel: [{ role: director }] }', 'routing.rows[2].steps[0].needs: missing; expected one of all, any'],
    [
      '{ parallel: [{ role: director, by: [] }], needs: all }',
      'routing.rows[2].steps[0].parallel[0].by: an empty list; expected a list that is not empty',
    ],
    ['{ parallel: [{ role: directors }], needs: all }', 'routing.rows[2].steps[0].parallel[0].role: directors; expected one of'],
  ])('says of the step %s what is wrong with it, at its place', (step, expected) => {
    expect(problemsOf(acmeWith('steps: [{ role: director }]', `steps: [${step}]`))).toContain(expected);
  });

  it('does not hint at business time where that is not taken either', () => {
    expect(problemsOf(acmeWith('staleAfter: 180 days', 'staleAfter: 3 working days'))).toContain('business time is not counted backwards');
  });

  it('speaks of a tab alone, and not of all that it makes unreadable', () => {
    expect(problemsOf(acmeWith('  anchor: approval', '\tanchor: approval'))).toMatch(
      /^programs\/acme\.yaml:\d+ a tab; expected spaces, two for each level$/,
    );
  });

  it.each([
    ['of holidays', 'holidays: { country: US', 'holidays: { country: UK', 'calendars[0].holidays.country: "UK"; expected GB,'],
    ['of a region', 'countries: [US, ', 'countries: [UK, ', 'regions[0].countries[0]: "UK"; expected GB,'],
    [
      'that nobody knows',
      'holidays: { country: US',
      'holidays: { country: ZZ',
      '"ZZ"; expected a country as two capital letters (ISO 3166)',
    ],
  ])('refuses a country that ISO 3166 does not know: %s', (_what, passage, replacement, expected) => {
    expect(problemsOf(acmeWith(passage, replacement))).toContain(expected);
  });
});
