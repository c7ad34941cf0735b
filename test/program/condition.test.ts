import type { ClaimSnapshot, PartnerSnapshot } from '../../program/claim.ts';
import { holds, whatIsUnknown, type Condition, type Holds } from '../../program/condition.ts';
import type { Program } from '../../program/definition/program.ts';
import { ACME, claim, customer, partner } from './example.ts';

const PROGRAM: Program = {
  ...ACME,
  regions: [
    { id: 'americas', label: 'Americas', countries: ['US', 'CA'], calendar: null },
    { id: 'dach', label: 'DACH', countries: ['DE', 'AT', 'CH'], calendar: null },
  ],
  intake: [{ id: 'use_case', label: 'the use case', type: 'text', choices: [], required: true }],
};
const withFacts = (facts: Partial<ClaimSnapshot['facts']>): Partial<ClaimSnapshot> => ({ facts: { ...claim().facts, ...facts } });
const judge = (when: Condition, changes: Partial<ClaimSnapshot> = {}, by: Partial<PartnerSnapshot> = {}): Holds =>
  holds(when, PROGRAM, claim(changes), partner(by));
const usd = (amount: string): Partial<ClaimSnapshot> => ({ estimatedValue: { amount, currency: 'USD' } });

describe('holds', () => {
  it('always holds where nothing is named', () => {
    expect(judge({})).toBe('yes');
  });

  it.each<[string, Condition, Holds]>([
    ['one of the kinds', { kinds: ['renewal', 'resale'] }, 'yes'],
    ['none of the kinds', { kinds: ['renewal'] }, 'no'],
    ['the type', { types: ['reseller'] }, 'yes'],
    ['another type', { types: ['oem'] }, 'no'],
    ['the track', { tracks: ['solution'] }, 'yes'],
    ['the tier', { tiers: ['gold', 'platinum'] }, 'yes'],
    ['another tier', { tiers: ['silver'] }, 'no'],
    ['the line', { productLines: ['analytics', 'platform'] }, 'yes'],
    ['another line', { productLines: ['analytics'] }, 'no'],
    ['the country', { countries: ['US'] }, 'yes'],
    ['another country', { countries: ['DE'] }, 'no'],
    ['the region', { regions: ['americas'] }, 'yes'],
    ['another region', { regions: ['dach'] }, 'no'],
    ['everything', { kinds: ['resale'], types: ['reseller'], countries: ['US'] }, 'yes'],
    ['all but one', { kinds: ['resale'], types: ['reseller'], countries: ['DE'] }, 'no'],
  ])('compares with %s', (_what, when, expected) => {
    expect(judge(when)).toBe(expected);
  });

  it('takes a partner without track or tier for one that has none of those named', () => {
    expect(judge({ tiers: ['gold'] }, {}, { tier: null })).toBe('no');
    expect(judge({ tracks: ['solution'] }, {}, { track: null })).toBe('no');
  });

  it.each<[string, Condition['value'], string, Holds]>([
    ['just below from', { from: '100.00' }, '99.99', 'no'],
    ['at from', { from: '100.00' }, '100.00', 'yes'],
    ['at above', { above: '100.00' }, '100.00', 'no'],
    ['just above above', { above: '100.00' }, '100.01', 'yes'],
    ['at upTo', { upTo: '100.00' }, '100.00', 'yes'],
    ['just above upTo', { upTo: '100.00' }, '100.01', 'no'],
    ['just below below', { below: '100.00' }, '99.99', 'yes'],
    ['at below', { below: '100.00' }, '100.00', 'no'],
    ['within both edges', { from: '100.00', upTo: '100.00' }, '100.00', 'yes'],
  ])('knows which edge of a value is inside: %s', (_what, value, amount, expected) => {
    expect(judge({ value }, usd(amount))).toBe(expected);
  });

  it('compares values at the declared rates', () => {
    const euros = (amount: string): Partial<ClaimSnapshot> => ({ estimatedValue: { amount, currency: 'EUR' } });
    expect(judge({ value: { from: '117.00' } }, euros('100.00'))).toBe('yes');
    expect(judge({ value: { from: '117.00' } }, euros('99.99'))).toBe('no');
  });

  it.each<[string, Condition['quantity'], number | null, Holds]>([
    ['at from', { from: 100 }, 100, 'yes'],
    ['just below', { from: 100 }, 99, 'no'],
    ['at below', { from: 1, below: 100 }, 100, 'no'],
    ['not named', { from: 100 }, null, 'unknown'],
    ['zero, which is a number', { upTo: 0 }, 0, 'yes'],
  ])('compares quantities: %s', (_what, when, quantity, expected) => {
    expect(judge({ quantity: when }, withFacts({ quantity }))).toBe(expected);
  });

  it.each([
    ['the last instant of the day before, in New York', '2026-03-01T04:59:59.999Z', 'no'],
    ['the first of the day', '2026-03-01T05:00:00.000Z', 'yes'],
    ['the last instant before the end', '2026-04-01T03:59:59.999Z', 'yes'],
    ['the first of the end, in summer time', '2026-04-01T04:00:00.000Z', 'no'],
  ])('counts dates in the zone of the default calendar: %s', (_what, submittedAt, expected) => {
    expect(judge({ submitted: { from: '2026-03-01', before: '2026-04-01' } }, { submittedAt })).toBe(expected);
  });

  it.each<[string, ClaimSnapshot['facts']['answers'], Holds]>([
    ['an accepted answer', { use_case: 'backup' }, 'yes'],
    ['another answer', { use_case: 'other' }, 'no'],
    ['no answer', {}, 'unknown'],
  ])('compares answers: %s', (_what, answers, expected) => {
    expect(judge({ answers: { use_case: ['backup'] } }, withFacts({ answers }))).toBe(expected);
  });

  it('does not take what every object has for an answer', () => {
    expect(judge({ answers: { constructor: ['x'] } })).toBe('unknown');
  });
});

describe('holds, where something is not known', () => {
  const unknown: readonly (readonly [string, Condition, Partial<ClaimSnapshot>, string])[] = [
    ['a rate', { value: { upTo: '100.00' } }, { estimatedValue: { amount: '1', currency: 'ISK' } }, 'the program declares no rate for ISK'],
    ['a quantity', { quantity: { from: 1 } }, {}, 'the claim names no quantity'],
    ['an answer', { answers: { use_case: ['backup'] } }, {}, 'the claim does not answer: the use case'],
    ['a country', { countries: ['US'] }, { customer: customer({ country: '' }) }, "the customer's country is not known"],
    ['the region of no country', { regions: ['dach'] }, { customer: customer({ country: '' }) }, "the customer's country is not known"],
    ['a region', { regions: ['dach'] }, { customer: customer({ country: 'JP' }) }, 'the country JP lies in no region of the program'],
  ];

  it.each(unknown)('says that it cannot be told, and why: %s', (_what, when, changes, why) => {
    expect(judge(when, changes)).toBe('unknown');
    expect(whatIsUnknown(when, PROGRAM, claim(changes), partner())).toEqual([why]);
  });

  it.each(unknown)('says no where another part does not hold: %s', (_what, when, changes) => {
    expect(judge({ ...when, kinds: ['referral'] }, changes)).toBe('no');
  });

  it('has no reason where all is known', () => {
    expect(whatIsUnknown({ value: { upTo: '1.00' }, kinds: ['referral'] }, PROGRAM, claim(), partner())).toEqual([]);
  });
});
