import { NO_FACTS } from '../../../program/claim.ts';
import { belowMinimum } from '../../../program/rules/below-minimum.ts';
import type { Money } from '../../../program/vocabulary.ts';
import { ACME, ruleInput } from '../example.ts';
import { situationOf } from './finding.ts';

const money = (amount: string, currency = 'USD'): Money => ({ amount, currency });
const NO_MINIMUM = { ...ACME, routing: { ...ACME.routing, minimum: null } };
/** Whatever the value, a claim is approved: nobody is asked. */
const ALL_APPROVED = { ...ACME, routing: { ...ACME.routing, rows: [{ when: {}, steps: [] }] } };

describe('C19_below_minimum', () => {
  it.each<[string, Money, string | null]>([
    ['a cent below', money('4999.99'), 'below'],
    ['exactly the minimum', money('5000.00'), null],
    ['a cent above', money('5000.01'), null],
    ['euros below', money('4273.49', 'EUR'), 'below'],
    ['euros that round to it', money('4273.50', 'EUR'), null],
    ['yen below', money('781249', 'JPY'), 'below'],
    ['yen of exactly the minimum', money('781250', 'JPY'), null],
    ['a currency without a rate, since the routing asks then', money('1.00', 'UAH'), null],
  ])('judges %s', (_what, estimatedValue, expected) => {
    expect(situationOf(belowMinimum, { claim: { estimatedValue } })).toBe(expected);
  });

  it.each<[string, Money, string | null]>([
    ['a cent below the maximum', money('49999.99'), null],
    ['exactly the maximum', money('50000.00'), null],
    ['a cent above', money('50000.01'), 'above'],
    ['euros above', money('42735.05', 'EUR'), 'above'],
    ['below the minimum', money('1.00'), 'below'],
  ])('knows a maximum: %s', (_what, estimatedValue, expected) => {
    expect(situationOf(belowMinimum, { with: { maximum: money('50000.00') }, claim: { estimatedValue } })).toBe(expected);
  });

  it.each<[string, string, string | null]>([
    ['a cent below', '9999.99', 'below'],
    ['exactly as much', '10000.00', null],
  ])('takes a minimum of its own before that of the routing: %s', (_what, amount, expected) => {
    const changes = { with: { minimum: money('10000.00') }, claim: { estimatedValue: money(amount) } };
    expect(situationOf(belowMinimum, changes)).toBe(expected);
    expect(situationOf(belowMinimum, { ...changes, program: NO_MINIMUM })).toBe(expected);
  });

  it.each<[string, number | null, string | null]>([
    ['one less', 99, 'below_quantity'],
    ['exactly as many', 100, null],
    ['one more', 101, null],
    ['not given', null, 'unknown_quantity'],
    ['none', 0, 'below_quantity'],
  ])('knows a least quantity: %s', (_what, quantity, expected) => {
    const facts = { ...NO_FACTS, quantity };
    expect(situationOf(belowMinimum, { with: { minimumQuantity: 100 }, claim: { facts } })).toBe(expected);
    expect(situationOf(belowMinimum, { claim: { facts } })).toBeNull();
  });

  it('tells what is certain before what is not known', () => {
    const parameters = { minimumQuantity: 100 };
    expect(situationOf(belowMinimum, { with: parameters, claim: { estimatedValue: money('1.00') } })).toBe('below');
    const claim = { estimatedValue: money('9000.00', 'UAH'), facts: { ...NO_FACTS, quantity: 1 } };
    expect(situationOf(belowMinimum, { program: ALL_APPROVED, with: parameters, claim })).toBe('below_quantity');
  });

  it('is not silent about a value without a rate where nobody else would ask', () => {
    const claim = { estimatedValue: money('9000.00', 'UAH') };
    expect(situationOf(belowMinimum, { program: ALL_APPROVED, claim })).toBe('unknown_value');
    expect(situationOf(belowMinimum, { program: ALL_APPROVED })).toBeNull();
  });

  it('takes any value where there is no minimum', () => {
    expect(situationOf(belowMinimum, { program: NO_MINIMUM, claim: { estimatedValue: money('0.01') } })).toBeNull();
  });

  it('tells the partner the rate and its date', () => {
    const finding = belowMinimum.examine(ruleInput('C19_below_minimum', { claim: { estimatedValue: money('1000.00', 'EUR') } }));
    expect(finding.partnerMessage).toContain('EUR 1,000.00, which is USD 1,170.00 at the rate 1.17 of 2025-12-31, is below the minimum');
  });
});
