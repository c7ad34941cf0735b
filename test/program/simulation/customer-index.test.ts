import fc from 'fast-check';
import type { CustomerDetails } from '../../../program/claim.ts';
import { MATCH_THRESHOLDS, matchCustomers } from '../../../program/customer-identity.ts';
import { nameSimilarity } from '../../../program/name-similarity.ts';
import { normalizeCustomerName } from '../../../program/customer-name.ts';
import { findPairs } from '../../../program/simulation/customer-index.ts';
import { mayReach, prefixLength } from '../../../program/simulation/trigram-set.ts';

const FREE_MAIL = new Set(['gmail.com']);

/** Names and domains that are near enough to each other for every kind of match. */
const customers = fc.array(
  fc.record({
    name: fc.constantFrom(
      'Northwind Traders',
      'Northwind Traders Inc',
      'Northwnd Traders',
      'Northwind',
      'Contoso Pharma',
      'Contoso Pharmaceuticals',
      'Ölmühle Süd',
      '',
    ),
    domain: fc.constantFrom(null, 'northwind.com', 'northwind.de', 'www.northwind.com', 'contoso.com', 'gmail.com', 'nonsense'),
    country: fc.constantFrom('US', 'DE', ''),
    postalCode: fc.constantFrom(null, '10001', '80331'),
    companyNumber: fc.constantFrom(null, '12345', '99999'),
  }),
  { maxLength: 16 },
);

/** Every pair compared with every other, without an index. */
function compareAll(list: readonly CustomerDetails[]): readonly string[] {
  return list.flatMap((one, at) =>
    list.slice(at + 1).flatMap((other, offset) => {
      const similarity = nameSimilarity(normalizeCustomerName(one.name), normalizeCustomerName(other.name));
      const match = matchCustomers(one, other, similarity, FREE_MAIL);
      return match === null || match.band === 'weak' ? [] : [`${at}-${at + 1 + offset} ${JSON.stringify(match)}`];
    }),
  );
}

describe('findPairs', () => {
  it('finds every pair that comparing all with all finds, with the same match, and no other', () => {
    fc.assert(
      fc.property(customers, (list) => {
        const indexed = findPairs(
          list.map((details, at) => ({ id: String(at), details })),
          FREE_MAIL,
          MATCH_THRESHOLDS,
        );
        expect(indexed.map(({ one, other, match }) => `${one}-${other} ${JSON.stringify(match)}`).toSorted()).toEqual(
          compareAll(list).toSorted(),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('finds nothing for a record by itself', () => {
    const details = { name: 'Northwind', domain: 'northwind.com', country: 'US', postalCode: null, companyNumber: null };
    expect(
      findPairs(
        [
          { id: 'a', details },
          { id: 'a', details },
        ],
        FREE_MAIL,
        MATCH_THRESHOLDS,
      ),
    ).toEqual([]);
  });
});

describe('prefixLength', () => {
  it.each([
    [20, 0.85, 4],
    [20, 1, 1],
    [1, 0.85, 1],
    [0, 0.85, 1],
  ] as const)('of %d trigrams at %d is %d', (count, least, expected) => {
    expect(prefixLength(count, least)).toBe(expected);
  });
});

describe('mayReach', () => {
  it.each([
    ['at the edge', 0.5, 5, 10, true],
    ['below it', 0.5, 4, 9, false],
    ['the same size', 1, 7, 7, true],
  ] as const)('%s', (_what, least, one, other, reaches) => {
    expect([mayReach(least, one, other), mayReach(least, other, one)]).toEqual([reaches, reaches]);
  });
});
