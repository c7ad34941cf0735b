import { exampleApproval, exampleStep } from '../../support/open-step.ts';
import type { Approval } from '../../../program/approval/approval.ts';
import { nextDue } from '../../../program/approval/next-due.ts';
import { passTime } from '../../../program/approval/pass-time.ts';
import { openApproval } from '../../../program/approval/open-approval.ts';
import { bareStep } from '../../../program/approval/planned-stage.ts';
import { reconsider } from '../../../program/approval/replace-step.ts';
import { ACME } from '../example.ts';
import { asking, away, conflicted, governed, MONDAY, person, TWO_MANAGERS, type Wishes } from './example.ts';

const LATER = '2026-11-16T17:00:00.000Z';

function moved(approval: Approval, wishes: Wishes = {}): Approval {
  const passed = passTime(asking({ at: nextDue(approval).at, ...wishes }), approval);
  if (passed.kind !== 'moved') throw new Error(`expected it to move, got ${passed.kind}`);
  return passed.approval;
}

describe('passTime', () => {
  const step = exampleStep({ openedAt: MONDAY, dueAt: '2026-11-17T15:00:00.000Z' });

  it.each([
    ['a millisecond before', '2026-11-17T14:59:59.999Z', 'nothing'],
    ['at the deadline', '2026-11-17T15:00:00.000Z', 'moved'],
    ['after it', '2026-11-18T15:00:00.000Z', 'moved'],
  ])('does something only when something is due: %s', (_when, at, kind) => {
    expect(passTime(asking({ at }), exampleApproval([step])).kind).toBe(kind);
  });

  it('reminds once for all reminders that are due, and keeps those to come', () => {
    const reminded = exampleStep({
      ...step,
      reminders: ['2026-11-16T16:00:00.000Z', '2026-11-16T16:30:00.000Z', '2026-11-17T09:00:00.000Z'],
    });
    const approval = moved(exampleApproval([reminded]), { at: LATER });
    expect(approval.steps).toMatchObject([{ number: 1, remindedAt: LATER, reminders: ['2026-11-17T09:00:00.000Z'], dueAt: step.dueAt }]);
  });

  it('asks somebody else when whoever is asked goes away, with the full time', () => {
    const leaving = exampleStep({ ...step, awayFrom: LATER });
    const wishes = { program: TWO_MANAGERS, staff: away('manager', { from: LATER }) };
    expect(moved(exampleApproval([leaving]), wishes).steps).toMatchObject([
      { number: 2, reason: 'replaced', approver: 'manager2', openedAt: LATER, dueAt: '2026-11-17T17:00:00.000Z' },
    ]);
  });

  it('leaves the question where it is when the absence was called off', () => {
    const leaving = exampleStep({ ...step, awayFrom: LATER });
    expect(moved(exampleApproval([leaving])).steps).toMatchObject([{ number: 1, approver: 'manager', awayFrom: null }]);
  });

  it('asks nobody when nobody else is free, until the first of them is back', () => {
    const leaving = exampleApproval([exampleStep({ ...step, awayFrom: LATER })]);
    const until = '2026-11-18T15:00:00.000Z';
    const alone = { staff: { ...away('manager', { from: LATER, until }), ...conflicted('director', 'vp') } };
    const left = moved(leaving, alone);
    expect(left.steps).toMatchObject([{ number: 2, approver: null, awayFrom: until, mayDecide: ['manager'] }]);
    expect(moved(left, { ...alone, at: until }).steps).toMatchObject([
      { number: 3, role: 'partner_manager', approver: 'manager', awayFrom: null },
    ]);
  });

  it('notes once that the partner heard nothing in time', () => {
    const waiting = exampleApproval([step], { acknowledgement: { dueAt: LATER, at: null, isMissed: false } });
    const missed = moved(waiting);
    expect(missed.acknowledgement).toEqual({ dueAt: LATER, at: null, isMissed: true });
    expect(nextDue(missed).kind).toBe('silence');
    const heard = { ...waiting, acknowledgement: { dueAt: LATER, at: MONDAY, isMissed: false } };
    expect(nextDue(heard).kind).toBe('silence');
  });
});

describe('the end of the time for all of it', () => {
  const steps = [
    exampleStep({ dueAt: '2026-12-01T15:00:00.000Z' }),
    exampleStep({ role: 'director', approver: 'director', number: 2, dueAt: '2026-12-01T15:00:00.000Z' }),
  ];
  const whole = (silence: 'approve' | 'deny' | 'escalate' | 'keep_asking') =>
    exampleApproval(steps, { whole: { dueAt: LATER, silence }, rest: [bareStep('vp')] });
  const atTop = exampleApproval([exampleStep({ role: 'vp', approver: 'vp', dueAt: '2026-12-01T15:00:00.000Z' })], {
    whole: { dueAt: LATER, silence: 'escalate' },
    rest: [bareStep('director')],
  });

  it.each(['approve', 'deny'] as const)('is an answer to all of it where it is to %s', (silence) => {
    expect(passTime(asking({ at: LATER }), whole(silence))).toMatchObject({ kind: 'deemed', decision: silence, step: null });
  });

  it('goes straight to the last role where it escalates, and nobody else is asked any more', () => {
    expect(moved(whole('escalate'))).toMatchObject({
      steps: [{ role: 'vp', number: 3, reason: 'escalated' }],
      rest: [],
      whole: null,
      lastNumber: 3,
    });
  });

  it('calls for attention where it keeps asking, or the last role is asked already', () => {
    expect(moved(whole('keep_asking'))).toMatchObject({
      steps: [{ reason: 'asked_again', role: 'partner_manager' }, { role: 'director' }],
      whole: null,
    });
    expect(moved(atTop)).toMatchObject({ steps: [{ role: 'vp', reason: 'asked_again' }], whole: null });
  });

  it('leaves to be asked who follows where nothing was put up', () => {
    expect(moved(whole('keep_asking')).rest).toEqual([bareStep('vp')]);
    expect(moved(atTop).rest).toEqual([bareStep('director')]);
  });
});

describe('reconsider', () => {
  const opened = openApproval(asking({ program: TWO_MANAGERS }), [bareStep('partner_manager')], 0);
  const again = (approval: Approval, wishes: Wishes = {}) => reconsider(asking({ program: TWO_MANAGERS, at: LATER, ...wishes }), approval);

  it('changes nothing while everybody is there', () => {
    expect(again(opened)).toBe(opened);
  });

  it.each([
    ['is deactivated', { inactive: new Set(['manager']) }],
    ['is away', away('manager')],
    ['has a stake by now', conflicted('manager')],
  ])('replaces an approver who %s, at once', (_what, staff) => {
    expect(again(opened, { staff }).steps).toMatchObject([{ approver: 'manager2', reason: 'replaced', number: 2, openedAt: LATER }]);
  });

  it('leaves somebody who stands in, although the other is back', () => {
    const stoodIn = openApproval(
      asking({ program: TWO_MANAGERS, staff: away('manager', { delegate: 'director' }) }),
      [bareStep('partner_manager')],
      0,
    );
    expect(again(stoodIn)).toBe(stoodIn);
  });

  it('gives a question that nobody could answer to whoever is free now', () => {
    const nobody = openApproval(
      asking({ program: TWO_MANAGERS, staff: conflicted('manager', 'manager2', 'director', 'vp') }),
      [bareStep('partner_manager')],
      0,
    );
    expect(nobody.steps[0].approver).toBeNull();
    expect(again(nobody, { staff: conflicted('manager') }).steps).toMatchObject([{ role: 'partner_manager', approver: 'manager2' }]);
    expect(again(nobody, { staff: conflicted('manager', 'manager2', 'director') }).steps).toMatchObject([{ role: 'vp', approver: 'vp' }]);
    expect(again(nobody, { staff: conflicted('manager', 'manager2', 'director', 'vp') })).toBe(nobody);
  });

  it('takes a question from the fallback when somebody of the role is free, and leaves it there otherwise', () => {
    const program = governed(ACME, { fallback: 'ops' });
    const stakes = conflicted('manager', 'director', 'vp');
    const fallen = openApproval(asking({ program, staff: stakes }), [bareStep('partner_manager')], 0);
    expect(fallen.steps).toMatchObject([{ approver: 'ops', isFallback: true }]);
    expect(again(fallen, { program, staff: stakes })).toBe(fallen);
    expect(again(fallen, { program, staff: conflicted('manager', 'director') }).steps).toMatchObject([
      { approver: 'vp', isFallback: false },
    ]);
  });

  it('notes an absence that is to come', () => {
    const from = '2026-11-17T09:00:00.000Z';
    expect(again(opened, { staff: away('manager', { from }) })).toMatchObject({
      steps: [{ number: 1, approver: 'manager', awayFrom: from }],
      lastNumber: 1,
    });
  });

  it('asks the deputy of somebody who left', () => {
    const program = governed(TWO_MANAGERS, { people: [person('manager', { deputy: 'director' })] });
    expect(again(opened, { program, staff: { inactive: new Set(['manager']) } }).steps).toMatchObject([
      { approver: 'director', onBehalfOf: 'manager' },
    ]);
  });
});
