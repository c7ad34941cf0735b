import { answeredBy, answerersOf, leadingStep, needsAttention, type Approval } from '../../../program/approval/approval.ts';
import { nextAnswerDue, nextDue } from '../../../program/approval/next-due.ts';
import { grantStep, openApproval } from '../../../program/approval/open-approval.ts';
import { bareStep, type PlannedStage } from '../../../program/approval/planned-stage.ts';
import { ACME } from '../example.ts';
import { asking, conflicted, governed, MONDAY, TWO_MANAGERS, type Wishes } from './example.ts';

const MANAGER = bareStep('partner_manager');
const DIRECTOR = bareStep('director');
const VP = bareStep('vp');
const both = (needs: 'all' | 'any'): PlannedStage => ({ parallel: [DIRECTOR, VP], needs });
const open = (stages: readonly [PlannedStage, ...PlannedStage[]], wishes: Wishes = {}, lastNumber = 0): Approval =>
  openApproval(asking(wishes), stages, lastNumber);

function grant(approval: Approval, by: string, wishes: Wishes = {}) {
  const step = answeredBy(approval, by);
  if (step === null) throw new Error(`${by} may not answer`);
  return grantStep(asking(wishes), approval, step, by);
}

function stillOpen(granted: ReturnType<typeof grant>): Approval {
  if (granted.kind === 'complete') throw new Error('somebody else has to answer');
  return granted.approval;
}

describe('stages one after another', () => {
  it('ask the next role when the one before said yes, and are complete with the last', () => {
    const first = open([MANAGER, DIRECTOR]);
    expect(first).toMatchObject({
      stage: 0,
      steps: [{ role: 'partner_manager', number: 1 }],
      rest: [DIRECTOR],
      granted: [],
      lastNumber: 1,
    });
    const second = stillOpen(grant(first, 'manager'));
    expect(second).toMatchObject({
      stage: 1,
      steps: [{ role: 'director', number: 2, openedAt: MONDAY }],
      granted: [{ role: 'partner_manager', by: 'manager', onBehalfOf: null }],
      rest: [],
    });
    expect(grant(second, 'director')).toMatchObject({
      kind: 'complete',
      granted: [{ by: 'manager' }, { role: 'director', by: 'director' }],
    });
  });

  it('number their questions on from those that were put before', () => {
    expect(open([MANAGER], {}, 7)).toMatchObject({ steps: [{ number: 8 }], lastNumber: 8 });
  });

  it('do not let one person say yes twice, as long as somebody else is left', () => {
    const second = stillOpen(grant(open([MANAGER, DIRECTOR]), 'director'));
    expect(second.steps).toMatchObject([{ role: 'vp', approver: 'vp', mayDecide: ['vp'] }]);
  });
});

describe('a stage of several roles at once', () => {
  it('asks them all at once, each by its own deadline', () => {
    const approval = open([both('all')]);
    expect(approval.steps).toMatchObject([
      { role: 'director', number: 1, dueAt: '2026-11-17T15:00:00.000Z' },
      { role: 'vp', number: 2, dueAt: '2026-11-19T15:00:00.000Z' },
    ]);
    expect(leadingStep(approval).role).toBe('director');
    expect(nextAnswerDue(approval)).toBe('2026-11-17T15:00:00.000Z');
    expect(answerersOf(approval)).toEqual(['director', 'vp']);
  });

  it.each([['director', 'vp'] as const, ['vp', 'director'] as const])(
    'of which all are needed is complete with the last: %s first',
    (first, last) => {
      const half = stillOpen(grant(open([both('all')]), first));
      expect(half).toMatchObject({ steps: [{ role: last }], stage: 0 });
      expect(grant(half, last).kind).toBe('complete');
    },
  );

  it('of which one is needed is complete with the first', () => {
    expect(grant(open([both('any')]), 'vp')).toMatchObject({ kind: 'complete', granted: [{ role: 'vp', by: 'vp' }] });
    expect(stillOpen(grant(open([both('any'), MANAGER]), 'vp'))).toMatchObject({
      stage: 1,
      steps: [{ role: 'partner_manager' }],
      needs: 'all',
    });
  });

  it('goes to different people', () => {
    const twice: PlannedStage = { parallel: [MANAGER, MANAGER], needs: 'all' };
    expect(open([twice], { program: TWO_MANAGERS }).steps.map(({ approver }) => approver)).toEqual(['manager', 'manager2']);
  });

  it('takes an answer for the step that was put to whoever gives it', () => {
    // The VP may answer both; asked is the VP about the second alone.
    expect(answeredBy(open([both('all')]), 'vp')?.role).toBe('vp');
    const half = stillOpen(grant(open([both('all')]), 'vp'));
    expect(answeredBy(half, 'director')?.role).toBe('director');
    // One person does not say yes for both.
    expect(answeredBy(half, 'vp')).toBeNull();
    expect(answeredBy(half, 'rep')).toBeNull();
  });
});

describe('the clocks of the whole', () => {
  const clocks = {
    acknowledge: { within: { amount: 2, unit: 'business_days', restated: null }, from: 'submission' },
    whole: { within: { amount: 10, unit: 'days', restated: null }, from: 'submission', silence: 'approve' },
    dispute: { within: { amount: 5, unit: 'business_days', restated: null }, silence: 'escalate' },
  } as const;
  const program = { ...ACME, clocks };
  const submittedAt = '2026-11-13T15:00:00.000Z';

  it('run from the submission, or from when it reached people', () => {
    expect(open([MANAGER], { program, question: { submittedAt } })).toMatchObject({
      whole: { dueAt: '2026-11-23T15:00:00.000Z', silence: 'approve' },
      acknowledgement: { dueAt: '2026-11-17T15:00:00.000Z', at: null, isMissed: false },
    });
    const arriving = { ...program, clocks: { ...clocks, whole: { ...clocks.whole, from: 'arrival' as const } } };
    expect(open([MANAGER], { program: arriving, question: { submittedAt } }).whole?.dueAt).toBe('2026-11-26T15:00:00.000Z');
  });

  it('are those of a dispute for a case, and none for further time', () => {
    expect(open([MANAGER], { program, question: { kind: 'case', value: null } })).toMatchObject({
      whole: { dueAt: '2026-11-23T15:00:00.000Z', silence: 'escalate' },
      acknowledgement: null,
    });
    expect(open([MANAGER], { program, question: { kind: 'extension' } })).toMatchObject({ whole: null, acknowledgement: null });
  });

  it('are over at once where their time was over before it was asked', () => {
    expect(open([MANAGER], { program, question: { submittedAt: '2026-09-01T15:00:00.000Z' } }).whole?.dueAt).toBe(MONDAY);
  });

  it('come before what else is due at the same instant', () => {
    const approval = open([MANAGER], { program });
    const [step] = approval.steps;
    const tied = { ...approval, whole: { dueAt: step.dueAt, silence: 'deny' as const } };
    expect(nextDue(tied)).toMatchObject({ kind: 'whole', at: step.dueAt });
  });

  it('know that somebody was in touch with the first answer', () => {
    const approval = open([MANAGER, DIRECTOR], { program });
    expect(stillOpen(grant(approval, 'manager', { program, at: '2026-11-16T16:00:00.000Z' })).acknowledgement?.at).toBe(
      '2026-11-16T16:00:00.000Z',
    );
  });
});

describe('needsAttention', () => {
  const approval = open([MANAGER]);
  const [step] = approval.steps;
  it.each([
    ['an ordinary question', approval, false],
    ['one that climbed', { ...approval, steps: [{ ...step, reason: 'escalated' }] }, false],
    ['one that nobody can answer', open([MANAGER], { staff: conflicted('manager', 'director', 'vp') }), true],
    [
      'one that only the fallback can',
      open([MANAGER], { program: governed(ACME, { fallback: 'ops' }), staff: conflicted('manager', 'director', 'vp') }),
      true,
    ],
    ['one that is put again', { ...approval, steps: [{ ...step, reason: 'asked_again' }] }, true],
    ['one that silence could not answer', { ...approval, steps: [{ ...step, reason: 'not_deemed' }] }, true],
    ['one whose partner heard nothing in time', { ...approval, acknowledgement: { dueAt: MONDAY, at: null, isMissed: true } }, true],
    ['one whose partner heard something too late', { ...approval, acknowledgement: { dueAt: MONDAY, at: MONDAY, isMissed: true } }, false],
  ] as const)('is so for %s: %#', (_what, current, expected) => {
    expect(needsAttention(current as Approval)).toBe(expected);
  });
});
