import { countryCode } from '../../mappings/country.ts';

describe('countryCode', () => {
  it.each([
    ['US', 'US'],
    [' de ', 'DE'],
    ['Germany', 'DE'],
    ['united kingdom', 'GB'],
    ['UK', 'GB'],
    ['U.S.A.', 'US'],
    ['The Netherlands', 'NL'],
  ])('understands %s', (text, code) => {
    expect(countryCode(text)).toBe(code);
  });

  it.each(['', 'XX', 'EU', 'Atlantis', 'DEU'])('finds no country in %j', (text) => {
    expect(countryCode(text)).toBeNull();
  });
});
