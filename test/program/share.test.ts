import fc from 'fast-check';
import { declaredShares, givenShares, refusalOfShares, SHARE_PATTERN, type Sharer } from '../../program/share.ts';

const parties = (...kinds: readonly string[]): readonly Sharer[] => kinds.map((kind, at) => ({ registrationId: `r${at + 1}`, kind }));
const percents = (splits: Parameters<typeof declaredShares>[0], ...kinds: readonly string[]): readonly string[] =>
  declaredShares(splits, parties(...kinds)).map(({ percent }) => percent);

const REFERRED = { shares: { resale: '70', referral: '30' } };

describe('declaredShares', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['one alone', ['resale'], ['100.00']],
    ['two', ['resale', 'resale'], ['50.00', '50.00']],
    ['three: the earliest receipt has the hundredth that is left', ['resale', 'resale', 'resale'], ['33.34', '33.33', '33.33']],
    ['six: the four earliest have one each', Array(6).fill('resale'), ['16.67', '16.67', '16.67', '16.67', '16.66', '16.66']],
    ['nobody', [], []],
  ])('is even without a split: %s', (_who, kinds, expected) => {
    expect(percents([], ...kinds)).toEqual(expected);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['each kind once', ['referral', 'resale'], ['30.00', '70.00']],
    ['one kind twice, which has its part between them', ['resale', 'referral', 'resale'], ['35.00', '30.00', '35.00']],
    ['one kind thrice: the largest remainder first', ['resale', 'resale', 'resale', 'referral'], ['23.34', '23.33', '23.33', '30.00']],
    ['not all that the split names: in proportion', ['resale'], ['100.00']],
    ['a kind that the split does not name: evenly', ['resale', 'co_sell'], ['50.00', '50.00']],
  ])('follows the split that names all kinds: %s', (_who, kinds, expected) => {
    expect(percents([REFERRED], ...kinds)).toEqual(expected);
  });

  it('takes the first of several splits, and is even where it gives nobody anything', () => {
    expect(percents([REFERRED, { shares: { resale: '1', referral: '99' } }], 'resale', 'referral')).toEqual(['70.00', '30.00']);
    expect(percents([{ shares: { resale: '0', referral: '100' } }], 'resale', 'resale')).toEqual(['50.00', '50.00']);
  });

  it('makes exactly 100, and nobody is a hundredth away from the exact share', () => {
    const split = fc
      .integer({ min: 0, max: 100 })
      .map((resale) => ({ shares: { resale: String(resale), referral: String(100 - resale) } }));
    fc.assert(
      fc.property(
        fc.array(split, { maxLength: 1 }),
        fc.array(fc.constantFrom('resale', 'referral'), { minLength: 1, maxLength: 40 }),
        (splits, kinds) => {
          const shares = percents(splits, ...kinds).map((percent) => Math.round(Number(percent) * 100));
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(10_000);
          for (const kind of new Set(kinds)) {
            const own = shares.filter((_share, at) => kinds[at] === kind);
            expect(Math.max(...own) - Math.min(...own)).toBeLessThanOrEqual(1);
            expect(own).toEqual([...own].sort((a, b) => b - a));
          }
        },
      ),
    );
  });
});

describe('refusalOfShares', () => {
  const two = parties('resale', 'referral');
  const share = (registrationId: string, percent: string) => ({ registrationId, percent });

  it.each([
    ['whole numbers', [share('r1', '60'), share('r2', '40')]],
    ['decimals, in any order', [share('r2', '33.33'), share('r1', '66.67')]],
    ['the least that there is', [share('r1', '0.01'), share('r2', '99.99')]],
  ])('is null for %s', (_what, given) => {
    expect(refusalOfShares(two, given)).toBeNull();
  });

  it.each([
    ['a hundredth too little', [share('r1', '60'), share('r2', '39.99')], 'The shares make 99.99 %; expected exactly 100 %.'],
    ['a hundredth too much', [share('r1', '60'), share('r2', '40.01')], 'The shares make 100.01 %; expected exactly 100 %.'],
    ['one party left out', [share('r1', '100')], 'Registration r2 is given no share; expected a share for each of: r1, r2.'],
    ['one party named twice', [share('r1', '50'), share('r1', '10'), share('r2', '40')], 'Registration r1 is given two shares'],
    ['a stranger', [share('r1', '50'), share('r2', '40'), share('r9', '10')], 'Registration r9 has no standing part in this case'],
    ['nothing for one', [share('r1', '100'), share('r2', '0')], 'The share of registration r2 is "0"; expected a percentage above 0'],
    ['what is no decimal', [share('r1', '1e2'), share('r2', 'x')], 'The share of registration r1 is "1e2"'],
  ])('says what is wrong with %s', (_what, given, message) => {
    expect(refusalOfShares(two, given)).toMatchObject({ code: 'OUTCOME_NOT_POSSIBLE', message: expect.stringContaining(message) });
  });
});

describe('a share as it is written', () => {
  it.each(['0.01', '5', '33.34', '99.99', '100', '100.00', '07'])('may be %s', (percent) => {
    expect(percent).toMatch(SHARE_PATTERN);
  });

  it.each(['', '0', '0.00', '100.01', '101', '33.333', '-1', '1,5', ' 5', '.5', '5.'])('may not be "%s"', (percent) => {
    expect(percent).not.toMatch(SHARE_PATTERN);
  });

  it('is kept with two decimals, in the order of receipt', () => {
    const given = [
      { registrationId: 'r2', percent: '40' },
      { registrationId: 'r1', percent: '60.0' },
    ];
    expect(givenShares(parties('resale', 'resale'), given)).toEqual([
      { registrationId: 'r1', percent: '60.00' },
      { registrationId: 'r2', percent: '40.00' },
    ]);
  });
});
