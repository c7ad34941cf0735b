import { expectedCountry, isCountry } from '../../program/country.ts';
import { countryCode } from '../../mappings/country.ts';

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

describe('isCountry', () => {
  it.each(['GB', 'US', 'DE', 'FR', 'GR', 'XK', 'AQ'])('takes %s', (code) => {
    expect(isCountry(code)).toBe(true);
  });

  it.each(['UK', 'EL', 'EU', 'ZZ', 'XX', 'AN', 'gb', 'GBR', ''])('refuses %j', (code) => {
    expect(isCountry(code)).toBe(false);
  });

  it('knows exactly the countries that registrations and the CRM may name', () => {
    const codes = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
    expect(codes.filter(isCountry)).toEqual(codes.filter((code) => countryCode(code) === code));
  });
});

describe('expectedCountry', () => {
  it.each([
    ['UK', 'expected GB, the code of the country in ISO 3166'],
    ['EL', 'expected GR, the code of the country in ISO 3166'],
    ['ZZ', 'expected a country as two capital letters (ISO 3166)'],
    ['constructor', 'expected a country as two capital letters (ISO 3166)'],
  ])('says of %s what is meant', (code, expected) => {
    expect(expectedCountry(code)).toBe(expected);
  });
});
