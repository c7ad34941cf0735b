import type { Purchase } from '../../../program/claim.ts';
import { existingCustomer } from '../../../program/rules/existing-customer.ts';
import { EXACT, PROBABLE, SUBMITTED_AT, WEAK, ruleInput } from '../example.ts';
import { situationOf } from './finding.ts';
import { purchase } from './purchase-example.ts';

describe('C09_existing_customer', () => {
  it.each<[string, readonly Purchase[], string | null]>([
    ['no purchase', [], null],
    ['a purchase of the line', [purchase()], 'same_product'],
    ['a purchase of another line', [purchase({ productLine: 'analytics' })], null],
    ['a purchase of nobody knows what', [purchase({ productLine: null })], 'unknown_product'],
    ['the line and something unknown', [purchase({ productLine: null }), purchase()], 'same_product'],
    ['a probable match', [purchase({ match: PROBABLE })], 'probable'],
    ['a probable match of another line', [purchase({ match: PROBABLE, productLine: 'analytics' })], null],
    ['a certain unknown and a probable known one', [purchase({ productLine: null }), purchase({ match: PROBABLE })], 'unknown_product'],
    ['a weak match', [purchase({ match: WEAK })], null],
    ['a purchase at the receipt', [purchase({ boughtAt: SUBMITTED_AT })], 'same_product'],
    ['a purchase after the receipt', [purchase({ boughtAt: '2026-11-23T15:00:00.001Z' })], null],
    ["the claim's own sale", [purchase({ source: { kind: 'registration', registrationId: 'reg-100' } })], null],
    ['a purchase twenty years ago', [purchase({ boughtAt: '2006-01-01T00:00:00.000Z' })], 'same_product'],
  ])('looks at %s', (_what, purchases, expected) => {
    expect(situationOf(existingCustomer, { evidence: { purchases } })).toBe(expected);
  });

  it.each([
    ['a millisecond inside', '2023-11-23T15:00:00.001Z', 'same_product'],
    ['exactly three years ago', '2023-11-23T15:00:00.000Z', 'same_product'],
    ['a millisecond before that', '2023-11-23T14:59:59.999Z', null],
  ])('looks back as long as the program says: %s', (_when, boughtAt, expected) => {
    const evidence = { purchases: [purchase({ boughtAt, match: EXACT })] };
    expect(situationOf(existingCustomer, { with: { lookback: '3 years' }, evidence })).toBe(expected);
  });

  it('names the lines that the customer has, and no seller to the partner', () => {
    const finding = existingCustomer.examine(
      ruleInput('C09_existing_customer', {
        claim: { productLines: ['analytics', 'platform'] },
        evidence: { purchases: [purchase({ partnerId: 'partner-b' })] },
      }),
    );
    expect(finding).toMatchObject({ lines: ['platform'], partnerMessage: expect.stringContaining('already uses platform') });
    expect(finding.partnerMessage).not.toContain('partner-b');
  });
});
