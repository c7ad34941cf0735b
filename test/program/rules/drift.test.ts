import { NO_CONVERSION, type ApprovedPosition, type ClaimSnapshot, type LinkedOpportunity } from '../../../program/claim.ts';
import { drift } from '../../../program/rules/drift.ts';
import { EXACT, PROBABLE, customer, ruleInput } from '../example.ts';

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

describe('the opportunity that is linked to an approved claim', () => {
  const LINKED: LinkedOpportunity = {
    connection: 'salesforce',
    remoteId: '006000000000001AAA',
    isPrimary: true,
    amount: '20000.00',
    amountBefore: '20000.00',
    accountRemoteId: '001000000000001AAA',
    accountBefore: '001000000000001AAA',
    match: EXACT,
    beside: [],
  };
  const found = (changes: Partial<LinkedOpportunity>, approved: Partial<ApprovedPosition> = {}, parameters = {}) =>
    drift.examine(
      ruleInput('C26_drift', {
        evidence: { approved: { ...APPROVED, ...approved }, conversion: { ...NO_CONVERSION, linked: [{ ...LINKED, ...changes }] } },
        with: parameters,
      }),
    );
  const kindOf = (...given: Parameters<typeof found>): string | null => {
    const finding = found(...given);
    return finding.kind === 'quiet' ? null : finding.situation;
  };

  it.each([
    ['as it was', {}, null],
    ['the last amount above', { amount: '25000.00' }, null],
    ['a cent more', { amount: '25000.01' }, 'amount'],
    ['a cent less than the last below', { amount: '14999.99' }, 'amount'],
    ['emptied, which says nothing', { amount: null }, null],
    ['another measure than the approved value: that of the day of the link', { amount: '90000.00', amountBefore: '90000.00' }, null],
    ['no measure of its own: the approved value', { amount: '90000.00', amountBefore: null }, 'amount'],
    ['no measure of its own, and within the approved value', { amount: '25000.00', amountBefore: null }, null],
  ] as const)('may move by as much as the claim itself: %s', (_what, changes, expected) => {
    expect(kindOf(changes)).toBe(expected);
  });

  it('looks in the declared direction', () => {
    expect([kindOf({ amount: '1.00' }, {}, { direction: 'up' }), kindOf({ amount: '99999.00' }, {}, { direction: 'up' })]).toEqual([
      null,
      'amount',
    ]);
  });

  it('is measured by the approved value at the declared rate, and by nothing where there is none', () => {
    const inEuro = { estimatedValue: { amount: '20000.00', currency: 'EUR' } };
    expect(kindOf({ amount: '29250.00', amountBefore: null }, inEuro, {})).toBeNull();
    // A claim in a currency without a rate is drift already where its own value changed; here it did not.
    const inKronur = found({ amount: '99999.00', amountBefore: null }, { estimatedValue: { amount: '20000.00', currency: 'ISK' } });
    expect(inKronur.message).not.toContain('opportunity');
  });

  it.each([
    ['another company’s', { accountRemoteId: '001000000000002AAA', match: null }, 'customer'],
    ['one that may be the customer’s', { accountRemoteId: '001000000000002AAA', match: PROBABLE }, 'customer'],
    ['another one of the customer', { accountRemoteId: '001000000000002AAA' }, null],
    ['none any more', { accountRemoteId: null, match: null }, null],
    ['one, having had none', { accountBefore: null, match: null }, null],
  ] as const)('went to an account: %s', (_which, changes, expected) => {
    expect(kindOf(changes)).toBe(expected);
  });

  it('is told to the partner without what stands in the CRM', () => {
    const finding = found({ amount: '90000.00', accountRemoteId: '001000000000002AAA', match: null });
    expect(finding).toMatchObject({ situation: 'customer', message: expect.stringMatching(/001000000000002AAA; .*USD 90,000.00/) });
    expect(JSON.stringify([finding.partnerMessage, finding.exhibits])).not.toMatch(/00[16]0000|90,000/);
  });
});
