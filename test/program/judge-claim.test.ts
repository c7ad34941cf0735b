import fc from 'fast-check';
import type { ClaimSnapshot, EvidenceSnapshot } from '../../program/claim.ts';
import { judgeClaim } from '../../program/judge-claim.ts';
import {
  ACME,
  PROBABLE,
  WEAK,
  acmeRules,
  acmeWith,
  claim,
  evidence,
  holder,
  opportunity,
  parseOrThrow,
  partner,
  rival,
} from './example.ts';

const usd = (amount: string): Partial<ClaimSnapshot> => ({ estimatedValue: { amount, currency: 'USD' } });

describe('judgeClaim: the value of a claim without a conflict', () => {
  it.each([
    ['one cent below the minimum', '4999.99', { outcome: 'deny', waitlist: false }],
    ['at the minimum', '5000.00', { outcome: 'approve' }],
    ['at the end of the automatic band', '25000.00', { outcome: 'approve' }],
    ['one cent above it', '25000.01', { outcome: 'review', role: 'partner_manager', conflict: null }],
    ['at the end of the manager band', '100000.00', { outcome: 'review', role: 'partner_manager', conflict: null }],
    ['one cent above it', '100000.01', { outcome: 'review', role: 'director', conflict: null }],
    ['at the end of the director band', '250000.00', { outcome: 'review', role: 'director', conflict: null }],
    ['one cent above it', '250000.01', { outcome: 'review', role: 'vp', conflict: null }],
    ['at the largest amount', '99999999999999.99', { outcome: 'review', role: 'vp', conflict: null }],
  ])('%s (USD %s)', (_where, amount, expected) => {
    expect(judgeClaim(ACME, claim(usd(amount)), evidence())).toMatchObject(expected);
  });

  it.each([
    ['the last yen of the automatic band', '3906250', 'JPY', { outcome: 'approve' }],
    ['the first yen above it', '3906251', 'JPY', { outcome: 'review', role: 'partner_manager' }],
    ['a euro amount just below the minimum', '4273.50', 'EUR', { outcome: 'approve' }],
    ['a cent less', '4273.49', 'EUR', { outcome: 'deny' }],
  ])('converts at the declared rates: %s', (_where, amount, currency, expected) => {
    expect(judgeClaim(ACME, claim({ estimatedValue: { amount, currency } }), evidence())).toMatchObject(expected);
  });

  it('needs a ruling, by the declared role, where no rate is declared', () => {
    const verdict = judgeClaim(ACME, claim({ estimatedValue: { amount: '1.00', currency: 'ISK' } }), evidence());
    expect(verdict).toMatchObject({
      outcome: 'needs_ruling',
      role: 'director',
      reasons: [{ rule: 'routing', message: expect.stringContaining('no rate for ISK') }],
    });
  });

  it('denies a duplicate also where no rate is declared', () => {
    const own = rival({ partnerId: 'partner-a' });
    expect(judgeClaim(ACME, claim({ estimatedValue: { amount: '1.00', currency: 'ISK' } }), evidence({ rivals: [own] }))).toMatchObject({
      outcome: 'deny',
    });
  });
});

describe('judgeClaim: conflicts', () => {
  const early = opportunity();
  const active = opportunity({ stageIndex: 3 });
  const stale = opportunity({ stageIndex: 3, lastActivityAt: '2026-01-10T09:00:00.000Z' });

  it.each<[string, Partial<EvidenceSnapshot>, string, object]>([
    [
      'an ineligible partner',
      { partner: partner({ status: 'suspended' }) },
      'C18_partner_not_eligible',
      { outcome: 'deny', waitlist: false },
    ],
    [
      'an earlier claim of the same partner',
      { rivals: [rival({ partnerId: 'partner-a' })] },
      'C01_duplicate_same_partner',
      { outcome: 'deny', waitlist: false },
    ],
    ["another partner's protection", { rivals: [holder()] }, 'C02_active_protection', { outcome: 'deny', waitlist: true }],
    [
      "another partner's probable protection",
      { rivals: [holder({ match: PROBABLE })] },
      'C02_active_protection',
      { outcome: 'review', role: 'partner_manager', conflict: { rule: 'C02_active_protection', rivalIds: ['reg-50'], opportunity: null } },
    ],
    ['an earlier undecided claim', { rivals: [rival()] }, 'C03_competing_pending', { outcome: 'wait', waitFor: ['reg-50'] }],
    [
      'a probable earlier undecided claim',
      { rivals: [rival({ match: PROBABLE })] },
      'C03_competing_pending',
      { outcome: 'review', role: 'partner_manager', conflict: { rule: 'C03_competing_pending', rivalIds: ['reg-50'] } },
    ],
    [
      'an early direct opportunity',
      { opportunities: [early] },
      'C05_direct_early_stage',
      {
        outcome: 'review',
        conflict: { rule: 'C05_direct_early_stage', rivalIds: [], opportunity: { connection: 'salesforce', remoteId: early.remoteId } },
      },
    ],
    ['an active late direct opportunity', { opportunities: [active] }, 'C06_direct_late_active', { outcome: 'deny', waitlist: false }],
    ['a probable early one', { opportunities: [{ ...early, match: PROBABLE }] }, 'C05_direct_early_stage', { outcome: 'review' }],
    ['a probable late one', { opportunities: [{ ...active, match: PROBABLE }] }, 'C06_direct_late_active', { outcome: 'review' }],
    ['a stale late one', { opportunities: [stale] }, 'routing', { outcome: 'approve' }],
    [
      'weak matches alone',
      { rivals: [holder({ match: WEAK }), rival({ match: WEAK })], opportunities: [{ ...active, match: WEAK }] },
      'routing',
      { outcome: 'approve' },
    ],
    [
      'others on other lines',
      { rivals: [holder({ productLines: ['analytics'], protectedLines: ['analytics'] })] },
      'routing',
      { outcome: 'approve' },
    ],
  ])('decides on %s', (_what, changes, rule, expected) => {
    const verdict = judgeClaim(ACME, claim(), evidence(changes));
    expect(verdict).toMatchObject(expected);
    expect(verdict.reasons.map((reason) => reason.rule)).toEqual([rule]);
    expect(verdict.trace.find((entry) => entry.rule === rule)?.fired).toBe(true);
  });

  it.each<[string, Partial<ClaimSnapshot>, Partial<EvidenceSnapshot>, string]>([
    [
      'ineligible before a duplicate',
      {},
      { partner: partner({ status: 'terminated' }), rivals: [rival({ partnerId: 'partner-a' })] },
      'C18_partner_not_eligible',
    ],
    ['below the minimum before a protection', usd('1.00'), { rivals: [holder()] }, 'C19_below_minimum'],
    [
      'a duplicate before a protection',
      {},
      { rivals: [holder(), rival({ registrationId: 'reg-51', partnerId: 'partner-a' })] },
      'C01_duplicate_same_partner',
    ],
    ['a protection before an undecided claim', {}, { rivals: [rival(), holder({ registrationId: 'reg-51' })] }, 'C02_active_protection'],
    ['an undecided claim before a direct opportunity', {}, { rivals: [rival()], opportunities: [active] }, 'C03_competing_pending'],
    ['a late opportunity before an early one', {}, { opportunities: [early, active] }, 'C06_direct_late_active'],
    ['a conflict before a high value', usd('500000.00'), { opportunities: [early] }, 'C05_direct_early_stage'],
  ])('takes %s', (_what, claimChanges, changes, rule) => {
    expect(judgeClaim(ACME, claim(claimChanges), evidence(changes)).reasons[0]?.rule).toBe(rule);
  });

  it('shows every rule in the declared order, and the value only where it decided', () => {
    const declared = ACME.rules.order.map((rule) => rule.id);
    expect(judgeClaim(ACME, claim(), evidence()).trace.map((entry) => entry.rule)).toEqual([...declared, 'routing']);
    expect(judgeClaim(ACME, claim(), evidence({ rivals: [holder()] })).trace.map((entry) => entry.rule)).toEqual(declared);
  });

  it('does not hear again with whom people settled a conflict, but hears everybody else', () => {
    const settled = [{ rule: 'C02_active_protection', with: ['reg-50'] }];
    const one = evidence({ rivals: [holder({ match: PROBABLE })], opportunities: [early], settled });
    expect(judgeClaim(ACME, claim(), one).reasons[0]?.rule).toBe('C05_direct_early_stage');
    const both = [...settled, { rule: 'C05_direct_early_stage', with: [early.remoteId] }];
    expect(judgeClaim(ACME, claim(), { ...one, settled: both }).outcome).toBe('approve');
    const newcomer = evidence({ rivals: [holder({ match: PROBABLE }), holder({ registrationId: 'reg-51', match: PROBABLE })], settled });
    expect(judgeClaim(ACME, claim(), newcomer).reasons[0]?.rule).toBe('C02_active_protection');
    const elsewhere = [{ rule: 'C03_competing_pending', with: ['reg-50'] }];
    expect(judgeClaim(ACME, claim(), evidence({ rivals: [holder({ match: PROBABLE })], settled: elsewhere })).outcome).toBe('review');
  });

  it('hands the evidence of the conflict to the case', () => {
    const verdict = judgeClaim(ACME, claim(), evidence({ rivals: [holder({ match: PROBABLE })] }));
    if (verdict.outcome !== 'review' || verdict.conflict === null) throw new Error(verdict.outcome);
    expect(verdict.conflict.evidence).toEqual([{ kind: 'rival', summary: expect.stringContaining('reg-50 of partner partner-b') }]);
    expect(verdict.conflict.summary).toContain('reg-50');
  });
});

describe('judgeClaim: the program decides what follows', () => {
  it('follows the declared outcome of a situation', () => {
    const lenient = parseOrThrow(
      acmeWith('exact: { outcome: deny, waitlist: true }, probable', 'exact: { outcome: review, decider: vp }, probable'),
    );
    expect(judgeClaim(lenient, claim(), evidence({ rivals: [holder()] }))).toMatchObject({
      outcome: 'review',
      role: 'vp',
      conflict: { rule: 'C02_active_protection' },
    });
  });

  it('follows the hit policy: the strictest finding wins over the first', () => {
    const conflicting = evidence({ rivals: [holder({ match: PROBABLE })], opportunities: [opportunity({ stageIndex: 5 })] });
    expect(judgeClaim(ACME, claim(), conflicting)).toMatchObject({ outcome: 'review', reasons: [{ rule: 'C02_active_protection' }] });
    const strict = acmeRules(ACME.rules.order, {}, 'strictest');
    expect(judgeClaim(strict, claim(), conflicting)).toMatchObject({ outcome: 'deny', reasons: [{ rule: 'C06_direct_late_active' }] });
  });

  it('keeps the declared order among equally strict findings', () => {
    const strict = acmeRules(ACME.rules.order, {}, 'strictest');
    const both = evidence({ rivals: [holder()], opportunities: [opportunity({ stageIndex: 5 })] });
    expect(judgeClaim(strict, claim(), both).reasons[0]?.rule).toBe('C02_active_protection');
  });
});

describe('judgeClaim: a race', () => {
  it('approves exactly one of two partners, whichever is judged first', () => {
    const a = claim({ registrationId: 'reg-1', sequence: 1 });
    const b = claim({ registrationId: 'reg-2', sequence: 2 });
    const byB = { partner: partner({ partnerId: 'partner-b' }) };
    const pendingA = rival({ registrationId: 'reg-1', sequence: 1, partnerId: 'partner-a', status: 'submitted' });
    const pendingB = rival({ registrationId: 'reg-2', sequence: 2, partnerId: 'partner-b', status: 'submitted' });

    expect(judgeClaim(ACME, b, evidence({ ...byB, rivals: [pendingA] }))).toMatchObject({ outcome: 'wait', waitFor: ['reg-1'] });
    expect(judgeClaim(ACME, a, evidence({ rivals: [pendingB] }))).toMatchObject({ outcome: 'approve' });
    const heldByA = { ...pendingA, status: 'approved', protectedLines: ['platform'] } as const;
    expect(judgeClaim(ACME, b, evidence({ ...byB, rivals: [heldByA] }))).toMatchObject({ outcome: 'deny', waitlist: true });
  });

  it('never lets two claims wait for each other or deny each other as duplicates', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }), fc.boolean(), (one, other, samePartner) => {
        fc.pre(one !== other);
        const outcomes = [
          [one, other],
          [other, one],
        ].map(([mine = 0, theirs = 0]) => {
          const against = rival({
            registrationId: `reg-${theirs}`,
            sequence: theirs,
            partnerId: samePartner ? 'partner-a' : 'partner-b',
            status: 'submitted',
          });
          return judgeClaim(ACME, claim({ registrationId: `reg-${mine}`, sequence: mine }), evidence({ rivals: [against] })).outcome;
        });
        expect(outcomes.filter((outcome) => outcome === 'approve')).toHaveLength(1);
      }),
    );
  });

  it('gives the same verdict whatever the order of the evidence', () => {
    const rivals = [
      holder({ registrationId: 'reg-7', sequence: 7 }),
      holder({ registrationId: 'reg-8', sequence: 8 }),
      rival({ registrationId: 'reg-9', sequence: 9, match: WEAK }),
    ];
    const opportunities = [
      opportunity(),
      opportunity({ remoteId: '006000000000002AAA' }),
      opportunity({ remoteId: '006000000000003AAA', stageIndex: 4, match: PROBABLE }),
    ];
    const expected = judgeClaim(ACME, claim(), evidence({ rivals, opportunities }));
    const reversed = judgeClaim(ACME, claim(), evidence({ rivals: rivals.toReversed(), opportunities: opportunities.toReversed() }));
    expect(reversed).toEqual(expected);
  });
});
