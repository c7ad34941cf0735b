import { NO_FACTS, type Proof, type Purchase } from '../../../program/claim.ts';
import { incumbentDisplaced } from '../../../program/rules/incumbent-displaced.ts';
import { PROBABLE, WEAK, ruleInput } from '../example.ts';
import { situationOf } from './finding.ts';
import { purchase } from './purchase-example.ts';

const other = (changes: Partial<Purchase> = {}): Purchase => purchase({ partnerId: 'partner-b', ...changes });
const own = (changes: Partial<Purchase> = {}): Purchase => purchase({ partnerId: 'partner-a', ...changes });
const LATER = '2026-02-01T00:00:00.000Z';

describe('C12_incumbent_displaced', () => {
  it.each<[string, readonly Purchase[], string | null]>([
    ['no purchase', [], null],
    ['a sale by another partner', [other()], 'displaced'],
    ["the partner's own sale", [own()], null],
    ['a direct sale', [purchase()], null],
    ['another line', [other({ productLine: 'analytics' })], null],
    ['a later own sale', [other(), own({ boughtAt: LATER })], null],
    ['an earlier own sale', [own(), other({ boughtAt: LATER })], 'displaced'],
    ['a later direct sale', [other(), purchase({ boughtAt: LATER })], null],
    ['a sale of an unknown product', [other({ productLine: null })], 'probable'],
    ['a later sale of an unknown product by the partner itself', [other(), own({ productLine: null, boughtAt: LATER })], 'probable'],
    ['a later sale of an unknown product by another partner', [own(), other({ productLine: null, boughtAt: LATER })], 'probable'],
    ['an earlier sale of an unknown product', [other({ boughtAt: LATER }), own({ productLine: null })], 'displaced'],
    ['certain and uncertain sales, all by others', [other(), other({ productLine: null, boughtAt: LATER })], 'displaced'],
    ['a probable match', [other({ match: PROBABLE })], 'probable'],
    ['a weak match', [other({ match: WEAK })], null],
    ['two sales at one instant', [other(), own()], 'probable'],
    ['two sales of others at one instant', [other(), other({ partnerId: 'partner-c' })], 'displaced'],
    ['a sale after the receipt', [other({ boughtAt: '2026-11-23T15:00:00.001Z' })], null],
    ['exactly three years ago', [other({ boughtAt: '2023-11-23T15:00:00.000Z' })], 'displaced'],
    ['a millisecond longer ago', [other({ boughtAt: '2023-11-23T14:59:59.999Z' })], null],
  ])('looks at %s', (_what, purchases, expected) => {
    expect(situationOf(incumbentDisplaced, { evidence: { purchases } })).toBe(expected);
    expect(situationOf(incumbentDisplaced, { evidence: { purchases: [...purchases].reverse() } })).toBe(expected);
  });

  // The sale was on 20 November 2025, 10:00 in New York.
  it.each<[string, readonly Proof[], string]>([
    ['no letter', [], 'displaced'],
    ['a letter since', [{ kind: 'customer_letter', date: '2026-11-01' }], 'letter'],
    ['a letter of the day of the sale', [{ kind: 'customer_letter', date: '2025-11-20' }], 'letter'],
    ['a letter of the day before', [{ kind: 'customer_letter', date: '2025-11-19' }], 'displaced'],
    ['a letter without a date', [{ kind: 'customer_letter', date: null }], 'letter'],
    ['another proof', [{ kind: 'meeting', date: '2026-11-01' }], 'displaced'],
  ])('looks for the customer’s letter: %s', (_what, proofs, expected) => {
    expect(situationOf(incumbentDisplaced, { claim: { facts: { ...NO_FACTS, proofs } }, evidence: { purchases: [other()] } })).toBe(
      expected,
    );
  });

  it('takes the kinds of letter that the program names', () => {
    const facts = { ...NO_FACTS, proofs: [{ kind: 'letter_of_agency', date: null }] };
    const changes = { claim: { facts }, evidence: { purchases: [other()] } };
    expect(situationOf(incumbentDisplaced, { ...changes, with: { letterKinds: ['letter_of_agency'] } })).toBe('letter');
    expect(situationOf(incumbentDisplaced, changes)).toBe('displaced');
  });

  it('names the lines, and the seller to insiders alone', () => {
    const finding = incumbentDisplaced.examine(
      ruleInput('C12_incumbent_displaced', {
        claim: { productLines: ['platform', 'analytics'] },
        evidence: { purchases: [other(), own({ productLine: 'analytics' })] },
      }),
    );
    expect(finding).toMatchObject({ lines: ['platform'], message: expect.stringContaining('partner-b') });
    expect(finding.partnerMessage).not.toContain('partner-b');
  });
});
