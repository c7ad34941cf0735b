import type { ClaimFacts } from '../../../program/claim.ts';
import { NO_FACTS } from '../../../program/claim.ts';
import { flatRenewal } from '../../../program/rules/flat-renewal.ts';
import { renewalWithGrowth } from '../../../program/rules/renewal-with-growth.ts';
import type { Money } from '../../../program/vocabulary.ts';
import { acmeWith, parseOrThrow, ruleInput } from '../example.ts';
import { situationOf } from './finding.ts';

const usd = (amount: string): Money => ({ amount, currency: 'USD' });
const contract = (value: Money | null): ClaimFacts => ({
  ...NO_FACTS,
  currentContract: value === null ? null : { value, endsOn: '2026-12-31' },
});

/** Acme with a rule about flat renewals before all others. */
const WITH_C10 = parseOrThrow(
  acmeWith(
    '    - id: C18_partner_not_eligible',
    '    - id: C10_flat_renewal\n      on: { flat: { outcome: note }, unknown: { outcome: note } }\n    - id: C18_partner_not_eligible',
  ),
);

/** What both rules find, in a program that has both. */
function found(estimatedValue: Money, facts: ClaimFacts, parameters = {}, kind = 'renewal'): readonly (string | null)[] {
  const changes = { program: WITH_C10, claim: { kind, estimatedValue, facts }, with: parameters };
  return [situationOf(flatRenewal, changes), situationOf(renewalWithGrowth, changes)];
}

describe('C10_flat_renewal and C11_renewal_with_growth', () => {
  it.each<[string, Money, Money | null, readonly (string | null)[]]>([
    ['less than the contract', usd('39999.99'), usd('40000.00'), ['flat', null]],
    ['exactly the contract', usd('40000.00'), usd('40000.00'), ['flat', null]],
    ['the same, written with fewer decimals', usd('40000'), usd('40000.00'), ['flat', null]],
    ['a cent more', usd('40000.01'), usd('40000.00'), [null, 'growth']],
    ['a contract of nothing', usd('40000.00'), usd('0.00'), [null, 'growth']],
    ['an unknown contract', usd('40000.00'), null, ['unknown', null]],
    ['a currency without a rate', { amount: '40000.00', currency: 'UAH' }, usd('40000.00'), ['unknown', null]],
    ['a contract in a currency without a rate', usd('40000.00'), { amount: '40000.00', currency: 'UAH' }, ['unknown', null]],
    [
      'both in the same currency without a rate: comparing needs none',
      { amount: '40000.01', currency: 'UAH' },
      { amount: '40000.00', currency: 'UAH' },
      [null, 'growth'],
    ],
    ['exactly the contract in euros', { amount: '10000.00', currency: 'EUR' }, usd('11700.00'), ['flat', null]],
    ['a cent more in euros', { amount: '10000.01', currency: 'EUR' }, usd('11700.00'), [null, 'growth']],
    ['yen, which have no cents', { amount: '1000000', currency: 'JPY' }, { amount: '1000000', currency: 'JPY' }, ['flat', null]],
  ])('look at %s', (_what, value, current, expected) => {
    expect(found(value, contract(current))).toEqual(expected);
  });

  it.each([
    ['a cent under ten percent', '43999.99', ['flat', null]],
    ['exactly ten percent', '44000.00', [null, 'growth']],
    ['a cent above', '44000.01', [null, 'growth']],
  ])('take growth from the declared percentage on: %s', (_what, amount, expected) => {
    expect(found(usd(amount), contract(usd('40000.00')), { leastPercent: '10' })).toEqual(expected);
  });

  it('leave other kinds alone, unless the program counts them as renewals', () => {
    expect(found(usd('40000.00'), contract(usd('40000.00')), {}, 'resale')).toEqual([null, null]);
    expect(found(usd('40000.00'), contract(usd('40000.00')), { renewalKinds: ['resale'] }, 'resale')).toEqual(['flat', null]);
  });

  it('show both parts in money, to the partner too', () => {
    const input = { claim: { kind: 'renewal', estimatedValue: usd('48000.00'), facts: contract(usd('40000.00')) } };
    const finding = renewalWithGrowth.examine(ruleInput('C11_renewal_with_growth', input));
    expect(finding.exhibits).toContainEqual({
      kind: 'value',
      summary: 'of it renewed: USD 40,000.00, growth: USD 8,000.00 (20 %)',
    });
    expect(finding.partnerMessage).toContain('grows by USD 8,000.00 beyond the current contract of USD 40,000.00');
  });

  it('do not lose an unknown contract where the program has no rule C10', () => {
    const claim = { kind: 'renewal', facts: contract(null) };
    expect(situationOf(renewalWithGrowth, { claim })).toBe('unknown');
    expect(situationOf(renewalWithGrowth, { claim, program: WITH_C10 })).toBeNull();
  });
});
