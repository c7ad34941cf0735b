import type { ApprovedPosition, ClaimSnapshot } from '../../../program/claim.ts';
import { drift } from '../../../program/rules/drift.ts';
import { customer, ruleInput } from '../example.ts';

const APPROVED: ApprovedPosition = {
  approvedAt: '2026-11-01T00:00:00.000Z',
  until: '2027-01-30T00:00:00.000Z',
  partnerId: 'partner-a',
  customer: customer(),
  productLines: ['platform'],
  estimatedValue: { amount: '20000.00', currency: 'USD' },
};

function examine(
  changes: Partial<ClaimSnapshot>,
  approved: Partial<ApprovedPosition> | null = {},
  parameters: Readonly<Record<string, unknown>> = {},
) {
  const position = approved === null ? null : { ...APPROVED, ...approved };
  return drift.examine(ruleInput('C26_drift', { claim: changes, evidence: { approved: position }, with: parameters }));
}
const situationOf = (...given: Parameters<typeof examine>): string | null => {
  const finding = examine(...given);
  return finding.kind === 'quiet' ? null : finding.situation;
};
const usd = (amount: string): Partial<ClaimSnapshot> => ({ estimatedValue: { amount, currency: 'USD' } });

describe('C26_drift', () => {
  it('is asked of approved claims alone', () => {
    expect(situationOf(usd('1.00'), null)).toBeNull();
    expect(situationOf({})).toBeNull();
  });

  it.each([
    ['the last amount above', '25000.00', null],
    ['a cent more', '25000.01', 'amount'],
    ['the last amount below', '15000.00', null],
    ['a cent less', '14999.99', 'amount'],
  ])('lets the value move by exactly 25 %: %s', (_what, amount, expected) => {
    expect(situationOf(usd(amount))).toBe(expected);
  });

  it.each([
    ['up', '99999.00', 'amount'],
    ['up', '1.00', null],
    ['down', '99999.00', null],
    ['down', '1.00', 'amount'],
  ])('looks in the declared direction: %s to %s', (direction, amount, expected) => {
    expect(situationOf(usd(amount), {}, { direction })).toBe(expected);
  });

  it('does not round, however large the amount', () => {
    const large = { estimatedValue: { amount: '99999999999999.00', currency: 'USD' } };
    const parameters = { amountPercent: '0' };
    expect(situationOf(usd('99999999999999.00'), large, parameters)).toBeNull();
    expect(situationOf(usd('99999999999999.01'), large, parameters)).toBe('amount');
  });

  it.each([
    ['the last cent inside', '21367.52', 'EUR', null],
    ['a cent more', '21367.53', 'EUR', 'amount'],
    ['a currency without a rate', '20000.00', 'ISK', 'amount'],
  ])('compares another currency at the declared rates: %s', (_what, amount, currency, expected) => {
    expect(situationOf({ estimatedValue: { amount, currency } })).toBe(expected);
  });

  it.each([
    ['one more', ['platform', 'analytics'], ['analytics']],
    ['another one', ['analytics'], ['analytics']],
  ])('notices other product lines and is about those that came: %s', (_what, productLines, lines) => {
    expect(examine({ productLines })).toMatchObject({ situation: 'product_lines', lines });
  });

  it('notices lines that left, and is about none', () => {
    expect(examine({}, { productLines: ['platform', 'analytics'] })).toMatchObject({ situation: 'product_lines', lines: [] });
    expect(examine({ productLines: ['analytics', 'platform'] }, { productLines: ['platform', 'analytics'] }).kind).toBe('quiet');
  });

  it.each([
    ['another way of writing the name', { name: 'NORTHWIND, Inc.' }, null],
    ['another way of writing the domain', { domain: 'https://WWW.northwind.example/de' }, null],
    ['another postal code', { postalCode: '10001' }, null],
    ['another name', { name: 'Southwind Inc' }, 'customer'],
    ['another domain', { domain: 'southwind.example' }, 'customer'],
    ['a domain that was taken away', { domain: null }, 'customer'],
    ['a company number that was added', { companyNumber: '12345678' }, 'customer'],
    ['another country', { country: 'DE' }, 'customer'],
  ])('compares the customer as identity does: %s', (_what, changes, expected) => {
    expect(situationOf({ customer: customer(changes) })).toBe(expected);
  });

  it('says everything that drifted, the heaviest first, and does not tell whose it was', () => {
    const finding = examine({ ...usd('90000.00'), productLines: ['analytics'] }, { partnerId: 'partner-z' });
    expect(finding).toMatchObject({ situation: 'partner', exhibits: [{ kind: 'claim' }, { kind: 'claim' }, { kind: 'claim' }] });
    expect(finding.message).toContain('partner-z');
    expect(JSON.stringify([finding.partnerMessage, finding.exhibits])).not.toContain('partner-z');
    expect(finding.partnerMessage).toMatch(/given to you; analytics came .*; the value went from USD 20,000.00 to USD 90,000.00/);
  });
});
