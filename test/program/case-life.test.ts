import { effectOn, isToBeConfirmed, refusalOfResolution, type CaseParty, type CaseState } from '../../program/case-life.ts';
import { CASE_OUTCOMES, type CaseOutcome } from '../../program/vocabulary.ts';
import { bareStep } from '../../program/approval/planned-stage.ts';
import { exampleApproval, exampleStep } from '../support/open-step.ts';

const OPEN: CaseState = {
  status: 'open',
  approval: exampleApproval([exampleStep({ role: 'director', approver: 'director', mayDecide: ['director', 'vp'] })], { kind: 'case' }),
  questions: 1,
  outcome: null,
  proposed: null,
  hearing: null,
  decidedBefore: [],
  needsAttention: false,
};
const claimant: CaseParty = { registrationId: 'claimant', side: 'claimant', isUndecided: true, isProtected: false };
const other: CaseParty = { registrationId: 'other', side: 'claimant', isUndecided: true, isProtected: false };
const rival: CaseParty = { registrationId: 'rival', side: 'rival', isUndecided: false, isProtected: true };
const closed: CaseParty = { registrationId: 'closed', side: 'rival', isUndecided: false, isProtected: false };

describe('refusalOfResolution', () => {
  const resolve = (
    outcome: CaseOutcome,
    registrationId: string | null,
    actor = 'director',
    state = OPEN,
    parties = [claimant, rival, closed],
  ) => refusalOfResolution(state, parties, { outcome, registrationId, actor })?.code ?? null;

  it.each([
    ['the arbiter upholds', resolve('uphold', null), null],
    ['somebody above does', resolve('uphold', null, 'vp'), null],
    ['somebody below does', resolve('uphold', null, 'manager'), 'ACTOR_MAY_NOT_DECIDE'],
    ['an award names its winner', resolve('award', 'claimant'), null],
    ['an award names nobody', resolve('award', null), 'OUTCOME_NOT_POSSIBLE'],
    ['an award names a stranger', resolve('award', 'somebody'), 'OUTCOME_NOT_POSSIBLE'],
    ['an award names a claim that is over', resolve('award', 'closed'), 'OUTCOME_NOT_POSSIBLE'],
    ['a protection is revoked', resolve('revoke', 'rival'), null],
    ['there is none to revoke', resolve('revoke', null, 'director', OPEN, [claimant]), 'OUTCOME_NOT_POSSIBLE'],
    ['the case is settled', resolve('uphold', null, 'director', { ...OPEN, status: 'resolved', approval: null }), 'STATE_DOES_NOT_ALLOW'],
  ] as const)('%s', (_when, code, expected) => {
    expect(code).toBe(expected);
  });
});

describe('effectOn', () => {
  it.each([
    ['uphold', null, claimant, 'deny'],
    ['uphold', null, rival, 'keep'],
    ['award', 'claimant', claimant, 'grant'],
    ['award', 'claimant', other, 'deny'],
    ['award', 'claimant', rival, 'revoke'],
    ['award', 'rival', rival, 'keep'],
    ['award', 'rival', claimant, 'deny'],
    ['deny', null, claimant, 'deny'],
    ['deny', null, rival, 'keep'],
    ['split', null, claimant, 'share'],
    ['split', null, rival, 'keep'],
    ['co_sell', null, claimant, 'co_sell'],
    ['co_sell', null, rival, 'keep'],
    ['revoke', 'rival', rival, 'revoke'],
    ['revoke', null, rival, 'revoke'],
    ['revoke', 'rival', claimant, 'grant'],
  ] as const)('%s (naming %s): %o', (outcome, named, party, expected) => {
    expect(effectOn(party, outcome, named)).toBe(expected);
  });

  it('leaves alone what is over, whatever the outcome', () => {
    for (const outcome of CASE_OUTCOMES) expect(effectOn(closed, outcome, null)).toBe('keep');
  });
});

describe('isToBeConfirmed', () => {
  const later = exampleApproval(undefined, { rest: [bareStep('director')] });
  const last = exampleApproval();
  const two = [exampleStep(), exampleStep({ role: 'director', number: 2 })];
  it.each([
    ['an award while somebody is left to ask', 'award', later, true],
    ['an award by the last of the chain', 'award', last, false],
    ['a refusal, which one of them decides alone', 'uphold', later, false],
    ['a revocation while somebody is left to ask', 'revoke', later, true],
    ['an award while somebody else is asked at the same time', 'award', exampleApproval(two), true],
    ['an award where one of those who are asked is enough', 'award', exampleApproval(two, { needs: 'any' }), false],
  ] as const)('%s', (_what, outcome, approval, expected) => {
    expect(isToBeConfirmed({ ...OPEN, approval }, outcome)).toBe(expected);
  });
});
