import { likeCasesText, valueBandOf, type LikeCases } from '../../program/precedent.ts';
import { ACME } from './example.ts';

describe('valueBandOf', () => {
  const usd = (amount: string) => ({ amount, currency: 'USD' });

  it.each([
    ['below the first limit', [usd('5000.00')], 'up to USD 100,000.00'],
    ['at it', [usd('100000.00')], 'up to USD 100,000.00'],
    ['above it', [usd('100000.01')], 'above USD 100,000.00, up to USD 250,000.00'],
    ['the largest of several', [usd('5000.00'), usd('250000.00'), usd('7.00')], 'above USD 100,000.00, up to USD 250,000.00'],
    ['above the last limit', [usd('250000.01')], 'above USD 250,000.00'],
    ['in another currency, at the declared rate', [{ amount: '90000.00', currency: 'EUR' }], 'above USD 100,000.00, up to USD 250,000.00'],
    ['in a currency without a rate', [usd('5000.00'), { amount: '5.00', currency: 'XPF' }], null],
    ['of nothing', [], null],
  ])('%s', (_what, values, expected) => {
    expect(valueBandOf(ACME, values)).toBe(expected);
  });

  it('is unknown where nobody has a limit', () => {
    const { governance } = ACME;
    const ladder = governance.ladder.map((rung) => ({ ...rung, approvalLimit: null }));
    expect(valueBandOf({ ...ACME, governance: { ...governance, ladder } }, [usd('1.00')])).toBeNull();
  });
});

describe('likeCasesText', () => {
  const like = (...outcomes: LikeCases['outcomes']): LikeCases => ({ outcomes, latestAt: '2026-11-16T15:00:00.000Z' });

  it.each([
    ['none', null, null],
    ['one', like({ outcome: 'split', count: 1 }), '1 like case: 1 split; the latest of 2026-11-16'],
    [
      'several, the most frequent outcome first',
      like({ outcome: 'award', count: 1 }, { outcome: 'uphold', count: 2 }),
      '3 like cases: 2 upheld, 1 awarded; the latest of 2026-11-16',
    ],
  ])('of %s', (_what, given, expected) => {
    expect(likeCasesText(given)).toBe(expected);
  });
});
