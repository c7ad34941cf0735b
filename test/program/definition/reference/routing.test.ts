import { acmeWith } from '../../example.ts';
import { problemsOf } from './problem-text.ts';

const LIMIT_ROW = "{ when: { value: { upTo: '250000.00' } }, steps: [{ role: director }] }";

describe('references of the routing', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'a role that is not on the ladder',
      'steps: [{ role: vp }]',
      'steps: [{ role: rep }]',
      /routing\.rows\[3\]\.steps\[0\]\.role: rep; expected one of/,
    ],
    [
      'a step whose silence nobody above answers',
      'steps: [{ role: vp }]',
      'steps: [{ role: vp, silence: escalate }]',
      /routing\.rows\[3\]\.steps\[0\]\.silence: escalate; expected keep_asking/,
    ],
    ['nobody who rules', 'otherwise: director', 'otherwise: rep', /routing\.otherwise: rep; expected one of/],
    [
      'a row for a role with a limit, without an end',
      'steps: [{ role: vp }]',
      'steps: [{ role: director }]',
      /limit \(250000\.00\) covers the row, which takes any value/,
    ],
    [
      'one of two who decide at once and of whom one is enough, with a limit',
      'steps: [{ role: vp }]',
      'steps: [{ parallel: [{ role: vp }, { role: director }], needs: any }]',
      /routing\.rows\[3\]\.steps\[0\]\.parallel\[1\]\.role: director; expected a role whose approval limit/,
    ],
    [
      'two who both have to decide and have limits',
      'steps: [{ role: vp }]',
      'steps: [{ parallel: [{ role: partner_manager }, { role: director }], needs: all }]',
      /parallel\[0\]\.role: partner_manager; .*[\s\S]*parallel\[1\]\.role: director; expected a role whose/,
    ],
    [
      'a currency without a rate',
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
    ['a rate of the base itself', "EUR: '1.17'", "USD: '1.17'", /rates\.perUnit\.USD: USD; expected no rate for the base itself/],
  ])('finds %s', (_what, passage, replacement, message) => {
    expect(problemsOf(acmeWith(passage, replacement))).toMatch(message);
  });

  it.each([
    ['at the limit', "{ upTo: '250000.00' }", true],
    ['a cent above it', "{ upTo: '250000.01' }", false],
    ['below a cent more', "{ below: '250000.01' }", true],
    ['below two cents more', "{ below: '250000.02' }", false],
  ])('lets the row of a role end %s', (_where, value, accepted) => {
    const text = acmeWith(LIMIT_ROW, `{ when: { value: ${value} }, steps: [{ role: director }] }`);
    expect(problemsOf(text) === '').toBe(accepted);
  });

  it('asks the limit only of who decides last', () => {
    expect(problemsOf(acmeWith('steps: [{ role: vp }]', 'steps: [{ role: director }, { role: vp }]'))).toBe('');
    expect(problemsOf(acmeWith('steps: [{ role: vp }]', 'steps: [{ role: vp }, { role: director }]'))).toMatch(
      /steps\[1\]\.role: director/,
    );
  });
});
