import type { EvidenceSnapshot } from '../../program/claim.ts';
import { explainVerdict } from '../../program/explanation.ts';
import { judgeClaim } from '../../program/judge-claim.ts';
import { ACME, PROBABLE, WEAK, claim, evidence, holder, opportunity, partner, rival } from './example.ts';

const SUBJECT = { registrationId: 'reg-100', programVersion: '2026.1', decidedAt: '2026-11-23T15:00:06.000Z' };

const STORIES: readonly (readonly [string, Partial<EvidenceSnapshot>])[] = [
  ['a protection', { rivals: [holder()] }],
  ['a probable protection', { rivals: [holder({ match: PROBABLE })] }],
  ['an undecided claim', { rivals: [rival()] }],
  ['a probable undecided claim', { rivals: [rival({ match: PROBABLE })] }],
  ['another line', { rivals: [holder({ protectedLines: ['analytics'], productLines: ['analytics'] })] }],
  ['a weak match', { rivals: [holder({ match: WEAK })] }],
  ['an early opportunity', { opportunities: [opportunity()] }],
  ['a late opportunity', { opportunities: [opportunity({ stageIndex: 4 })] }],
  ['a stale opportunity', { opportunities: [opportunity({ stageIndex: 4, lastActivityAt: '2026-02-01T00:00:00.000Z' })] }],
  ['a later created opportunity', { opportunities: [opportunity({ createdAt: '2026-11-23T16:00:00.000Z' })] }],
  ['an ineligible partner with rivals', { partner: partner({ status: 'suspended' }), rivals: [holder()], opportunities: [opportunity()] }],
  ['a duplicate with a rival', { rivals: [holder(), rival({ registrationId: 'reg-51', partnerId: 'partner-a' })] }],
];

/** Everything that would tell one partner about another, or about the direct team's records. */
const SECRETS = [
  'reg-50',
  'partner-b',
  '00600',
  'Prospecting',
  'owned by',
  'salesforce',
  'sequence',
  'number 50',
  'another partner',
  'other partner',
  'match',
];

describe('explainVerdict', () => {
  it.each(STORIES)('tells a partner nothing about who stands against it: %s', (_what, changes) => {
    const verdict = judgeClaim(ACME, claim(), evidence(changes));
    const told = JSON.stringify([explainVerdict(verdict, 'partner', SUBJECT), verdict.reasons]);
    for (const secret of SECRETS) expect(told.toLowerCase()).not.toContain(secret.toLowerCase());
  });

  it('tells insiders what it keeps from partners', () => {
    const told = STORIES.map(([, changes]) =>
      JSON.stringify(explainVerdict(judgeClaim(ACME, claim(), evidence(changes)), 'internal', SUBJECT)),
    ).join('\n');
    for (const secret of ['reg-50', 'partner-b', '006000000000001AAA', 'owned by rep', 'match', 'another partner'])
      expect(told).toContain(secret);
  });

  it('shows insiders every rule with its evidence', () => {
    const verdict = judgeClaim(ACME, claim(), evidence({ rivals: [holder()] }));
    const explanation = explainVerdict(verdict, 'internal', SUBJECT);
    expect(explanation).toMatchObject({ ...SUBJECT, audience: 'internal', outcome: 'deny' });
    expect(explanation.trace).toHaveLength(ACME.rules.order.length);
    expect(explanation.trace.find(({ rule }) => rule === 'C02_active_protection')).toEqual({
      rule: 'C02_active_protection',
      fired: true,
      message: 'Protected on platform at 2026-11-23T15:00:05.000Z (exact match): reg-50 of partner partner-b.',
      evidence: [{ kind: 'rival', summary: expect.stringContaining('same registrable domain') }],
    });
  });

  it('ends the trace of a partner at the rule that decided', () => {
    const verdict = judgeClaim(ACME, claim(), evidence({ rivals: [holder()], opportunities: [opportunity()] }));
    const { trace } = explainVerdict(verdict, 'partner', SUBJECT);
    expect(trace.at(-1)).toMatchObject({ rule: 'C02_active_protection', fired: true, evidence: [] });
    expect(trace.filter(({ fired }) => fired)).toHaveLength(1);
  });

  it('shows a partner the evidence about itself', () => {
    const verdict = judgeClaim(ACME, claim(), evidence({ partner: partner({ status: 'suspended' }) }));
    expect(explainVerdict(verdict, 'partner', SUBJECT).trace).toEqual([
      {
        rule: 'C18_partner_not_eligible',
        fired: true,
        message: expect.stringContaining('suspended'),
        evidence: [{ kind: 'partner', summary: expect.stringContaining('suspended') }],
      },
    ]);
  });

  it('shows a waiting claim to its partner as under review, to insiders as waiting', () => {
    const verdict = judgeClaim(ACME, claim(), evidence({ rivals: [rival()] }));
    expect(explainVerdict(verdict, 'partner', SUBJECT).outcome).toBe('review');
    expect(explainVerdict(verdict, 'internal', SUBJECT).outcome).toBe('wait');
  });
});
