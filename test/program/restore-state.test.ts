import { restoreCaseState, restoreProgress, restoreState } from '../../program/restore-state.ts';
import { SUBMITTED } from '../../program/registration-life.ts';
import { exampleApproval } from '../support/open-step.ts';

/** As releases before stages stored it. */
const EARLIER_STEP = {
  name: 'director',
  role: 'director',
  approver: 'director',
  mayDecide: ['director', 'vp'],
  openedAt: '2026-03-02T12:00:00.000Z',
  dueAt: '2026-03-03T12:00:00.000Z',
  silence: 'approve',
  deadline: { amount: 10, unit: 'days' },
} as const;
const CHAIN = { granted: [{ role: 'partner_manager', by: 'manager' }], rest: [{ role: 'vp', deadline: null, silence: null }] };

const RESTORED = {
  kind: 'registration',
  stage: 1,
  steps: [
    {
      name: 'director',
      role: 'director',
      number: 2,
      reason: 'asked',
      approver: 'director',
      onBehalfOf: null,
      asked: ['director'],
      tried: [],
      mayDecide: ['director', 'vp'],
      standIns: {},
      isFallback: false,
      openedAt: EARLIER_STEP.openedAt,
      dueAt: EARLIER_STEP.dueAt,
      silence: 'approve',
      reminders: [],
      remindedAt: null,
      awayFrom: null,
      planned: { role: 'director', deadline: { amount: 10, unit: 'days' }, silence: 'approve' },
    },
  ],
  needs: 'all',
  granted: [{ role: 'partner_manager', by: 'manager', onBehalfOf: null }],
  rest: CHAIN.rest,
  openedAt: EARLIER_STEP.openedAt,
  whole: null,
  acknowledgement: null,
  lastNumber: 2,
};

describe('restoreState', () => {
  it('gives a state that this release stored back as it was', () => {
    const state = { ...SUBMITTED, status: 'in_review' as const, approval: exampleApproval(), questions: 4 };
    expect(restoreState(state)).toEqual(state);
  });

  it('fills in what an earlier release did not know', () => {
    expect(restoreState({ status: 'submitted' })).toEqual(SUBMITTED);
  });

  it('reads a step and its chain as an approval, with what was promised', () => {
    const stored = { ...SUBMITTED, approval: undefined, questions: undefined, status: 'in_review', step: EARLIER_STEP, chain: CHAIN };
    const restored = restoreState(stored as never);
    expect(restored).toMatchObject({ status: 'in_review', questions: 2, approval: RESTORED });
    expect(restored).not.toHaveProperty('step');
    expect(restored).not.toHaveProperty('chain');
  });

  it('reads an appeal, an extension and an interruption likewise', () => {
    const stored = {
      status: 'approved',
      appealed: true,
      step: EARLIER_STEP,
      extension: { step: EARLIER_STEP, until: '2026-05-01T00:00:00.000Z', askedBy: 'partner', suspendsExpiry: true },
      interrupted: { step: EARLIER_STEP, at: '2026-03-02T15:00:00.000Z' },
    };
    const restored = restoreState(stored as never);
    expect(restored.approval).toMatchObject({ kind: 'appeal', stage: 0, granted: [] });
    expect(restored.extension).toEqual({
      approval: expect.objectContaining({ kind: 'extension', lastNumber: 1 }),
      until: '2026-05-01T00:00:00.000Z',
      askedBy: 'partner',
      suspendsExpiry: true,
    });
    expect(restored.interrupted).toEqual({ approval: expect.objectContaining({ kind: 'registration' }), at: '2026-03-02T15:00:00.000Z' });
  });

  it('needs nobody where nobody was asked', () => {
    expect(restoreState({ status: 'denied', step: null } as never)).toMatchObject({ approval: null, questions: 0 });
  });
});

describe('restoreProgress', () => {
  it('leaves out the decision, which is text', () => {
    expect(restoreProgress({ status: 'in_review', step: EARLIER_STEP } as never)).not.toHaveProperty('decision');
  });
});

describe('restoreCaseState', () => {
  it('reads the step of a case likewise', () => {
    const stored = { status: 'open', step: EARLIER_STEP, chain: CHAIN, outcome: null, proposed: null, needsAttention: false };
    expect(restoreCaseState(stored as never)).toEqual({
      status: 'open',
      approval: { ...RESTORED, kind: 'case' },
      questions: 2,
      outcome: null,
      proposed: null,
      hearing: null,
      decidedBefore: [],
      needsAttention: false,
    });
  });

  it('takes a case that was settled before outcomes had shares and remediations for one that has none', () => {
    const outcome = { kind: 'split', registrationId: null, by: 'manager', at: '2026-11-16T15:00:00.000Z' };
    const stored = { status: 'resolved', approval: null, questions: 1, outcome, proposed: null, needsAttention: false };
    expect(restoreCaseState(stored as never).outcome).toEqual({ ...outcome, shares: [], remediations: [] });
  });

  it('gives a case that this release stored back as it was', () => {
    const state = {
      status: 'open',
      approval: exampleApproval(),
      questions: 1,
      outcome: null,
      proposed: null,
      hearing: { from: '2026-11-16T15:00:00.000Z', until: '2026-11-19T15:00:00.000Z', isRequired: true },
      decidedBefore: ['manager'],
      needsAttention: false,
    } as const;
    expect(restoreCaseState(state)).toEqual(state);
  });
});
