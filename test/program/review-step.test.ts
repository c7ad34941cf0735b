import { askOn, nextStep, openStep } from '../../program/review-step.ts';
import { ACME, OFFICE, acmeWith, parseOrThrow } from './example.ts';

const MONDAY = '2026-11-16T15:00:00.000Z';
const NOBODY: ReadonlySet<string> = new Set();
const TWO_MANAGERS = parseOrThrow(acmeWith('members: [manager]', 'members: [manager, manager2]'));

describe('openStep', () => {
  it('asks the default manager of a partner that has none, within one business day', () => {
    expect(openStep(ACME, 'partner_manager', null, NOBODY, MONDAY, OFFICE)).toEqual({
      name: 'partner_manager',
      role: 'partner_manager',
      approver: 'manager',
      mayDecide: ['manager', 'director', 'vp'],
      openedAt: MONDAY,
      dueAt: '2026-11-17T15:00:00.000Z',
      silence: 'escalate',
    });
  });

  it.each([
    ['a manager of its own', 'manager2', 'manager2', ['manager2', 'manager', 'director', 'vp']],
    ['a manager who decides higher up', 'director', 'director', ['director', 'manager', 'manager2', 'vp']],
    ['a manager who decides nothing', 'rep', 'manager', ['manager', 'manager2', 'director', 'vp']],
    ['a manager nobody knows', 'nobody', 'manager', ['manager', 'manager2', 'director', 'vp']],
  ])('asks, for a partner with %s', (_what, named, approver, mayDecide) => {
    expect(openStep(TWO_MANAGERS, 'partner_manager', named, NOBODY, MONDAY, OFFICE)).toMatchObject({ approver, mayDecide });
  });

  it("does not ask the partner's manager in a director's step", () => {
    expect(openStep(ACME, 'director', 'manager', NOBODY, MONDAY, OFFICE)).toMatchObject({
      approver: 'director',
      mayDecide: ['director', 'vp'],
    });
  });

  it.each([
    ['the director', 'director', ['director', 'vp'], '2026-11-17T15:00:00.000Z', 'escalate'],
    ['the VP', 'vp', ['vp'], '2026-11-19T15:00:00.000Z', 'keep_asking'],
  ])('gives %s the declared time and answer to silence', (_who, role, mayDecide, dueAt, silence) => {
    expect(openStep(ACME, role, null, NOBODY, MONDAY, OFFICE)).toMatchObject({ role, mayDecide, dueAt, silence });
  });

  it.each([
    ['another member of the role', TWO_MANAGERS, ['manager'], 'partner_manager', 'manager2', ['manager2', 'director', 'vp']],
    ['the next role up', ACME, ['manager'], 'director', 'director', ['director', 'vp']],
    ['two roles up', ACME, ['manager', 'director'], 'vp', 'vp', ['vp']],
  ])('passes an excluded person over to %s', (_what, program, excluded, role, approver, mayDecide) => {
    expect(openStep(program, 'partner_manager', null, new Set(excluded), MONDAY, OFFICE)).toMatchObject({
      role,
      name: role,
      approver,
      mayDecide,
    });
  });

  it("passes over the partner's own manager to the default one", () => {
    expect(openStep(TWO_MANAGERS, 'partner_manager', 'manager2', new Set(['manager2']), MONDAY, OFFICE)).toMatchObject({
      approver: 'manager',
    });
  });

  it('leaves out excluded people who are not asked, too', () => {
    expect(openStep(ACME, 'partner_manager', null, new Set(['vp']), MONDAY, OFFICE).mayDecide).toEqual(['manager', 'director']);
  });

  it('has no approver when everybody is excluded, and keeps asking at the top', () => {
    const everybody = new Set(['manager', 'director', 'vp']);
    expect(openStep(ACME, 'partner_manager', null, everybody, MONDAY, OFFICE)).toMatchObject({
      role: 'vp',
      approver: null,
      mayDecide: [],
      silence: 'keep_asking',
    });
  });

  it.each(['rep', 'partner_marketing', 'auto'])('knows no step of %s', (role) => {
    expect(() => openStep(ACME, role, null, NOBODY, MONDAY, OFFICE)).toThrow('not on the ladder');
  });
});

describe('nextStep', () => {
  const opened = openStep(ACME, 'partner_manager', null, NOBODY, MONDAY, OFFICE);
  const atDirector = openStep(ACME, 'director', null, NOBODY, MONDAY, OFFICE);
  const atVp = openStep(ACME, 'vp', null, NOBODY, MONDAY, OFFICE);

  it('climbs from the partner manager over the director to the VP', () => {
    const second = nextStep(ACME, opened, null, NOBODY, opened.dueAt, OFFICE);
    expect(second).toMatchObject({
      kind: 'escalated',
      step: { role: 'director', openedAt: '2026-11-17T15:00:00.000Z', dueAt: '2026-11-18T15:00:00.000Z' },
    });
    if (second.kind === 'deemed') throw new Error('the director is asked');
    const third = nextStep(ACME, second.step, null, NOBODY, second.step.dueAt, OFFICE);
    expect(third).toMatchObject({
      kind: 'escalated',
      step: { role: 'vp', openedAt: '2026-11-18T15:00:00.000Z', dueAt: '2026-11-23T15:00:00.000Z' },
    });
  });

  it('keeps asking the VP, with a new deadline and the first opening, and calls for attention', () => {
    const again = nextStep(ACME, atVp, null, NOBODY, atVp.dueAt, OFFICE);
    expect(again).toEqual({ kind: 'asked_again', needsAttention: true, step: { ...atVp, dueAt: '2026-11-24T15:00:00.000Z' } });
  });

  it('climbs past a director who is excluded', () => {
    expect(nextStep(ACME, opened, null, new Set(['director']), opened.dueAt, OFFICE)).toMatchObject({
      kind: 'escalated',
      step: { role: 'vp', approver: 'vp' },
    });
  });

  it('asks the same again when nobody above is free', () => {
    expect(nextStep(ACME, atDirector, null, new Set(['vp']), atDirector.dueAt, OFFICE)).toMatchObject({
      kind: 'asked_again',
      step: { role: 'director', approver: 'director', mayDecide: ['director'], openedAt: MONDAY, dueAt: '2026-11-18T15:00:00.000Z' },
    });
  });

  it('does not climb where the program keeps asking', () => {
    const patient = parseOrThrow(
      acmeWith(
        "approvalLimit: '100000.00', deadline: 1 business day, silence: escalate",
        "approvalLimit: '100000.00', deadline: 1 business day, silence: keep_asking",
      ),
    );
    const step = openStep(patient, 'partner_manager', null, NOBODY, MONDAY, OFFICE);
    expect(nextStep(patient, step, null, NOBODY, step.dueAt, OFFICE)).toMatchObject({
      kind: 'asked_again',
      step: { role: 'partner_manager' },
    });
  });
});

describe('a planned step', () => {
  const planned = { role: 'director', deadline: { amount: 10, unit: 'business_days' }, silence: 'approve' } as const;

  it('has its own deadline and answer to silence', () => {
    expect(openStep(ACME, planned, null, NOBODY, MONDAY, OFFICE)).toMatchObject({
      role: 'director',
      dueAt: '2026-12-01T15:00:00.000Z',
      silence: 'approve',
      deadline: planned.deadline,
    });
  });

  it('leaves them behind when another role answers in its place', () => {
    const climbed = openStep(ACME, planned, null, new Set(['director']), MONDAY, OFFICE);
    expect(climbed).toMatchObject({ role: 'vp', dueAt: '2026-11-19T15:00:00.000Z', silence: 'keep_asking' });
    expect(climbed).not.toHaveProperty('deadline');
  });

  it('is put again with the time that it was given first', () => {
    const step = openStep(ACME, { ...planned, silence: 'keep_asking' }, null, NOBODY, MONDAY, OFFICE);
    expect(nextStep(ACME, step, null, NOBODY, step.dueAt, OFFICE)).toMatchObject({
      kind: 'asked_again',
      step: { role: 'director', dueAt: '2026-12-15T15:00:00.000Z', silence: 'keep_asking' },
    });
  });
});

describe('a step whose time runs from the submission', () => {
  const planned = { role: 'director', deadline: { amount: 10, unit: 'days' }, silence: 'approve', from: 'submission' } as const;
  const opened = (submittedAt: string, step: typeof planned | Omit<typeof planned, 'from'> = planned, excluded = NOBODY) =>
    openStep(ACME, step, null, excluded, MONDAY, OFFICE, submittedAt);

  it.each([
    ['asked at once', MONDAY, '2026-11-26T15:00:00.000Z'],
    ['asked after three days', '2026-11-13T15:00:00.000Z', '2026-11-23T15:00:00.000Z'],
    ['asked in its last millisecond', '2026-11-06T15:00:00.001Z', '2026-11-16T15:00:00.001Z'],
    ['asked when it is over', '2026-11-06T15:00:00.000Z', MONDAY],
    ['asked later: not in the past', '2026-10-01T15:00:00.000Z', MONDAY],
  ])('is due that long after the receipt: %s', (_when, submittedAt, dueAt) => {
    expect(opened(submittedAt)).toMatchObject({ role: 'director', openedAt: MONDAY, dueAt });
  });

  it('is due that long after it is asked where it does not say so', () => {
    const { from: _from, ...plain } = planned;
    expect(opened('2026-11-13T15:00:00.000Z', plain).dueAt).toBe('2026-11-26T15:00:00.000Z');
  });

  it("takes the time of its role's rung where it names none", () => {
    const step = openStep(
      ACME,
      { role: 'vp', deadline: null, silence: null, from: 'submission' },
      null,
      NOBODY,
      MONDAY,
      OFFICE,
      '2026-11-13T15:00:00.000Z',
    );
    expect(step.dueAt).toBe('2026-11-18T15:00:00.000Z');
  });

  it('leaves whoever stands in the full time of the own role', () => {
    expect(opened('2026-11-13T15:00:00.000Z', planned, new Set(['director']))).toMatchObject({
      role: 'vp',
      dueAt: '2026-11-19T15:00:00.000Z',
    });
  });

  it('is put again with the full time, and never in the past', () => {
    const step = openStep(ACME, { ...planned, silence: 'keep_asking' }, null, NOBODY, MONDAY, OFFICE, '2026-10-01T15:00:00.000Z');
    expect(nextStep(ACME, step, null, NOBODY, step.dueAt, OFFICE)).toMatchObject({
      kind: 'asked_again',
      step: { dueAt: '2026-11-26T15:00:00.000Z' },
    });
  });
});

describe('who granted an earlier step', () => {
  it.each([
    [
      'is passed over for another member',
      'partner_manager',
      ['manager'],
      { role: 'partner_manager', approver: 'manager2', mayDecide: ['manager2', 'director', 'vp'] },
    ],
    ['is passed over for the next role', 'director', ['director'], { role: 'vp', approver: 'vp', mayDecide: ['vp'] }],
    ['is asked again where nobody else is left', 'vp', ['vp'], { role: 'vp', approver: 'vp', mayDecide: ['vp'] }],
  ])('%s', (_what, role, spent, expected) => {
    const deciders = { excluded: NOBODY, spent: new Set(spent) };
    expect(openStep(TWO_MANAGERS, role, null, deciders, MONDAY, OFFICE)).toMatchObject(expected);
  });

  it('is never asked where a stake in the deal forbids it', () => {
    const deciders = { excluded: new Set(['vp']), spent: new Set(['vp']) };
    expect(openStep(ACME, 'vp', null, deciders, MONDAY, OFFICE)).toMatchObject({ approver: null, mayDecide: [] });
  });
});

describe('silence', () => {
  const asked = (silence: 'approve' | 'deny' | 'reassign') =>
    openStep(TWO_MANAGERS, { role: 'partner_manager', deadline: null, silence }, null, NOBODY, MONDAY, OFFICE);

  it.each(['approve', 'deny'] as const)('that is to %s is an answer', (silence) => {
    const step = asked(silence);
    expect(nextStep(TWO_MANAGERS, step, null, NOBODY, step.dueAt, OFFICE)).toEqual({ kind: 'deemed', decision: silence });
  });

  it('that may not be taken for a yes asks the next role', () => {
    const step = asked('approve');
    expect(askOn(TWO_MANAGERS, step, null, NOBODY, step.dueAt, OFFICE)).toMatchObject({ kind: 'escalated', step: { role: 'director' } });
  });

  it('reassigns to another member, and then to the next role', () => {
    const first = asked('reassign');
    const second = nextStep(TWO_MANAGERS, first, null, NOBODY, first.dueAt, OFFICE);
    expect(second).toMatchObject({
      kind: 'reassigned',
      step: {
        role: 'partner_manager',
        approver: 'manager2',
        openedAt: first.dueAt,
        dueAt: '2026-11-18T15:00:00.000Z',
        silence: 'reassign',
      },
    });
    if (second.kind === 'deemed') throw new Error('somebody else is asked');
    expect(nextStep(TWO_MANAGERS, second.step, null, NOBODY, second.step.dueAt, OFFICE)).toMatchObject({
      kind: 'escalated',
      step: { role: 'director', approver: 'director' },
    });
  });

  it('does not reassign to somebody with a stake in the deal', () => {
    const step = asked('reassign');
    expect(nextStep(TWO_MANAGERS, step, null, new Set(['manager2']), step.dueAt, OFFICE)).toMatchObject({
      kind: 'escalated',
      step: { role: 'director' },
    });
  });
});
