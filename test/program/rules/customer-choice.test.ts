import type { Proof, RivalClaim } from '../../../program/claim.ts';
import { customerChoice } from '../../../program/rules/customer-choice.ts';
import { PROBABLE, WEAK, claim, holder, rival, ruleInput } from '../example.ts';

const LETTER: Proof = { kind: 'customer_letter', date: '2026-11-20' };

function examine(rivals: readonly RivalClaim[], proofs: readonly Proof[] = [LETTER], parameters: Readonly<Record<string, unknown>> = {}) {
  return customerChoice.examine(
    ruleInput('C22_customer_choice', { claim: { facts: { ...claim().facts, proofs } }, evidence: { rivals }, with: parameters }),
  );
}

describe('C22_customer_choice', () => {
  it.each<[string, RivalClaim, 'found' | 'quiet']>([
    ['a protection', holder(), 'found'],
    ['an undecided claim', rival(), 'found'],
    ['a later undecided claim', rival({ sequence: 101 }), 'found'],
    ['a probable one', holder({ match: PROBABLE }), 'found'],
    ['a weak match', holder({ match: WEAK }), 'quiet'],
    ['another line', holder({ productLines: ['analytics'], protectedLines: ['analytics'] }), 'quiet'],
    ['a claim that stands no more', rival({ status: 'lapsed' }), 'quiet'],
    ["the partner's own", holder({ partnerId: 'partner-a' }), 'quiet'],
  ])('lets the letter speak against %s', (_what, other, kind) => {
    expect(examine([other]).kind).toBe(kind);
  });

  it.each<[string, readonly Proof[], Readonly<Record<string, unknown>>, 'found' | 'quiet']>([
    ['no proof', [], {}, 'quiet'],
    ['another kind of proof', [{ kind: 'meeting', date: null }], {}, 'quiet'],
    ['a letter without a date', [{ kind: 'customer_letter', date: null }], {}, 'found'],
    ['a kind that the program names', [{ kind: 'mandate', date: null }], { letterKinds: ['mandate'] }, 'found'],
    ['a kind that it no longer names', [LETTER], { letterKinds: ['mandate'] }, 'quiet'],
  ])('knows a letter by its kind: %s', (_what, proofs, parameters, kind) => {
    expect(examine([holder()], proofs, parameters).kind).toBe(kind);
  });

  it('has nothing to override where nobody stands', () => {
    expect(examine([])).toMatchObject({ kind: 'quiet', exhibits: [{ kind: 'proof', summary: 'customer_letter of 2026-11-20' }] });
  });

  it('tells insiders of letters that contradict each other', () => {
    const rivals = [rival(), rival({ registrationId: 'reg-60', sequence: 60, proofs: [LETTER] })];
    expect(examine(rivals).message).toMatch(/A letter of the customer also came with reg-60 of partner partner-b\.$/);
    expect(examine([rival()]).message).not.toContain('also came');
  });

  it('shows the partner its own letter and nobody else', () => {
    const finding = examine([holder()]);
    expect(finding).toMatchObject({ rivalIds: ['reg-50'], lines: ['platform'], exhibits: [{ kind: 'proof' }, { kind: 'rival' }] });
    expect(finding.partnerMessage).not.toMatch(/reg-|partner/);
  });
});
