import { regionOfCountry, regionsOfPartner } from '../../program/region.ts';
import { ACME } from './example.ts';

const WORLD = {
  ...ACME,
  regions: [
    { id: 'americas', label: 'Americas', countries: ['US', 'CA'], calendar: null },
    { id: 'emea', label: 'EMEA', countries: ['DE', 'GB', 'AE'], calendar: null },
  ],
};

describe('regionOfCountry', () => {
  it.each([
    ['US', 'americas'],
    [' de ', 'emea'],
    ['JP', null],
    ['', null],
    ['Germany', null],
    ['UK', null],
  ])('is of %p: %p', (country, expected) => {
    expect(regionOfCountry(WORLD, country)).toBe(expected);
  });
});

describe('regionsOfPartner', () => {
  it.each<[string, readonly string[], string, readonly string[]]>([
    ['its agreement', ['emea'], 'US', ['emea']],
    ['its agreement, in the order of the program', ['emea', 'americas'], 'US', ['americas', 'emea']],
    ['the region of its country', [], 'GB', ['emea']],
    ['nothing, where its country is in no region', [], 'JP', []],
    ['nothing, where its agreement names none of this version', ['apac'], 'US', []],
  ])('are those of %s', (_what, regions, country, expected) => {
    expect(regionsOfPartner(WORLD, { regions, country })).toEqual(expected);
  });
});
