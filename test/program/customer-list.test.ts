import type { CustomerDetails } from '../../program/claim.ts';
import { findListedAccounts } from '../../program/customer-list.ts';
import type { Program } from '../../program/definition/program.ts';
import { ACME, customer } from './example.ts';

type Account = Program['accounts'][number];

function account(changes: Partial<Account> = {}): Account {
  return {
    kind: 'house',
    name: 'Northwind Incorporated',
    domains: ['northwind.example'],
    companyNumber: undefined,
    country: 'US',
    from: '2026-01-01',
    until: null,
    reservedFor: null,
    ...changes,
  };
}

function bandsOf(accounts: readonly Account[], details: Partial<CustomerDetails> = {}, date = '2026-11-23'): readonly string[] {
  return findListedAccounts({ ...ACME, accounts }, customer(details), date).map(({ band }) => band);
}

const NUMBERED = { domains: [], companyNumber: 'DE 123456789', country: 'DE', name: 'Other' } as const;

describe('findListedAccounts', () => {
  it.each<[string, Partial<Account>, Partial<CustomerDetails>, readonly string[]]>([
    ['the same domain', {}, {}, ['exact']],
    ['a host of the domain', {}, { domain: 'https://www.shop.northwind.example/de', name: 'Anybody' }, ['exact']],
    ['one of several domains', { domains: ['nw.example', 'northwind.example'] }, { name: 'Anybody' }, ['exact']],
    ['the domain, in another country', { country: 'DE' }, { name: 'Anybody' }, ['exact']],
    ['another domain and name', {}, { domain: 'southwind.example', name: 'Southwind' }, []],
    ['another domain and the same name', {}, { domain: 'southwind.example' }, ['probable']],
    ['no domain and the same name', {}, { domain: null }, ['probable']],
    ['the same name in another country', {}, { domain: null, country: 'DE' }, []],
    ['the same name, and no country given', {}, { domain: null, country: '' }, ['probable']],
    ['the same name, and no country listed', { country: undefined }, { domain: null }, ['probable']],
    ['the same company number', NUMBERED, { country: 'DE', companyNumber: '123456789', domain: null }, ['exact']],
    ['the number in another country', NUMBERED, { country: 'AT', companyNumber: '123456789', domain: null }, []],
    [
      'the number, listed without a country',
      { ...NUMBERED, country: undefined, companyNumber: '123456789' },
      { companyNumber: '123456789' },
      ['probable'],
    ],
    [
      'the name, and another number of the country',
      { domains: [], companyNumber: '111222333' },
      { domain: null, companyNumber: '444555666' },
      [],
    ],
    [
      'a DUNS number, in whatever country',
      { ...NUMBERED, companyNumber: 'DUNS 150483782' },
      { companyNumber: 'duns: 15-048-3782', domain: null },
      ['exact'],
    ],
    [
      'a DUNS number that differs, and the name',
      { domains: [], companyNumber: 'DUNS 150483782' },
      { companyNumber: 'DUNS 150483783', domain: null },
      [],
    ],
    ['a DUNS number and a bare one', { ...NUMBERED, country: 'US', companyNumber: 'DUNS 150483782' }, { companyNumber: '150483782' }, []],
    ['one of several domains of the customer', {}, { domain: 'other.example; northwind.example', name: 'Anybody' }, ['exact']],
    ['letters that look alike', {}, { name: 'N\u043erthwind', domain: null }, ['probable']],
    ['a name of nothing but marks', { domains: [], name: '***' }, { domain: null, name: '---' }, []],
    ['a listed text that is no domain', { domains: ['not a domain'], name: 'Other' }, { domain: 'not a domain', name: 'Third' }, []],
    ['a name of 10,000 characters', {}, { domain: null, name: 'N'.repeat(10_000) }, []],
  ])('finds by %s', (_what, listed, details, expected) => {
    expect(bandsOf([account(listed)], details)).toEqual(expected);
  });

  it.each([
    ['the day before it begins', '2026-06-30', []],
    ['its first day', '2026-07-01', ['exact']],
    ['its last day', '2026-12-31', ['exact']],
    ['the day on which it ended', '2027-01-01', []],
  ])('knows %s', (_when, date, expected) => {
    expect(bandsOf([account({ from: '2026-07-01', until: '2027-01-01' })], {}, date)).toEqual(expected);
  });

  it('answers every entry once, in the order of the list, with its reasons', () => {
    const accounts = [account({ name: 'Other', domains: [] }), account({ kind: 'named', domains: [] }), account()];
    const found = findListedAccounts({ ...ACME, accounts }, customer(), '2026-11-23');
    expect(found.map(({ position, signals }) => [position, signals])).toEqual([
      [1, ['same name "northwind"']],
      [2, ['same registrable domain northwind.example']],
    ]);
  });

  it('reads a list once, however often it is asked', () => {
    let reads = 0;
    const watched = Object.defineProperty(account(), 'domains', { enumerable: true, get: () => (reads += 1) && ['northwind.example'] });
    const program = { ...ACME, accounts: [watched] };
    findListedAccounts(program, customer(), '2026-11-23');
    const first = reads;
    for (let at = 0; at < 100; at += 1) findListedAccounts(program, customer({ domain: `c${at}.example` }), '2026-11-23');
    expect([first > 0, reads]).toEqual([true, first]);
  });
});
