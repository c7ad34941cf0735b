import fc from 'fast-check';
import type { CustomerDetails, MatchBand } from '../../program/claim.ts';
import { matchCustomers } from '../../program/customer-identity.ts';

const FREE_MAIL = new Set(['gmail.com']);

function details(changes: Partial<CustomerDetails>): CustomerDetails {
  return { name: 'Contoso Ltd', domain: null, country: 'GB', postalCode: null, companyNumber: null, ...changes };
}

type Side = Partial<CustomerDetails>;
const OTHER = { name: 'Fabrikam plc' };

describe('matchCustomers', () => {
  it.each<[string, Side, Side, number, MatchBand | null]>([
    ['the same domain, whatever the names', { domain: 'contoso.com' }, { ...OTHER, domain: 'www.contoso.com', country: 'US' }, 0, 'exact'],
    ['the same free-mail domain', { domain: 'a@gmail.com' }, { ...OTHER, domain: 'b@gmail.com' }, 0, null],
    ['the same private suffix', { domain: 'a.github.io' }, { ...OTHER, domain: 'b.github.io' }, 0, null],
    ['the same company number', { companyNumber: '01234567' }, { ...OTHER, companyNumber: '1234567' }, 0, 'exact'],
    ['the same number in another country', { companyNumber: '01234567' }, { ...OTHER, companyNumber: '1234567', country: 'IE' }, 0, null],
    [
      'the same number without a country',
      { companyNumber: '01234567', country: '' },
      { ...OTHER, companyNumber: '01234567', country: '' },
      0,
      null,
    ],
    ['the same name, country and postal code', { postalCode: 'SW1A 1AA' }, { name: 'CONTOSO', postalCode: 'sw1a1aa' }, 1, 'exact'],
    ['these, with a domain on one side', { postalCode: 'SW1A 1AA', domain: 'contoso.com' }, { postalCode: 'SW1A 1AA' }, 1, 'exact'],
    [
      'these, with contradicting domains',
      { postalCode: 'SW1A 1AA', domain: 'contoso.com' },
      { postalCode: 'SW1A 1AA', domain: 'contoso-uk.com' },
      1,
      'probable',
    ],
    [
      'these, with contradicting numbers',
      { postalCode: 'SW1A 1AA', companyNumber: '1111111' },
      { postalCode: 'SW1A 1AA', companyNumber: '2222222' },
      1,
      'weak',
    ],
    ['the same name and country, no postal code', {}, { name: 'Contoso' }, 1, 'probable'],
    ['the same name and country, other postal codes', { postalCode: 'SW1A 1AA' }, { postalCode: 'M1 1AE' }, 1, 'probable'],
    ['the same name in another country', {}, { country: 'IE' }, 1, 'weak'],
    ['the same name without countries', { country: '' }, { country: '' }, 1, 'probable'],
    ['the same name, a country missing on one side', { country: '' }, {}, 1, 'probable'],
    [
      'the same name, a country missing and other domains',
      { country: '', domain: 'contoso.com' },
      { domain: 'contoso.net.au' },
      1,
      'probable',
    ],
    [
      'the same name, a country missing and domains of other labels',
      { country: '', domain: 'contoso.com' },
      { domain: 'ctso.com' },
      1,
      'weak',
    ],
    ['very similar names, a country missing', { country: '' }, { name: 'Contosso' }, 0.95, 'weak'],
    ['one of several domains', { domain: 'contoso.de; contoso.com' }, { ...OTHER, domain: 'fabrikam.com, www.contoso.com' }, 0, 'exact'],
    [
      'the same DUNS number in two countries',
      { companyNumber: 'DUNS 15-048-3782' },
      { ...OTHER, companyNumber: 'D-U-N-S: 150483782', country: 'IE' },
      0,
      'exact',
    ],
    [
      'nine digits that only one side calls a DUNS number',
      { companyNumber: 'DUNS 150483782' },
      { ...OTHER, companyNumber: '150483782' },
      0,
      null,
    ],
    ['umlauts written out', { name: 'Müller AG' }, { name: 'Mueller' }, 0, 'probable'],
    ['umlauts without their dots', { name: 'Müller AG' }, { name: 'Muller' }, 0, 'probable'],
    ['one vowel that is no umlaut', { name: 'Baur' }, { name: 'Bauer' }, 0.4, null],
    ['a Cyrillic spelling', { name: 'ООО «Ромашка»' }, { name: 'Romashka' }, 0, 'probable'],
    ['letters that look Latin', { name: 'Соntоsо' }, { name: 'Contoso' }, 0, 'probable'],
    [
      'a subsidiary named after its parent',
      { domain: 'contoso.com' },
      { name: 'Contoso Deutschland', domain: 'contoso-deutschland.de' },
      0.45,
      null,
    ],
    ['the same name and country, other domains', { domain: 'contoso.com' }, { domain: 'contoso-group.com' }, 1, 'probable'],
    ['the same name and country, contradicting numbers', { companyNumber: '1111111' }, { companyNumber: '2222222' }, 1, 'weak'],
    ['twins at the least similarity', { domain: 'contoso.de' }, { ...OTHER, domain: 'contoso.fr', country: 'FR' }, 0.5, 'probable'],
    ['twins with names less alike', { domain: 'contoso.de' }, { ...OTHER, domain: 'contoso.fr', country: 'FR' }, 0.49, null],
    ['twins with a label of four letters', { domain: 'abcd.de' }, { ...OTHER, domain: 'abcd.co.uk' }, 0.5, 'probable'],
    ['twins with a label of three letters', { domain: 'abc.de' }, { ...OTHER, domain: 'abc.co.uk' }, 0.5, null],
    ['very similar names, a domain missing', { domain: 'contoso.com' }, { name: 'Contosso' }, 0.85, 'probable'],
    ['names a little less alike', { domain: 'contoso.com' }, { name: 'Contosso' }, 0.849, 'weak'],
    ['very similar names in another country', {}, { name: 'Contosso', country: 'IE' }, 0.95, 'weak'],
    [
      'very similar names, contradicting numbers',
      { companyNumber: '1111111' },
      { name: 'Contosso', companyNumber: '2222222' },
      0.95,
      'weak',
    ],
    ['very similar names with other numbers in them', { name: 'Contoso Plant 7' }, { name: 'Contoso Plant 8' }, 0.95, 'weak'],
    ['very similar names with the same number in them', { name: 'Contoso Plant 7' }, { name: 'Contosso Plant 7' }, 0.95, 'probable'],
    ['two domains and names all but equal', { domain: 'contoso.com' }, { name: 'Contosso', domain: 'contosso.com' }, 0.99, 'weak'],
    ['names at the least weak similarity', {}, OTHER, 0.6, 'weak'],
    ['names less alike', {}, OTHER, 0.599, null],
    ['two empty names', { name: '—' }, { name: '...' }, 0, null],
  ])('judges %s', (_what, left, right, similarity, band) => {
    expect(matchCustomers(details(left), details(right), similarity, FREE_MAIL)?.band ?? null).toBe(band);
  });

  it('says why, in words', () => {
    const both = matchCustomers(
      details({ domain: 'contoso.com', companyNumber: '01234567' }),
      details({ domain: 'contoso.com', companyNumber: '01234567' }),
      1,
      FREE_MAIL,
    );
    expect(both?.signals).toEqual(['+0.95 same registrable domain contoso.com', '+0.97 same company number GB:1234567']);
    const named = matchCustomers(details({ domain: 'contoso.com' }), details({ domain: 'contoso.net', country: 'IE' }), 0.7, FREE_MAIL);
    expect(named?.signals).toEqual(['+0.60 same label under two suffixes: contoso.com, contoso.net', '+0.50 similar names (100 %)']);
  });

  it('says what contradicts a key that is shared, and is less sure for it', () => {
    const [one, other] = [
      details({ domain: 'contoso.com', companyNumber: '1111111' }),
      details({ domain: 'contoso.com', companyNumber: '2222222' }),
    ];
    const match = matchCustomers(one, other, 1, FREE_MAIL);
    expect(match).toMatchObject({ band: 'exact' });
    expect(match?.signals).toEqual(['+0.95 same registrable domain contoso.com', '−0.50 but different company numbers 1111111, 2222222']);
    expect(match?.score).toBeLessThan(matchCustomers(one, one, 1, FREE_MAIL)?.score ?? 0);
  });

  it('says that letters of another script stand in for Latin ones, and not of a name that is wholly in another script', () => {
    const told = (name: string) =>
      matchCustomers(details({ name }), details({ name }), 1, FREE_MAIL)?.signals.some((signal) => signal.includes('script'));
    expect([told('Соntоsо'), told('Ромашка'), told('Contoso')]).toEqual([true, false, false]);
  });

  it('takes the thresholds of a program', () => {
    const strict = { twinSimilarity: 0.9, twinLabelLength: 8, probableSimilarity: 0.95, weakSimilarity: 0.9 };
    expect(matchCustomers(details({}), details({ name: 'Contosso' }), 0.94, FREE_MAIL, strict)?.band).toBe('weak');
    expect(matchCustomers(details({}), details(OTHER), 0.89, FREE_MAIL, strict)).toBeNull();
  });

  const anyDetails = fc.record({
    name: fc.constantFrom('Contoso Ltd', 'Contoso', 'Contosso', 'Contoso 7', 'Fabrikam', ''),
    domain: fc.constantFrom(null, 'contoso.com', 'www.contoso.com', 'contoso.de', 'fabrikam.com', 'x@gmail.com'),
    country: fc.constantFrom('GB', 'DE', ''),
    postalCode: fc.constantFrom(null, 'SW1A 1AA', 'M1 1AE'),
    companyNumber: fc.constantFrom(null, '01234567', '7654321'),
  });

  it('is symmetric', () => {
    fc.assert(
      fc.property(anyDetails, anyDetails, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, similarity) => {
        expect(matchCustomers(a, b, similarity, FREE_MAIL)).toEqual(matchCustomers(b, a, similarity, FREE_MAIL));
      }),
      { numRuns: 500 },
    );
  });

  it('never calls two different domains probable by names that are merely similar', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (similarity) => {
        const match = matchCustomers(
          details({ domain: 'contoso.com' }),
          details({ name: 'Contosso', domain: 'fabrikam.com' }),
          similarity,
          FREE_MAIL,
        );
        expect(match?.band ?? 'weak').toBe('weak');
      }),
    );
  });

  it('scores a surer band higher, within 0 and 1', () => {
    const least = { weak: 0.1, probable: 0.5, exact: 0.9 };
    const most = { weak: 0.5, probable: 0.9, exact: 1 };
    fc.assert(
      fc.property(anyDetails, anyDetails, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, similarity) => {
        const match = matchCustomers(a, b, similarity, FREE_MAIL);
        if (match === null) return;
        expect(match.score).toBeGreaterThanOrEqual(least[match.band]);
        expect(match.score).toBeLessThan(most[match.band]);
      }),
      { numRuns: 500 },
    );
  });

  it('never becomes less sure when names are more alike', () => {
    const rank = { exact: 3, probable: 2, weak: 1 };
    fc.assert(
      fc.property(
        anyDetails,
        anyDetails,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b, one, other) => {
          const [less, more] = [Math.min(one, other), Math.max(one, other)].map((similarity) =>
            matchCustomers(a, b, similarity, FREE_MAIL),
          );
          expect(more == null ? 0 : rank[more.band]).toBeGreaterThanOrEqual(less == null ? 0 : rank[less.band]);
          expect(more?.score ?? 0).toBeGreaterThanOrEqual(less?.score ?? 0);
        },
      ),
      { numRuns: 500 },
    );
  });
});
