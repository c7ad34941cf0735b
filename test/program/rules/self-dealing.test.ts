import type { CustomerDetails, PartnerSnapshot } from '../../../program/claim.ts';
import { selfDealing } from '../../../program/rules/self-dealing.ts';
import { customer, partner, ruleInput } from '../example.ts';
import { situationOf } from './finding.ts';

function found(details: Partial<CustomerDetails>, changes: Partial<PartnerSnapshot> = {}): string | null {
  return situationOf(selfDealing, { claim: { customer: customer(details) }, evidence: { partner: partner(changes) } });
}

describe('C28_self_dealing', () => {
  it.each<[string, Partial<CustomerDetails>, Partial<PartnerSnapshot>, string | null]>([
    ['another company', {}, {}, null],
    ['its own domain', { domain: 'aster.example' }, {}, 'own_domain'],
    ['a host of its own domain', { domain: 'mail.aster.example' }, {}, 'own_domain'],
    ['its own domain, given as an address', {}, { domain: 'https://www.northwind.example/' }, 'own_domain'],
    ['a domain that ends alike', { domain: 'notaster.example' }, {}, null],
    ['no domain on both sides', { domain: null }, { domain: null }, null],
    ['free mail, which is in no snapshot of a partner', { domain: 'gmail.com' }, { domain: null }, null],
    ['its own company number', { companyNumber: '12-345 678' }, { companyNumber: '12345678' }, 'own_company_number'],
    ['the same number in another country', { companyNumber: '12345678' }, { companyNumber: '12345678', country: 'DE' }, null],
    [
      'its own DUNS number, in another country',
      { companyNumber: 'DUNS 15-048-3782', country: 'DE' },
      { companyNumber: 'D-U-N-S 150483782' },
      'own_company_number',
    ],
    ['a DUNS number and a number of a register', { companyNumber: 'DUNS 15-048-3782' }, { companyNumber: '150483782' }, null],
    ['one of several domains', { domain: 'contoso.example, aster.example' }, {}, 'own_domain'],
    ['its own name in letters that look alike', { name: '\u0410ster Consulting' }, {}, 'probable'],
    ['its own name with marks of direction', { name: '\u202eAster\u200f Consulting\u202c' }, {}, 'probable'],
    ['its own name from right to left', { name: 'שלום בע״מ', country: 'IL' }, { name: 'שלום', country: 'IL' }, 'probable'],
    ['its own name, the umlaut written out', { name: 'Mueller GmbH', country: 'DE' }, { name: 'Müller', country: 'DE' }, 'probable'],
    ['two numbers that are fillers', { companyNumber: '0000' }, { companyNumber: '0000' }, null],
    ['its own name', { name: 'ASTER Consulting, Inc.' }, {}, 'probable'],
    ['its own name, and no country', { name: 'Aster Consulting', country: '' }, {}, 'probable'],
    ['its own name in another country', { name: 'Aster Consulting', country: 'DE' }, {}, null],
    ['its own name with another number', { name: 'Aster Consulting', companyNumber: '12345678' }, { companyNumber: '87654321' }, null],
    ['two names of nothing but marks', { name: '***' }, { name: '---' }, null],
    ['a name of 10,000 characters', { name: 'A'.repeat(10_000) }, {}, null],
    ['its own domain and name: the certain one', { name: 'Aster Consulting', domain: 'aster.example' }, {}, 'own_domain'],
  ])('looks at %s', (_what, details, changes, expected) => {
    expect(found(details, changes)).toBe(expected);
  });

  it('shows an absurd name shortened', () => {
    const finding = selfDealing.examine(ruleInput('C28_self_dealing', { claim: { customer: customer({ name: 'A'.repeat(10_000) }) } }));
    expect(finding.exhibits.every(({ summary }) => summary.length < 300)).toBe(true);
  });
});
