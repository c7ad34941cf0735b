import type { Condition } from '../../program/condition.ts';
import type { RuleOutcome } from '../../program/definition/conflict-rule.ts';
import { explainVerdict } from '../../program/explanation.ts';
import { judgeClaim } from '../../program/judge-claim.ts';
import { acmeRules, claim, evidence, holder, opportunity, partner, reviewBy, rival, ruleRow } from './example.ts';

const freeLines: RuleOutcome = { outcome: 'free_lines', waitlist: true };
const wait: RuleOutcome = { outcome: 'wait' };
const review = reviewBy('director');
const deny: RuleOutcome = { outcome: 'deny', waitlist: false };
const held = (registrationId: string, ...lines: string[]) => holder({ registrationId, productLines: lines, protectedLines: lines });
const BOTH = claim({ productLines: ['platform', 'analytics'] });

const ROWS = [
  ruleRow('C18_partner_not_eligible', { status: deny, kind: deny }),
  ruleRow('C02_active_protection', { exact: freeLines, probable: review }),
  ruleRow('C03_competing_pending', { exact: wait, probable: review }),
  ruleRow('C06_direct_late_active', { exact: deny, probable: review }),
];

describe('judgeClaim: what a denied partner reads of the waitlist', () => {
  const PROMISE = 'claims that were denied for it are considered in the order they were received.';
  const verdictWith = (exact: RuleOutcome) =>
    judgeClaim(
      acmeRules([ruleRow('C02_active_protection', { exact, probable: review })]),
      claim(),
      evidence({ rivals: [held('reg-1', 'platform')] }),
    );

  it.each<readonly [what: string, outcome: RuleOutcome, isPromised: boolean]>([
    ['a denial with a place', { outcome: 'deny', waitlist: true }, true],
    ['a denial without one', deny, false],
    ['free lines of which none is left, with a place', freeLines, true],
    ['free lines of which none is left, without one', { outcome: 'free_lines', waitlist: false }, false],
    ['a review', review, false],
  ])('%s', (_what, outcome, isPromised) => {
    const { reasons, trace } = verdictWith(outcome);
    expect(reasons[0]?.message.includes(PROMISE)).toBe(isPromised);
    expect(JSON.stringify(trace)).not.toContain(PROMISE);
  });

  it('says it before what is offered', () => {
    const [reason] = verdictWith({ outcome: 'deny', waitlist: true, offer: 'You may co-sell.' }).reasons;
    expect(reason?.message).toMatch(/^This customer is already registered for platform\. If that .* received\. You may co-sell\.$/);
  });

  it('promises nothing for the lines that were taken while the rest goes on', () => {
    const rows = [ruleRow('C02_active_protection', { exact: freeLines, probable: review })];
    const { outcome, reasons } = judgeClaim(acmeRules(rows), BOTH, evidence({ rivals: [held('reg-1', 'platform')] }));
    expect(outcome).toBe('approve');
    expect(JSON.stringify(reasons)).not.toContain(PROMISE);
  });
});

describe('judgeClaim: lines that a special case takes', () => {
  const taking = (when: Condition) =>
    acmeRules([ruleRow('R02_special_case', { applies: { outcome: 'free_lines', waitlist: false } }, { when })]);

  it('lets the rest go on', () => {
    const verdict = judgeClaim(taking({ productLines: ['platform', 'automation'] }), BOTH, evidence());
    expect(verdict).toMatchObject({ outcome: 'approve', lines: ['analytics'] });
    expect(verdict.reasons.map(({ rule }) => rule)).toEqual(['routing', 'R02_special_case']);
  });

  it('denies where nothing is left', () => {
    const program = taking({ productLines: ['platform', 'analytics'] });
    expect(judgeClaim(program, BOTH, evidence())).toMatchObject({ outcome: 'deny', waitlist: false });
  });

  it('is about the whole claim where its condition names no lines', () => {
    expect(judgeClaim(taking({ kinds: ['resale'] }), BOTH, evidence())).toMatchObject({ outcome: 'deny' });
  });
});

describe.each(['first', 'strictest'] as const)('judgeClaim: free lines where the %s finding wins', (policy) => {
  const program = acmeRules(ROWS, {}, policy);

  it('lets the routing decide on the lines that nobody holds', () => {
    const verdict = judgeClaim(program, BOTH, evidence({ rivals: [held('reg-1', 'platform')] }));
    expect(verdict).toMatchObject({ outcome: 'approve', lines: ['analytics'] });
    expect(verdict.reasons.map(({ rule }) => rule)).toEqual(['routing', 'C02_active_protection']);
    expect(verdict.reasons[1]?.message).toContain('already registered for platform.');
  });

  it('grants everything where nothing is held', () => {
    expect(judgeClaim(program, BOTH, evidence())).toMatchObject({ outcome: 'approve', lines: ['platform', 'analytics'] });
  });

  it.each([
    ['one holder', [held('reg-1', 'platform', 'analytics')], ['reg-1']],
    ['two holders', [held('reg-1', 'platform'), held('reg-2', 'analytics')], ['reg-1', 'reg-2']],
  ])('denies, behind everybody who holds a line, where nothing is left: %s', (_what, rivals, behind) => {
    const verdict = judgeClaim(program, BOTH, evidence({ rivals: rivals.map((one, at) => ({ ...one, sequence: at + 1 })) }));
    expect(verdict).toMatchObject({ outcome: 'deny', waitlist: true, behind, reasons: [{ rule: 'C02_active_protection' }] });
    expect(verdict.reasons).toHaveLength(1);
  });

  it('waits only for claims on what is left', () => {
    const pending = rival({ registrationId: 'reg-9', sequence: 9, productLines: ['platform'] });
    const rivals = [held('reg-1', 'platform'), pending];
    expect(judgeClaim(program, BOTH, evidence({ rivals }))).toMatchObject({ outcome: 'approve', lines: ['analytics'] });
    const onTheRest = [rivals[0] ?? pending, { ...pending, productLines: ['analytics'] }];
    expect(judgeClaim(program, BOTH, evidence({ rivals: onTheRest }))).toMatchObject({
      outcome: 'wait',
      waitFor: ['reg-9'],
      lines: ['analytics'],
    });
  });

  it('denies the whole claim where another rule does', () => {
    const rivals = [held('reg-1', 'platform')];
    expect(judgeClaim(program, BOTH, evidence({ rivals, opportunities: [opportunity({ stageIndex: 4 })] }))).toMatchObject({
      outcome: 'deny',
      waitlist: false,
      reasons: [{ rule: 'C06_direct_late_active' }, { rule: 'C02_active_protection' }],
    });
    const suspended = partner({ status: 'suspended' });
    expect(judgeClaim(program, BOTH, evidence({ rivals, partner: suspended })).reasons[0]?.rule).toBe('C18_partner_not_eligible');
  });
});

describe('judgeClaim: lines that were taken', () => {
  const program = acmeRules(ROWS);
  const verdict = judgeClaim(program, BOTH, evidence({ rivals: [held('reg-1', 'platform')] }));

  it('stay in the trace, once, with what was found', () => {
    const shown = verdict.trace.filter(({ rule }) => rule === 'C02_active_protection');
    expect(shown).toMatchObject([{ fired: true, message: expect.stringContaining('reg-1') }]);
    expect(verdict.trace.map(({ rule }) => rule)).toEqual([...ROWS.map(({ id }) => id), 'routing']);
  });

  it('are told to the partner, without the one who holds them', () => {
    const told = explainVerdict(verdict, 'partner', { registrationId: 'reg-100', programVersion: '1', decidedAt: null });
    expect(told.trace.find(({ rule }) => rule === 'C02_active_protection')).toEqual({
      rule: 'C02_active_protection',
      fired: true,
      message: expect.stringContaining('already registered for platform.'),
      evidence: [],
    });
    expect(JSON.stringify(told)).not.toContain('reg-1"');
  });

  it('are those of the finding: one that is about the whole claim leaves nothing', () => {
    const whole = acmeRules([ruleRow('C06_direct_late_active', { exact: freeLines, probable: review })]);
    const verdictOnAll = judgeClaim(whole, BOTH, evidence({ opportunities: [opportunity({ stageIndex: 4 })] }));
    expect(verdictOnAll).toMatchObject({ outcome: 'deny', waitlist: true, behind: [] });
  });

  it('are none where the finding takes none: the claim goes on as it is', () => {
    const drifting = acmeRules([ruleRow('C26_drift', { product_lines: freeLines })]);
    const { customer, estimatedValue } = claim();
    const approved = {
      approvedAt: '2026-11-01T00:00:00.000Z',
      until: '2027-01-30T00:00:00.000Z',
      partnerId: 'partner-a',
      customer,
      productLines: ['platform', 'analytics'],
      estimatedValue,
    };
    expect(judgeClaim(drifting, claim(), evidence({ approved }))).toMatchObject({ outcome: 'approve', lines: ['platform'] });
    const widened = claim({ productLines: ['platform', 'automation'] });
    expect(judgeClaim(drifting, widened, evidence({ approved }))).toMatchObject({ outcome: 'approve', lines: ['platform'] });
  });
});
