import type { ApprovedPosition, DirectOpportunity } from '../../../program/claim.ts';
import { bypass } from '../../../program/rules/bypass.ts';
import { PROBABLE, WEAK, customer, opportunity, ruleInput } from '../example.ts';

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
});
