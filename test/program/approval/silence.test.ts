import { exampleApproval } from '../../support/open-step.ts';
import { passSilence, askOn } from '../../../program/approval/silence.ts';
import { bareStep, type PlannedStep } from '../../../program/approval/planned-stage.ts';
import { openStep, type ReviewStep } from '../../../program/approval/step.ts';
import { ACME } from '../example.ts';
import { asking, conflicted, governed, MONDAY, TWO_MANAGERS, type Wishes } from './example.ts';

const asked = (planned: PlannedStep, wishes: Wishes = {}) => openStep(asking(wishes), planned, { number: 1, reason: 'asked' });
const atManager = asked(bareStep('partner_manager'));
const atDirector = asked(bareStep('director'));
const atVp = asked(bareStep('vp'));

/** What is asked once `step` passed its deadline. */
function next(step: ReviewStep, wishes: Wishes = {}): ReviewStep {
  const silence = passSilence(asking({ at: step.dueAt, ...wishes }), exampleApproval([step]), step);
  if (silence.kind === 'deemed') throw new Error('somebody is asked');
  return silence.approval.steps[0];
}

describe('passSilence', () => {
  it('climbs from the partner manager over the director to the VP', () => {
    const second = next(atManager);
    expect(second).toMatchObject({
      role: 'director',
      number: 2,
      reason: 'escalated',
      openedAt: '2026-11-17T15:00:00.000Z',
      dueAt: '2026-11-18T15:00:00.000Z',
    });
    expect(next(second)).toMatchObject({ role: 'vp', openedAt: '2026-11-18T15:00:00.000Z', dueAt: '2026-11-23T15:00:00.000Z' });
  });

  it('keeps asking the VP, with a new deadline and the first opening', () => {
    expect(next(atVp)).toEqual({ ...atVp, number: 2, reason: 'asked_again', dueAt: '2026-11-24T15:00:00.000Z' });
  });

  it('climbs past a director who has a stake', () => {
    expect(next(atManager, { staff: conflicted('director') })).toMatchObject({ role: 'vp', approver: 'vp', reason: 'escalated' });
  });

  it('asks the same again when nobody above is free', () => {
    expect(next(atDirector, { staff: conflicted('vp') })).toMatchObject({
      role: 'director',
      approver: 'director',
      mayDecide: ['director'],
      reason: 'asked_again',
      openedAt: MONDAY,
      dueAt: '2026-11-18T15:00:00.000Z',
    });
  });

  it('does not put a question up to the fallback: that is for when nobody is free', () => {
    const program = governed(ACME, { fallback: 'ops' });
    expect(next(atDirector, { program, staff: conflicted('vp') })).toMatchObject({
      role: 'director',
      approver: 'director',
      isFallback: false,
    });
  });

  it('does not climb where the program keeps asking', () => {
    const patient: PlannedStep = { ...bareStep('partner_manager'), silence: 'keep_asking' };
    expect(next(asked(patient))).toMatchObject({ role: 'partner_manager', reason: 'asked_again' });
  });

  it('is put again with the time that it was given first', () => {
    const planned: PlannedStep = { role: 'director', deadline: { amount: 10, unit: 'business_days' }, silence: 'keep_asking' };
    expect(next(asked(planned))).toMatchObject({ role: 'director', dueAt: '2026-12-15T15:00:00.000Z', silence: 'keep_asking' });
  });

  it('is put again with the full time where its time ran from the submission, and never in the past', () => {
    const planned: PlannedStep = { role: 'director', deadline: { amount: 10, unit: 'days' }, silence: 'keep_asking', from: 'submission' };
    const step = asked(planned, { question: { submittedAt: '2026-10-01T15:00:00.000Z' } });
    expect(step.dueAt).toBe(MONDAY);
    expect(next(step)).toMatchObject({ dueAt: '2026-11-26T15:00:00.000Z' });
  });
});

describe('silence that means something', () => {
  const program = TWO_MANAGERS;
  const meaning = (silence: 'approve' | 'deny' | 'reassign') => asked({ ...bareStep('partner_manager'), silence }, { program });

  it.each(['approve', 'deny'] as const)('to %s is an answer', (silence) => {
    const step = meaning(silence);
    expect(passSilence(asking({ program, at: step.dueAt }), exampleApproval([step]), step)).toEqual({
      kind: 'deemed',
      decision: silence,
      step,
    });
  });

  it('and may not be taken for a yes asks the next role', () => {
    const step = meaning('approve');
    const [asked2] = askOn(asking({ program, at: step.dueAt }), exampleApproval([step]), step).steps;
    expect(asked2).toMatchObject({ role: 'director', reason: 'not_deemed' });
  });

  it('passes on to another member, and then to the next role', () => {
    const first = meaning('reassign');
    const second = next(first, { program });
    expect(second).toMatchObject({
      role: 'partner_manager',
      approver: 'manager2',
      reason: 'passed_on',
      openedAt: first.dueAt,
      dueAt: '2026-11-18T15:00:00.000Z',
      silence: 'reassign',
      tried: ['manager'],
    });
    expect(next(second, { program })).toMatchObject({ role: 'director', approver: 'director', reason: 'escalated' });
  });

  it('goes round every member, whoever was asked first', () => {
    const step = asked({ ...bareStep('partner_manager'), silence: 'reassign' }, { program, question: { partnerManager: 'manager2' } });
    expect(step.approver).toBe('manager2');
    const second = next(step, { program, question: { partnerManager: 'manager2' } });
    expect(second).toMatchObject({ approver: 'manager', reason: 'passed_on' });
    expect(next(second, { program })).toMatchObject({ role: 'director' });
  });

  it('does not pass on to somebody with a stake in the deal', () => {
    expect(next(meaning('reassign'), { program, staff: conflicted('manager2') })).toMatchObject({ role: 'director' });
  });
});
