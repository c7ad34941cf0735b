import fc from 'fast-check';
import { isCurrency, minorUnitDecimals } from '../../program/currency.ts';
import { compareMoney, convert, formatMoney, problemOfMoney, type RateTable } from '../../program/money.ts';

const RATES: RateTable = { base: 'USD', date: '2025-12-31', rounding: 'half_up', perUnit: { EUR: '1.17', JPY: '0.0064', KWD: '3.25' } };

describe('minorUnitDecimals', () => {
  it.each([
    ['JPY', 0],
    ['USD', 2],
    ['KWD', 3],
    ['usd', null],
    ['DEM', null],
    ['XXX', null],
    ['', null],
  ] as const)('gives %s %s decimals', (code, decimals) => {
    expect(minorUnitDecimals(code)).toBe(decimals);
    expect(isCurrency(code)).toBe(decimals !== null);
  });
});

describe('problemOfMoney', () => {
  it.each([
    ['a plain amount', '25000.00', 'USD'],
    ['an amount without decimals', '25000', 'USD'],
    ['the least amount', '0.01', 'USD'],
    ['the largest amount the CRM holds', '99999999999999.99', 'USD'],
    ['yen', '500000', 'JPY'],
    ['yen with empty decimals', '500000.00', 'JPY'],
    ['three decimals of a dinar', '1.234', 'KWD'],
  ])('accepts %s', (_what, amount, currency) => {
    expect(problemOfMoney({ amount, currency })).toBeNull();
  });

  it.each([
    ['zero', '0.00', 'USD', /above zero/],
    ['a negative amount', '-1.00', 'USD', /above zero/],
    ['a cent more than the CRM holds', '100000000000000.00', 'USD', /at most 99999999999999\.99/],
    ['half a cent', '1.005', 'USD', /USD has 2 decimals at most/],
    ['a fraction of a yen', '100.5', 'JPY', /JPY has 0 decimals at most/],
    ['an exponent', '1e3', 'USD', /plain decimal/],
    ['a comma', '1,000.00', 'USD', /plain decimal/],
    ['not a number', 'NaN', 'USD', /plain decimal/],
    ['nothing', '', 'USD', /plain decimal/],
    ['an absurdly long number', '9'.repeat(5000), 'USD', /plain decimal/],
    ['an unknown currency', '1.00', 'ZZZ', /"ZZZ" is not an ISO 4217 currency/],
    ['a currency in lower case', '1.00', 'usd', /not an ISO 4217 currency/],
  ])('refuses %s', (_what, amount, currency, problem) => {
    expect(problemOfMoney({ amount, currency })).toMatch(problem);
  });
});

describe('convert', () => {
  it.each([
    ['to the base', '100.00', 'EUR', 'USD', '117.00'],
    ['from the base', '117.00', 'USD', 'EUR', '100.00'],
    ['through the base', '1000.00', 'EUR', 'JPY', '182813'],
    ['to three decimals', '1.00', 'USD', 'KWD', '0.308'],
    ['within a currency', '12.30', 'USD', 'USD', '12.30'],
    ['up at exactly half a cent', '0.5', 'EUR', 'USD', '0.59'],
  ])('converts %s', (_what, amount, from, to, expected) => {
    expect(convert({ amount, currency: from }, to, RATES)).toMatchObject({
      kind: 'converted',
      money: { amount: expected, currency: to },
      date: '2025-12-31',
    });
  });

  it.each([
    ['half_up', '0.5', '0.59'],
    ['half_even', '0.5', '0.58'],
    ['half_up', '1.5', '1.76'],
    ['half_even', '1.5', '1.76'],
  ] as const)('rounds %s: EUR %s is USD %s', (rounding, amount, expected) => {
    expect(convert({ amount, currency: 'EUR' }, 'USD', { ...RATES, rounding })).toMatchObject({ money: { amount: expected } });
  });

  it.each(['GBP', 'ZZZ', 'constructor', '__proto__', ''])('answers that there is no rate for %p', (currency) => {
    expect(convert({ amount: '1.00', currency }, 'USD', RATES)).toEqual({ kind: 'no_rate', currency });
  });

  it('answers that there is no rate for the wanted currency', () => {
    expect(convert({ amount: '1.00', currency: 'USD' }, 'GBP', RATES)).toEqual({ kind: 'no_rate', currency: 'GBP' });
  });

  it('keeps every cent of what is in the wanted currency already', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 9999999999999999n }), (cents) => {
        const amount = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
        expect(convert({ amount, currency: 'USD' }, 'USD', RATES)).toMatchObject({ money: { amount } });
      }),
    );
  });

  it('never makes a larger amount worth less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 1, max: 1e12 }), (left, right) => {
        const [less, more] = [Math.min(left, right), Math.max(left, right)].map((yen) =>
          convert({ amount: String(yen), currency: 'JPY' }, 'USD', RATES),
        );
        if (less?.kind !== 'converted' || more?.kind !== 'converted') throw new Error('JPY has a rate');
        expect(compareMoney(less.money, more.money)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('compareMoney', () => {
  it.each([
    ['0.10', '0.1', 0],
    ['25000.00', '25000.01', -1],
    ['100000000000000.01', '100000000000000.00', 1],
  ] as const)('compares %s with %s exactly', (left, right, expected) => {
    expect(compareMoney({ amount: left, currency: 'USD' }, { amount: right, currency: 'USD' })).toBe(expected);
  });

  it('does not compare two currencies', () => {
    expect(() => compareMoney({ amount: '1', currency: 'USD' }, { amount: '1', currency: 'EUR' })).toThrow('convert first');
  });
});

describe('formatMoney', () => {
  it.each([
    ['25000', 'USD', 'USD 25,000.00'],
    ['999.9', 'USD', 'USD 999.90'],
    ['1234567', 'JPY', 'JPY 1,234,567'],
    ['1234.5', 'KWD', 'KWD 1,234.500'],
  ])('writes %s %s as %s', (amount, currency, expected) => {
    expect(formatMoney({ amount, currency })).toBe(expected);
  });
});
