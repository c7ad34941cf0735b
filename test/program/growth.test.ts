import { growthOver, reachesPercent } from '../../program/growth.ts';

const usd = (amount: string): { readonly amount: string; readonly currency: string } => ({ amount, currency: 'USD' });

describe('growthOver', () => {
  it.each([
    ['99.99', '100.00', null],
    ['100.00', '100.00', null],
    ['100.01', '100.00', { money: usd('0.01'), percent: '0.01' }],
    ['133.33', '100', { money: usd('33.33'), percent: '33.33' }],
    ['2', '3', null],
    ['5', '3', { money: usd('2'), percent: '66.67' }],
    ['5', '0', { money: usd('5'), percent: null }],
    ['99999999999999.99', '0.01', { money: usd('99999999999999.98'), percent: '999999999999999800' }],
  ])('of %s over %s', (value, base, expected) => {
    expect(growthOver(usd(value), usd(base))).toEqual(expected);
  });

  it('compares one currency only', () => {
    expect(() => growthOver(usd('1'), { amount: '1', currency: 'EUR' })).toThrow('convert first');
  });
});

describe('reachesPercent', () => {
  it.each([
    ['10.99', '11', false],
    ['11.00', '11', true],
    ['11.01', '11', true],
    ['0.01', '0', true],
  ])('says of a growth of %s over 100 and %s %%: %p', (amount, percent, expected) => {
    expect(reachesPercent({ money: usd(amount), percent: null }, usd('100'), percent)).toBe(expected);
  });

  it('does not round: a third is less than 33.3334 percent', () => {
    expect(reachesPercent({ money: usd('1'), percent: '33.33' }, usd('3'), '33.3334')).toBe(false);
    expect(reachesPercent({ money: usd('1'), percent: '33.33' }, usd('3'), '33.3333')).toBe(true);
  });
});
