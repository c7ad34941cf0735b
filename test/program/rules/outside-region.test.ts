import type { PartnerSnapshot } from '../../../program/claim.ts';
import { outsideRegion } from '../../../program/rules/outside-region.ts';
import { ACME, customer, partner } from '../example.ts';
import { situationOf } from './finding.ts';

const WORLD = {
  ...ACME,
  regions: [
    { id: 'americas', label: 'Americas', countries: ['US', 'CA'], calendar: null },
    { id: 'emea', label: 'EMEA', countries: ['DE', 'GB'], calendar: null },
  ],
};

describe('C14_outside_region', () => {
  it.each<[string, string, Partial<PartnerSnapshot>, string | null]>([
    ["the partner's own country", 'US', {}, null],
    ["another country of the partner's region", 'CA', {}, null],
    ['another region', 'DE', {}, 'outside'],
    ['a region of the agreement', 'DE', { regions: ['emea'] }, null],
    ['its own country, not in the agreement', 'US', { regions: ['emea'] }, 'outside'],
    ['one of several regions', 'US', { regions: ['emea', 'americas'] }, null],
    ['a country in lower case', 'ca', {}, null],
    ['a country in no region', 'JP', {}, 'unknown'],
    ['no country', '', {}, 'unknown'],
    ['what is no country', 'Germany', {}, 'unknown'],
    ['a partner whose country is in no region', 'US', { country: 'JP' }, 'unknown'],
    ['a partner whose regions this version does not have', 'US', { regions: ['apac'] }, 'unknown'],
  ])('looks at a customer in %s', (_what, country, changes, expected) => {
    expect(
      situationOf(outsideRegion, { program: WORLD, claim: { customer: customer({ country }) }, evidence: { partner: partner(changes) } }),
    ).toBe(expected);
  });

  it('tells nothing where the program declares no regions', () => {
    expect(situationOf(outsideRegion, { program: { ...ACME, regions: [] } })).toBe('unknown');
  });
});
