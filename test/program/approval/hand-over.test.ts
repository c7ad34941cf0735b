import { delegateStep, reassignStep } from '../../../program/approval/hand-over.ts';
import { openApproval } from '../../../program/approval/open-approval.ts';
import { reconsider } from '../../../program/approval/replace-step.ts';
import { bareStep } from '../../../program/approval/planned-stage.ts';
import { asking, away, conflicted, governed, MONDAY, person, TWO_MANAGERS, type Wishes } from './example.ts';

const LATER = '2026-11-16T17:00:00.000Z';
const program = governed(TWO_MANAGERS, { people: [person('helper', { approvalLimit: '50000.00' })], fallback: 'ops' });
const opened = openApproval(asking({ program }), [bareStep('partner_manager')], 0);
const now = (wishes: Wishes) => asking({ program, at: LATER, ...wishes });
const value = (amount: string) => ({ question: { value: { amount, currency: 'USD' } } });

describe('delegateStep', () => {
  const delegate = (actor: string, to: string, wishes: Wishes = {}) => delegateStep(now(wishes), opened, actor, to);

  it('lets somebody answer in the place of whoever is asked; the deadline stays', () => {
    expect(delegate('manager', 'director')).toMatchObject({
      kind: 'handed_over',
      approval: {
        lastNumber: 2,
        steps: [
          {
            number: 2,
            reason: 'delegated',
            approver: 'director',
            onBehalfOf: 'manager',
            asked: ['director'],
            standIns: { director: 'manager' },
            openedAt: LATER,
            dueAt: '2026-11-17T15:00:00.000Z',
          },
        ],
      },
    });
  });

  it('passes a delegation on in the name of whoever was asked first', () => {
    const once = delegate('manager', 'director');
    if (once.kind === 'refused') throw new Error(once.message);
    expect(delegateStep(now({}), once.approval, 'director', 'vp')).toMatchObject({
      approval: { steps: [{ approver: 'vp', onBehalfOf: 'manager' }] },
    });
  });

  it.each([
    ['who is not asked', 'director', 'vp', {}, 'ACTOR_MAY_NOT_DECIDE'],
    ['to oneself', 'manager', 'manager', {}, 'DELEGATE_NOT_POSSIBLE'],
    ['to somebody with a stake', 'manager', 'director', { staff: conflicted('director') }, 'DELEGATE_NOT_POSSIBLE'],
    ['to somebody who is away', 'manager', 'director', { staff: away('director') }, 'DELEGATE_NOT_POSSIBLE'],
    ['to somebody who left', 'manager', 'director', { staff: { inactive: new Set(['director']) } }, 'DELEGATE_NOT_POSSIBLE'],
    ['to somebody who decides nothing', 'manager', 'rep', {}, 'DELEGATE_NOT_POSSIBLE'],
    ['of a value above the limit of the delegate', 'manager', 'helper', value('50000.01'), 'DELEGATE_NOT_POSSIBLE'],
  ] as const)('is refused: %s', (_what, actor, to, wishes, code) => {
    expect(delegate(actor, to, wishes)).toMatchObject({ kind: 'refused', code });
  });

  it('given back to whoever was asked first is in nobody’s place', () => {
    const once = delegate('manager', 'director');
    if (once.kind === 'refused') throw new Error(once.message);
    expect(delegateStep(now({}), once.approval, 'director', 'manager')).toMatchObject({
      approval: { steps: [{ approver: 'manager', onBehalfOf: null, standIns: {} }] },
    });
  });

  const both = openApproval(asking({ program }), [{ parallel: [bareStep('partner_manager'), bareStep('director')], needs: 'all' }], 0);
  it.each([
    ['is asked beside', both, {}, 'director is asked about this already.'],
    [
      'said yes before',
      { ...opened, granted: [{ role: 'director', by: 'director', onBehalfOf: null }] },
      {},
      'director has said yes to an earlier step already.',
    ],
    [
      'decided what is appealed',
      opened,
      { question: { decidedBefore: ['director'] } },
      'director decided this before; an appeal is for somebody else to hear.',
    ],
  ])('is refused to whoever %s, and so is a reassignment', (_who, approval, wishes, message) => {
    const refusal = { kind: 'refused', code: 'DELEGATE_NOT_POSSIBLE', message };
    expect(delegateStep(now(wishes), approval, 'manager', 'director')).toEqual(refusal);
    expect(reassignStep(now(wishes), approval, 'vp', 'director')).toEqual(refusal);
    expect(delegateStep(now(wishes), approval, 'manager', 'vp').kind).toBe('handed_over');
  });

  it('is possible at the limit of the delegate', () => {
    expect(delegate('manager', 'helper', value('50000.00')).kind).toBe('handed_over');
  });
});

describe('reassignStep', () => {
  const reassign = (actor: string, to: string, wishes: Wishes = {}) => reassignStep(now(wishes), opened, actor, to);

  it.each(['director', 'vp', 'ops'])('lets a role above, or the fallback, put it to somebody else with the full time: %s', (actor) => {
    expect(reassign(actor, 'manager2')).toMatchObject({
      approval: {
        steps: [
          { number: 2, reason: 'reassigned', approver: 'manager2', onBehalfOf: null, openedAt: LATER, dueAt: '2026-11-17T17:00:00.000Z' },
        ],
      },
    });
  });

  it('may put it to somebody above', () => {
    expect(reassign('vp', 'director')).toMatchObject({ approval: { steps: [{ role: 'partner_manager', approver: 'director' }] } });
  });

  it.each([
    ['by whoever is asked', 'manager', 'manager2', {}, 'ACTOR_MAY_NOT_DECIDE'],
    ['by a rep', 'rep', 'manager2', {}, 'ACTOR_MAY_NOT_DECIDE'],
    ['by somebody with a stake', 'director', 'manager2', { staff: conflicted('director') }, 'ACTOR_MAY_NOT_DECIDE'],
    ['to whoever is asked', 'director', 'manager', {}, 'DELEGATE_NOT_POSSIBLE'],
    ['to somebody who decides nothing', 'director', 'rep', {}, 'DELEGATE_NOT_POSSIBLE'],
    ['to somebody who only stands in', 'director', 'helper', {}, 'DELEGATE_NOT_POSSIBLE'],
    ['to somebody with a stake', 'director', 'manager2', { staff: conflicted('manager2') }, 'DELEGATE_NOT_POSSIBLE'],
    ['to somebody who is away', 'director', 'manager2', { staff: away('manager2') }, 'DELEGATE_NOT_POSSIBLE'],
  ] as const)('is refused: %s', (_what, actor, to, wishes, code) => {
    expect(reassign(actor, to, wishes)).toMatchObject({ kind: 'refused', code });
  });

  it('is refused at the top for anybody but the top itself', () => {
    const atTop = openApproval(asking({ program }), [bareStep('vp')], 0);
    expect(reassignStep(now({}), atTop, 'director', 'vp')).toMatchObject({ kind: 'refused' });
    expect(opened.openedAt).toBe(MONDAY);
  });
});

describe('what a hand-over does not get round', () => {
  it('is a stake: neither who has one, nor who answers for somebody with one, says who decides', () => {
    expect(delegateStep(now({ staff: conflicted('manager') }), opened, 'manager', 'director')).toMatchObject({
      code: 'ACTOR_MAY_NOT_DECIDE',
    });
    const once = delegateStep(now({}), opened, 'manager', 'director');
    if (once.kind === 'refused') throw new Error(once.message);
    expect(delegateStep(now({ staff: conflicted('manager') }), once.approval, 'director', 'vp')).toMatchObject({
      code: 'ACTOR_MAY_NOT_DECIDE',
    });
    expect(reconsider(now({ staff: conflicted('manager') }), once.approval).steps[0]).toMatchObject({
      number: 3,
      reason: 'replaced',
      approver: 'manager2',
      onBehalfOf: null,
    });
  });

  it('leaves the others of a queue asked, and lets those of them go who left', () => {
    const queue = openApproval(now({}), [{ ...bareStep('partner_manager'), asks: 'queue' }], 0);
    expect(queue.steps[0].asked).toEqual(['manager', 'manager2']);
    expect(delegateStep(now({}), queue, 'manager2', 'director')).toMatchObject({
      approval: { steps: [{ asked: ['director', 'manager'] }] },
    });
    const left = reconsider(now({ staff: { inactive: new Set(['manager2']) } }), queue);
    expect(left.steps[0]).toMatchObject({ number: 1, approver: 'manager', asked: ['manager'] });
    expect(left.steps[0].mayDecide).not.toContain('manager2');
  });

  it('is which of several steps: the one that the receiver can have', () => {
    const both = openApproval(now({}), [{ parallel: [bareStep('partner_manager'), bareStep('director')], needs: 'all' }], 0);
    const first = reassignStep(now({}), both, 'ops', 'manager2');
    if (first.kind === 'refused') throw new Error(first.message);
    expect(first.approval.steps.map(({ approver }) => approver)).toEqual(['manager2', 'director']);
    expect(reassignStep(now({}), first.approval, 'ops', 'vp')).toMatchObject({ kind: 'handed_over' });
  });
});
