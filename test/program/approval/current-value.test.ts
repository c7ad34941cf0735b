import { answeredBy, type Approval } from '../../../program/approval/approval.ts';
import { continueApproval } from '../../../program/approval/continue-approval.ts';
import { refusalOfLimit } from '../../../program/approval/deciding-limit.ts';
import { grantStep, openApproval } from '../../../program/approval/open-approval.ts';
import { bareStep, type PlannedStage } from '../../../program/approval/planned-stage.ts';
import { asking, governed, person, TWO_MANAGERS } from './example.ts';

const MANAGER = bareStep('partner_manager');
const DIRECTOR = bareStep('director');
const VP = bareStep('vp');
const LATER = '2026-11-16T17:00:00.000Z';
const LIMITED = governed(TWO_MANAGERS, { people: [person('manager', { approvalLimit: '65000.00' })] });
const worth = (amount: string) => asking({ program: LIMITED, at: LATER, question: { value: { amount, currency: 'USD' } } });
const again = (approval: Approval, stages: readonly [PlannedStage, ...PlannedStage[]], now = worth('60000.00')) =>
  continueApproval(now, approval, stages, false, approval.lastNumber);

describe('a value that grew while people were asked', () => {
  const opened = openApproval(worth('60000.00'), [MANAGER], 0);

  it('is asked of somebody who may approve as much', () => {
    expect(opened.steps[0].approver).toBe('manager');
    expect(again(opened, [MANAGER])).toEqual(opened);
    expect(again(opened, [MANAGER], worth('95000.00')).steps[0]).toMatchObject({ number: 2, approver: 'manager2' });
  });

  it.each([
    ['60000.00', 'manager', null],
    ['65000.00', 'manager', null],
    ['65000.01', 'manager', 'ACTOR_MAY_NOT_DECIDE'],
    ['95000.00', 'manager2', null],
    ['100000.01', 'manager2', 'ACTOR_MAY_NOT_DECIDE'],
    ['200000.00', 'director', null],
    ['900000.00', 'director', 'ACTOR_MAY_NOT_DECIDE'],
    ['900000.00', 'vp', null],
  ])('%s: the yes of %s is answered with %p', (amount, by, code) => {
    const step = answeredBy(opened, by) ?? opened.steps[0];
    expect(refusalOfLimit(worth(amount), opened, step, by)?.code ?? null).toBe(code);
  });

  it('is no matter for an earlier yes, nor for the fallback', () => {
    const chain = openApproval(worth('60000.00'), [MANAGER, DIRECTOR], 0);
    expect(refusalOfLimit(worth('900000.00'), chain, chain.steps[0], 'manager')).toBeNull();
    const fallback = { ...opened.steps[0], isFallback: true };
    expect(refusalOfLimit(worth('900000.00'), opened, fallback, 'ops')).toBeNull();
  });

  it('is held against a step that only endorsed before and decides now', () => {
    const chain = openApproval(worth('60000.00'), [MANAGER, DIRECTOR], 0);
    expect(chain.steps[0].planned.endorses).toBe(true);
    const shorter = again(chain, [MANAGER]);
    expect(shorter).toMatchObject({ rest: [], steps: [{ number: 1 }] });
    expect(shorter.steps[0].planned.endorses).toBeUndefined();
    expect(refusalOfLimit(worth('90000.00'), shorter, shorter.steps[0], 'manager')).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
  });
});

describe('a stage that asks others now', () => {
  it.each<[string, PlannedStage, PlannedStage]>([
    ['one more beside', DIRECTOR, { parallel: [DIRECTOR, VP], needs: 'all' }],
    ['a third', { parallel: [DIRECTOR, VP], needs: 'all' }, { parallel: [DIRECTOR, VP, MANAGER], needs: 'all' }],
    ['fewer', { parallel: [DIRECTOR, VP], needs: 'any' }, { parallel: [DIRECTOR], needs: 'any' }],
  ])('is put anew: %s', (_what, before, after) => {
    const approval = openApproval(worth('60000.00'), [before], 0);
    const anew = again(approval, [after]);
    expect(anew.steps.every(({ number }) => number > approval.lastNumber)).toBe(true);
    expect(anew.steps.map(({ role }) => role)).toEqual('parallel' in after ? after.parallel.map(({ role }) => role) : [after.role]);
  });
});

describe('a clock that runs from the submission', () => {
  const slow = { ...DIRECTOR, deadline: { amount: 10, unit: 'days' }, silence: 'approve', from: 'submission' } as const;
  const received = (at: string) => asking({ at, question: { submittedAt: '2026-11-02T15:00:00.000Z' } });

  it('is over at once where the first question comes too late', () => {
    expect(openApproval(received('2026-11-16T15:00:00.000Z'), [slow], 0).steps[0].dueAt).toBe('2026-11-16T15:00:00.000Z');
  });

  it('runs from the restart of a question that is put anew, also for those who are asked later', () => {
    const restarted = openApproval(received('2026-11-16T15:00:00.000Z'), [MANAGER, slow], 1);
    const granted = grantStep(received('2026-11-18T15:00:00.000Z'), restarted, restarted.steps[0], 'manager');
    expect(granted).toMatchObject({ approval: { steps: [{ role: 'director', dueAt: '2026-11-26T15:00:00.000Z' }] } });
  });
});
