import type { Program } from '../../program/definition/program.ts';
import { judgeClaim } from '../../program/judge-claim.ts';
import type { RuleOutcome } from '../../program/definition/conflict-rule.ts';
import { ACME, PROBABLE, acmeRules, claim, evidence, holder, opportunity, reviewBy, rival, ruleRow } from './example.ts';

const deny: RuleOutcome = { outcome: 'deny', waitlist: false };
const note: RuleOutcome = { outcome: 'note' };
const upTo = (amount: string) => ({ value: { upTo: amount } });
const HELD = evidence({ rivals: [holder()] });

describe('judgeClaim: rows that apply to some claims', () => {
  const program = acmeRules([
    ruleRow('C02_active_protection', { exact: deny, probable: deny }, { when: upTo('20000.00') }),
    ruleRow('C02_active_protection', { exact: reviewBy('vp'), probable: reviewBy('vp') }, { when: { value: { above: '20000.00' } } }),
  ]);

  it.each([
    ['at the end of the first row', '20000.00', { outcome: 'deny' }],
    ['a cent above it', '20000.01', { outcome: 'review', role: 'vp' }],
  ])('takes the row that holds: %s', (_what, amount, expected) => {
    expect(judgeClaim(program, claim({ estimatedValue: { amount, currency: 'USD' } }), HELD)).toMatchObject(expected);
  });

  it('shows only the rows that may apply', () => {
    const { trace } = judgeClaim(program, claim(), HELD);
    expect(trace.map(({ rule }) => rule)).toEqual(['C02_active_protection']);
  });

  it('asks the role that rules where it cannot be told whether a row applies that found something', () => {
    const verdict = judgeClaim(program, claim({ estimatedValue: { amount: '1.00', currency: 'ISK' } }), HELD);
    expect(verdict).toMatchObject({ outcome: 'needs_ruling', role: ACME.routing.otherwise, reasons: [{ rule: 'C02_active_protection' }] });
    expect(verdict.trace[0]?.message).toContain('cannot be told');
    expect(verdict.reasons[0]?.message).not.toMatch(/registered|protected/);
  });

  it('goes on where a row that cannot be told found nothing, or would only note', () => {
    const noting = acmeRules([ruleRow('C02_active_protection', { exact: note, probable: note }, { when: upTo('1.00') })]);
    const unknown = claim({ estimatedValue: { amount: '1.00', currency: 'ISK' } });
    expect(judgeClaim(program, unknown, evidence()).reasons[0]?.rule).toBe('routing');
    expect(judgeClaim(noting, unknown, HELD).reasons[0]?.rule).toBe('routing');
  });

  it('lets one rule ask several things, each with its own answer', () => {
    const ask: RuleOutcome = { outcome: 'return', ask: 'Add a proof.' };
    const twice = acmeRules([
      ruleRow('C20_speculative', { no_proof: ask }, { with: { leastProofs: 1 } }),
      ruleRow('C20_speculative', { capacity: deny }, { with: { mostStanding: 1 } }),
    ]);
    const busy = evidence({ record: { undecided: 1, active: 0, receivedLast30Days: 1, decidedLastYear: 0, wonLastYear: 0 } });
    expect(judgeClaim(twice, claim(), evidence()).outcome).toBe('return');
    const proven = claim({ facts: { ...claim().facts, proofs: [{ kind: 'meeting', date: null }] } });
    expect(judgeClaim(twice, proven, busy)).toMatchObject({ outcome: 'deny' });
    expect(judgeClaim(twice, proven, evidence()).reasons[0]?.rule).toBe('routing');
  });
});

describe('judgeClaim: what the program says nothing of', () => {
  it('is ruled by a person', () => {
    const program = acmeRules([ruleRow('C21_expired_then_refiled', { rival_in_gap: deny }, { with: { coolingOff: '30 days' } })]);
    const own = rival({ partnerId: 'partner-a', status: 'expired', endedAt: '2026-11-20T15:00:00.000Z' });
    const verdict = judgeClaim(program, claim(), evidence({ rivals: [own] }));
    expect(verdict).toMatchObject({ outcome: 'needs_ruling', role: ACME.routing.otherwise });
    expect(verdict.trace[0]?.message).toContain('says nothing of the situation too_soon');
  });
});

describe('judgeClaim: outcomes', () => {
  const judge = (outcome: RuleOutcome, policy?: Program['rules']['hitPolicy']) =>
    judgeClaim(acmeRules([ruleRow('C06_direct_late_active', { exact: outcome, probable: outcome })], {}, policy), claim(), LATE);
  const LATE = evidence({ opportunities: [opportunity({ stageIndex: 4 })] });

  it('adds an offer to what the partner reads of a denial', () => {
    const [plain] = judge(deny).reasons;
    const [offered] = judge({ outcome: 'deny', waitlist: false, offer: 'A co-sell is possible.' }).reasons;
    expect(offered?.message).toBe(`${plain?.message} A co-sell is possible.`);
  });

  it('gives the claim back with what was found and what is asked', () => {
    const verdict = judge({ outcome: 'return', ask: 'Name the department.' });
    expect(verdict).toMatchObject({ outcome: 'return', lines: ['platform'] });
    expect(verdict.reasons[0]?.message).toMatch(/\. Name the department\.$/);
  });

  it('approves without asking what the value would need', () => {
    const big = claim({ estimatedValue: { amount: '900000.00', currency: 'USD' } });
    const program = acmeRules([ruleRow('C07_direct_stale', { exact: { outcome: 'approve' }, probable: note })]);
    const stale = evidence({ opportunities: [opportunity({ stageIndex: 4, lastActivityAt: '2026-01-01T00:00:00.000Z' })] });
    expect(judgeClaim(program, big, stale)).toMatchObject({ outcome: 'approve', reasons: [{ rule: 'C07_direct_stale' }] });
    expect(judgeClaim(program, big, evidence())).toMatchObject({ outcome: 'review' });
  });

  it('asks the decider first and then those that the program names', () => {
    const steps = [{ role: 'director' }, { role: 'vp', deadline: { amount: 2, unit: 'days', restated: null }, silence: 'deny' }] as const;
    expect(judge(reviewBy('partner_manager', steps, { silence: 'approve' }))).toMatchObject({
      role: 'partner_manager',
      steps: [
        { role: 'partner_manager', deadline: null, silence: 'approve' },
        { role: 'director', deadline: null, silence: null },
        { role: 'vp', deadline: { amount: 2, unit: 'days' }, silence: 'deny' },
      ],
      conflict: { rule: 'C06_direct_late_active' },
    });
  });

  it.each<[string, RuleOutcome, RuleOutcome, string]>([
    ['a denial over everything', reviewBy('vp'), deny, 'deny'],
    ['a return over a review', reviewBy('vp'), { outcome: 'return', ask: 'More.' }, 'return'],
    ['a ruling over a review', reviewBy('vp'), { outcome: 'needs_ruling', decider: 'vp' }, 'needs_ruling'],
    ['a review over an approval', { outcome: 'approve' }, reviewBy('vp'), 'review'],
  ])('prefers, where the strictest wins, %s', (_what, first, second, expected) => {
    const rows = [
      ruleRow('C06_direct_late_active', { exact: first, probable: first }),
      ruleRow('C02_active_protection', { exact: second, probable: second }),
    ];
    const both = { ...LATE, rivals: [holder()] };
    expect(judgeClaim(acmeRules(rows, {}, 'strictest'), claim(), both).outcome).toBe(expected);
    expect(judgeClaim(acmeRules(rows, {}, 'first'), claim(), both).outcome).toBe(first.outcome);
  });
});

describe('judgeClaim: waiting', () => {
  const waiting = acmeRules([
    ruleRow('C02_active_protection', { exact: { outcome: 'wait' }, probable: { outcome: 'wait' } }),
    ruleRow('C04_near_simultaneous', { tie: { outcome: 'wait' } }, { with: { within: '10 minutes' } }),
  ]);

  it('waits for nobody who is decided already: a person rules', () => {
    expect(judgeClaim(waiting, claim(), HELD)).toMatchObject({ outcome: 'needs_ruling', role: ACME.routing.otherwise });
  });

  it('never lets two that are tied wait for each other', () => {
    const near = { submittedAt: claim().submittedAt };
    const [earlier, later] = [rival({ sequence: 99, ...near }), rival({ sequence: 101, ...near })];
    expect(judgeClaim(waiting, claim(), evidence({ rivals: [earlier] }))).toMatchObject({ outcome: 'wait', waitFor: ['reg-50'] });
    expect(judgeClaim(waiting, claim(), evidence({ rivals: [later] }))).toMatchObject({ outcome: 'needs_ruling' });
  });
});

describe('judgeClaim: what people settled', () => {
  const program = acmeRules([
    ruleRow('C20_speculative', { no_proof: reviewBy('director') }, { with: { leastProofs: 1 } }),
    ruleRow('C15_parent_or_child', { registered: reviewBy('vp'), direct: reviewBy('vp') }),
    ruleRow('C26_drift', { partner: reviewBy('vp') }),
  ]);
  const settled = (rule: string, ...others: string[]) => ({ settled: [{ rule, with: others }] });

  it('does not come back where the finding is about nobody else', () => {
    expect(judgeClaim(program, claim(), evidence()).outcome).toBe('review');
    expect(judgeClaim(program, claim(), evidence(settled('C20_speculative'))).reasons[0]?.rule).toBe('routing');
    expect(judgeClaim(program, claim(), evidence(settled('C19_below_minimum'))).outcome).toBe('review');
  });

  it('stands in the way of no other answer of the same rule', () => {
    const rows = [
      ruleRow('R02_special_case', { applies: reviewBy('director') }),
      ruleRow('R02_special_case', { applies: deny }, { when: { kinds: ['resale'] } }),
    ];
    expect(judgeClaim(acmeRules(rows), claim(), evidence()).outcome).toBe('review');
    expect(judgeClaim(acmeRules(rows), claim(), evidence(settled('R02_special_case'))).outcome).toBe('deny');
  });

  it('says so to insiders', () => {
    const { trace } = judgeClaim(program, claim(), evidence(settled('C20_speculative')));
    expect(trace[0]).toMatchObject({ fired: true, message: expect.stringContaining('People settled this') });
  });

  it('is heard again where the claim drifts anew', () => {
    const { customer, productLines, estimatedValue } = claim();
    const approved = {
      approvedAt: '2026-11-01T00:00:00.000Z',
      until: '2027-01-30T00:00:00.000Z',
      partnerId: 'partner-z',
      customer,
      productLines,
      estimatedValue,
    };
    const drifted = evidence({ ...settled('C26_drift'), approved });
    const proven = claim({ facts: { ...claim().facts, proofs: [{ kind: 'meeting', date: null }] } });
    expect(judgeClaim(program, proven, drifted).reasons[0]?.rule).toBe('C26_drift');
  });

  it('keeps a relative quiet with whom it was settled, and no other', () => {
    const proven = claim({ facts: { ...claim().facts, proofs: [{ kind: 'meeting', date: null }] } });
    const relatives = [holder({ relation: 'parent' })];
    expect(judgeClaim(program, proven, evidence({ relatives })).reasons[0]?.rule).toBe('C15_parent_or_child');
    const heard = evidence({ relatives, ...settled('C15_parent_or_child', 'reg-50') });
    expect(judgeClaim(program, proven, heard).reasons[0]?.rule).toBe('routing');
    const another = evidence({ relatives, ...settled('C15_parent_or_child', 'reg-51') });
    expect(judgeClaim(program, proven, another).reasons[0]?.rule).toBe('C15_parent_or_child');
  });
});

describe('judgeClaim: a probable and a certain finding', () => {
  it('acts on the certain one', () => {
    const rivals = [holder({ match: PROBABLE }), holder({ registrationId: 'reg-51' })];
    expect(judgeClaim(ACME, claim(), evidence({ rivals }))).toMatchObject({ outcome: 'deny', behind: ['reg-51'] });
  });
});
