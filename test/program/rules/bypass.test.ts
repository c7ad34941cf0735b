import { NO_CONVERSION, type ApprovedPosition, type ConversionEvidence, type DirectOpportunity } from '../../../program/claim.ts';
import { bypass } from '../../../program/rules/bypass.ts';
import { EXACT, PROBABLE, WEAK, customer, opportunity, ruleInput } from '../example.ts';

const APPROVED: ApprovedPosition = {
  approvedAt: '2026-11-01T00:00:00.000Z',
  until: '2027-01-30T00:00:00.000Z',
  partnerId: 'partner-a',
  customer: customer(),
  productLines: ['platform'],
  estimatedValue: { amount: '20000.00', currency: 'USD' },
};
const created = (createdAt: string, changes: Partial<DirectOpportunity> = {}): DirectOpportunity => opportunity({ createdAt, ...changes });
const MEANWHILE = '2026-11-10T00:00:00.000Z';

function examine(opportunities: readonly DirectOpportunity[], approved: ApprovedPosition | null = APPROVED) {
  return bypass.examine(ruleInput('C27_bypass', { evidence: { opportunities, approved } }));
}
/** With what became of opportunities since the approval. */
function convert(conversion: Partial<ConversionEvidence>) {
  return bypass.examine(ruleInput('C27_bypass', { evidence: { approved: APPROVED, conversion: { ...NO_CONVERSION, ...conversion } } }));
}
const LOST = { connection: 'salesforce', remoteId: '006000000000009AAA', how: 'unlinked', lostAt: MEANWHILE, heldBy: null } as const;
const LONG_AGO = '2026-01-10T09:00:00.000Z';

describe('C27_bypass', () => {
  it.each([
    ['a millisecond before the approval', '2026-10-31T23:59:59.999Z', 'quiet'],
    ['at the approval', '2026-11-01T00:00:00.000Z', 'found'],
    ['at the last instant of the protection', '2027-01-29T23:59:59.999Z', 'found'],
    ['at its end', '2027-01-30T00:00:00.000Z', 'quiet'],
  ])('sees an opportunity that was created %s', (_what, createdAt, kind) => {
    expect(examine([created(createdAt)]).kind).toBe(kind);
  });

  it.each<[string, DirectOpportunity]>([
    ['a closed one', created(MEANWHILE, { isClosed: true, stageIndex: null })],
    ["a relative's", created(MEANWHILE, { relation: 'parent' })],
    ['a probable one', created(MEANWHILE, { match: PROBABLE })],
    ['a weak match', created(MEANWHILE, { match: WEAK })],
  ])('does not accuse by %s', (_what, other) => {
    expect(examine([other]).kind).toBe('quiet');
  });

  it('is asked of approved claims alone', () => {
    expect(examine([created(MEANWHILE)], null).kind).toBe('quiet');
  });

  it('names the first one, shows all, and tells the partner of none', () => {
    const later = created('2026-11-12T00:00:00.000Z', { remoteId: '006000000000002AAA' });
    const finding = examine([later, created(MEANWHILE)]);
    expect(finding).toMatchObject({ situation: 'direct_opportunity', opportunity: { remoteId: '006000000000001AAA' } });
    expect(finding.exhibits).toHaveLength(2);
    expect(finding.partnerMessage).not.toMatch(/006|direct|rep/);
  });

  it.each([
    ['a millisecond before the approval', '2026-10-31T23:59:59.999Z', 'quiet'],
    ['at the approval', '2026-11-01T00:00:00.000Z', 'found'],
    ['at the last instant of the protection', '2027-01-29T23:59:59.999Z', 'found'],
    ['at its end', '2027-01-30T00:00:00.000Z', 'quiet'],
    ['before anybody looked', null, 'quiet'],
  ])('sees an older opportunity that was won without the partner %s', (_when, wonAt, kind) => {
    const won = { ...created(LONG_AGO, { isClosed: true, stageIndex: null }), wonAt };
    expect(convert({ direct: [won] }).kind).toBe(kind);
    expect(convert({ direct: [{ ...won, match: PROBABLE }] }).kind).toBe('quiet');
  });

  it('says of one that was opened and won meanwhile that it was opened', () => {
    const { message } = convert({ direct: [{ ...created(MEANWHILE, { isClosed: true }), wonAt: '2026-12-01T00:00:00.000Z' }] });
    expect(message).toMatch(/^Opened by the direct team/);
    expect(message).not.toContain('Won without');
  });

  it.each([
    ['unlinked', {}, 'found'],
    ['moved to another opportunity, which says nothing by itself', { how: 'relinked' }, 'quiet'],
    ['moved, and somebody else has the first', { how: 'relinked', heldBy: 'reg-7' }, 'found'],
    ['edited away', { how: 'primary_edited' }, 'found'],
    ['unlinked before the approval', { lostAt: '2026-10-31T23:59:59.999Z' }, 'quiet'],
    ['unlinked at the end of the protection', { lostAt: '2027-01-30T00:00:00.000Z' }, 'quiet'],
  ] as const)('sees that the primary was %s', (_what, changes, kind) => {
    expect(convert({ lost: [{ ...LOST, ...changes }] }).kind).toBe(kind);
  });

  it('names what was taken for the case, and tells the partner of none', () => {
    const finding = convert({ lost: [{ ...LOST, heldBy: 'reg-7' }] });
    expect(finding).toMatchObject({ situation: 'direct_opportunity', opportunity: { remoteId: LOST.remoteId } });
    expect(finding.message).toContain('now of registration reg-7');
    expect(finding.partnerMessage).not.toMatch(/006|reg-7|primary/);
  });

  it('shows who else is linked to the opportunity, and does not accuse by it', () => {
    const beside = [{ registrationId: 'reg-7', partnerId: 'partner-z', kind: 'referral', isPrimary: false }];
    const linked = {
      connection: 'salesforce',
      remoteId: LOST.remoteId,
      isPrimary: true,
      amount: null,
      amountBefore: null,
      accountRemoteId: null,
      accountBefore: null,
      match: EXACT,
      beside,
    };
    const finding = convert({ linked: [linked] });
    expect(finding.kind).toBe('quiet');
    expect(finding.exhibits).toEqual([
      { kind: 'rival', summary: expect.stringContaining('registration reg-7 of partner partner-z as referral') },
    ]);
  });
});
