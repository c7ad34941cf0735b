import fc from 'fast-check';
import {
  customerDomains,
  customerKeys,
  normalizeCompanyNumber,
  normalizePostalCode,
  registrableDomain,
  withoutDomainOf,
} from '../../program/customer-key.ts';
import { customer } from './example.ts';

const FREE_MAIL = new Set(['gmail.com', 'web.de']);

describe('registrableDomain', () => {
  it.each([
    ['a bare domain', 'contoso.com', 'contoso.com', 'contoso'],
    ['capitals and spaces', '  Contoso.COM ', 'contoso.com', 'contoso'],
    ['www', 'www.contoso.com', 'contoso.com', 'contoso'],
    ['a deep subdomain', 'a.b.shop.contoso.co.uk', 'contoso.co.uk', 'contoso'],
    ['a URL', 'https://www.contoso.com:8443/about?x=1#y', 'contoso.com', 'contoso'],
    ['a URL without a scheme', 'contoso.com/about', 'contoso.com', 'contoso'],
    ['a URL with credentials', 'https://user:secret@contoso.com/', 'contoso.com', 'contoso'],
    ['an e-mail address', 'ada@mail.contoso.com', 'contoso.com', 'contoso'],
    ['a mailto link', 'mailto:ada@contoso.com', 'contoso.com', 'contoso'],
    ['a trailing dot', 'contoso.com.', 'contoso.com', 'contoso'],
    ['umlauts', 'www.müller-söhne.de', 'xn--mller-shne-kcb9d.de', 'xn--mller-shne-kcb9d'],
    ['punycode', 'xn--mller-shne-kcb9d.de', 'xn--mller-shne-kcb9d.de', 'xn--mller-shne-kcb9d'],
    ['full-width letters', 'ｃｏｎｔｏｓｏ．ｃｏｍ', 'contoso.com', 'contoso'],
    ['a suffix in another script', 'contoso.公司.cn', 'contoso.xn--55qx5d.cn', 'contoso'],
    ['a private suffix', 'docs.contoso.github.io', 'contoso.github.io', 'contoso'],
    ['a reserved suffix', 'contoso.example', 'contoso.example', 'contoso'],
    ['a soft hyphen', 'con\u00adtoso.com', 'contoso.com', 'contoso'],
  ])('reads %s', (_what, text, name, label) => {
    expect(registrableDomain(text)).toEqual({ name, label });
  });

  it.each([
    ['nothing', ''],
    ['a suffix alone', 'co.uk'],
    ['a private suffix alone', 'github.io'],
    ['a single label', 'localhost'],
    ['an IPv4 address', '10.0.0.1'],
    ['an IPv6 address', 'http://[::1]/'],
    ['words', 'not a domain'],
    ['two dots', 'contoso..com'],
    ['an absurd length', `${'a'.repeat(10_000)}.com`],
    ['a scheme alone', 'https://'],
    ['an at sign alone', '@'],
  ])('finds none in %s', (_what, text) => {
    expect(registrableDomain(text)).toBeNull();
  });

  it('is its own registrable domain', () => {
    fc.assert(
      fc.property(fc.domain(), (domain) => {
        const found = registrableDomain(domain);
        if (found !== null) expect(registrableDomain(found.name)).toEqual(found);
      }),
    );
  });

  it('takes any text without an exception', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void registrableDomain(text)));
  });
});

describe('normalizeCompanyNumber', () => {
  it.each([
    ['DE 123 456 789', 'DE', '123456789'],
    ['123456789', 'DE', '123456789'],
    ['DE123456789', 'FR', 'DE123456789'],
    ['01234567', 'GB', '1234567'],
    ['sc-123456', 'GB', 'SC123456'],
    ['552 032 534 00041', 'FR', '55203253400041'],
    ['HRB 0042', 'DE', 'HRB0042'],
    ['n/a', 'US', null],
    ['0000', 'US', null],
    ['123', 'US', null],
    ['1234', 'US', '1234'],
    ['', 'US', null],
    [null, 'US', null],
    ['9'.repeat(41), 'US', null],
  ])('reads %p in %s as %p', (number, country, expected) => {
    expect(normalizeCompanyNumber(number, country)).toBe(expected);
  });
});

describe('customerDomains', () => {
  const names = (text: string): readonly string[] => customerDomains(text, FREE_MAIL).map(({ name }) => name);

  it.each([
    ['several in one field', 'contoso.com, www.contoso.de; https://contoso.fr/a', ['contoso.com', 'contoso.de', 'contoso.fr']],
    ['the same one twice', 'contoso.com www.contoso.com', ['contoso.com']],
    ['a provider of free mail among them', 'ada@gmail.com contoso.com', ['contoso.com']],
    ['words and a domain', 'see contoso.com please', ['contoso.com']],
    ['a query with another domain in it', 'https://contoso.com/?next=fabrikam.com', ['contoso.com']],
    ['more than a customer has', 'a.com b.com c.com d.com e.com f.com', ['a.com', 'b.com', 'c.com', 'd.com', 'e.com']],
    ['nothing', '', []],
  ])('reads %s', (_what, text, expected) => {
    expect(names(text)).toEqual(expected);
  });
});

describe('withoutDomainOf', () => {
  const partner = { name: 'Aster Consulting', domain: 'https://www.aster.example' };

  it.each([
    ["the partner's own domain", 'portal.aster.example', null],
    ['it beside another one', 'aster.example contoso.com', 'contoso.com'],
    ['another domain', 'contoso.com', 'contoso.com'],
  ])('leaves of %s', (_what, domain, expected) => {
    expect(withoutDomainOf(partner, customer({ domain })).domain).toBe(expected);
  });

  it('keeps it where the partner registers itself', () => {
    expect(withoutDomainOf(partner, customer({ name: 'ASTER CONSULTING, Inc.', domain: 'aster.example' })).domain).toBe('aster.example');
  });

  it('changes nothing of a partner without a domain', () => {
    expect(withoutDomainOf({ ...partner, domain: null }, customer({ domain: 'aster.example' })).domain).toBe('aster.example');
  });
});

describe('normalizePostalCode', () => {
  it.each([
    ['sw1a 1aa', 'GB', 'SW1A1AA'],
    ['10001-1234', 'US', '10001'],
    ['10001', 'US', '10001'],
    ['100011234', 'DE', '100011234'],
    [' ', 'US', null],
    [null, 'US', null],
  ])('reads %p in %s as %p', (code, country, expected) => {
    expect(normalizePostalCode(code, country)).toBe(expected);
  });
});

describe('customerKeys', () => {
  it('gives one key of each kind', () => {
    const details = customer({
      name: 'The Northwind Traders, Inc.',
      domain: 'https://www.northwind.com',
      country: 'us',
      companyNumber: '12-345',
    });
    expect(customerKeys(details, FREE_MAIL)).toEqual([
      { kind: 'domain', value: 'northwind.com' },
      { kind: 'company_number', value: 'US:12345' },
      { kind: 'name', value: 'US:northwind traders' },
    ]);
  });

  it.each([
    ['a free-mail address', customer({ domain: 'northwind.traders@gmail.com' }), ['name']],
    ['no domain', customer({ domain: null }), ['name']],
    ['a name of punctuation', customer({ name: '—', domain: 'northwind.example' }), ['domain']],
    ['no country', customer({ country: '', companyNumber: '12345' }), ['domain']],
    ['nothing usable', customer({ name: '', domain: null, country: '' }), []],
  ])('gives, for %s, keys of kind %j', (_what, details, kinds) => {
    expect(customerKeys(details, FREE_MAIL).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('keeps a company at a free-mail provider apart from the provider itself only by the list', () => {
    expect(customerKeys(customer({ domain: 'web.de' }), new Set())).toContainEqual({ kind: 'domain', value: 'web.de' });
  });
});
