import { answeredBy, type Approval } from '../../../program/approval/approval.ts';
import { continueApproval } from '../../../program/approval/continue-approval.ts';
import { isMaterialChange } from '../../../program/approval/material-change.ts';
import { grantStep, openApproval } from '../../../program/approval/open-approval.ts';
import { bareStep, type PlannedStage } from '../../../program/approval/planned-stage.ts';
import { previewApproval, speakStages } from '../../../program/approval/preview-approval.ts';
import { resumedApproval } from '../../../program/approval/resume-approval.ts';
import { ACME, claim, customer } from '../example.ts';
import { asking, away, conflicted, MONDAY, TWO_MANAGERS } from './example.ts';

const MANAGER = bareStep('partner_manager');
const DIRECTOR = bareStep('director');
const VP = bareStep('vp');
const TOGETHER: PlannedStage = { parallel: [DIRECTOR, VP], needs: 'all' };
const LATER = '2026-11-16T17:00:00.000Z';

function granted(approval: Approval, by: string): Approval {
  const step = answeredBy(approval, by);
  const next = step === null ? null : grantStep(asking(), approval, step, by);
  if (next?.kind !== 'open') throw new Error(`${by} was to leave somebody to ask`);
  return next.approval;
}

describe('continueApproval', () => {
  const again = (approval: Approval | null, stages: readonly [PlannedStage, ...PlannedStage[]], isMaterial = false) =>
    continueApproval(asking({ at: LATER }), approval, stages, isMaterial, approval?.lastNumber ?? 0);
  const first = openApproval(asking(), [MANAGER, DIRECTOR], 0);
  const second = granted(first, 'manager');

  it('keeps a question that is asked again, with the deadline that was promised', () => {
    expect(again(first, [MANAGER, VP])).toEqual({ ...first, rest: [VP] });
    expect(again(first, [MANAGER, VP], true)).toEqual({ ...first, rest: [VP] });
  });

  it('keeps one that somebody above was asked already', () => {
    const above = openApproval(asking({ staff: conflicted('manager') }), [MANAGER], 0);
    expect(above.steps[0].role).toBe('director');
    expect(again(above, [MANAGER])).toEqual(above);
  });

  it('asks anew where somebody higher is to be asked', () => {
    expect(again(first, [DIRECTOR])).toMatchObject({ steps: [{ role: 'director', number: 2, openedAt: LATER }] });
  });

  it('keeps what was granted to the same claim', () => {
    expect(again(second, [MANAGER, DIRECTOR])).toEqual(second);
  });

  it.each([
    ['another claim than the one that was granted', [MANAGER, DIRECTOR], true],
    ['another way through the roles', [MANAGER, DIRECTOR, VP], false],
    ['a shorter way', [DIRECTOR], false],
  ] as const)('begins with the first stage again for %s', (_what, stages, isMaterial) => {
    const anew = again(second, [...stages] as [PlannedStage, ...PlannedStage[]], isMaterial);
    expect(anew).toMatchObject({ stage: 0, granted: [], openedAt: LATER });
    expect(anew.lastNumber).toBeGreaterThan(second.lastNumber);
  });

  it('keeps a stage of several with the yes that one of them gave, and begins again for another claim', () => {
    const half = granted(openApproval(asking(), [TOGETHER], 0), 'director');
    expect(again(half, [TOGETHER])).toEqual(half);
    expect(again(half, [TOGETHER], true)).toMatchObject({ granted: [], steps: [{ role: 'director' }, { role: 'vp' }] });
    expect(again(half, [{ parallel: [DIRECTOR, VP], needs: 'any' }])).toMatchObject({ granted: [] });
  });

  it('opens the question where none was', () => {
    expect(again(null, [MANAGER])).toMatchObject({ stage: 0, steps: [{ number: 1 }] });
  });
});

describe('isMaterialChange', () => {
  const program = { ...ACME, routing: { ...ACME.routing, immaterialPercent: '10' } };
  const before = claim({ estimatedValue: { amount: '50000.00', currency: 'USD' } });
  const value = (amount: string, currency = 'USD') => ({ estimatedValue: { amount, currency } });

  it.each([
    ['nothing', {}, false],
    ['the date', { expectedCloseDate: '2027-09-30' }, false],
    ['the value by as much as is tolerated', value('55000.00'), false],
    ['the value by a cent more', value('55000.01'), true],
    ['the value down by as much', value('45000.00'), false],
    ['the value down by a cent more', value('44999.99'), true],
    ['the currency, for about the same value', value('42735.04', 'EUR'), false],
    ['the currency, for a larger one', value('50000.00', 'EUR'), true],
    ['the currency, to one without a rate', value('50000.00', 'UAH'), true],
    ['the order of the lines', { productLines: ['platform'] }, false],
    ['the lines', { productLines: ['platform', 'analytics'] }, true],
    ['the kind', { kind: 'renewal' }, true],
    ['the customer', { customer: customer({ name: 'Southwind Inc' }) }, true],
    ['the facts', { facts: { ...before.facts, quantity: 5 } }, true],
  ] as const)('tells whether people said yes to another claim: %s', (_what, changes, expected) => {
    expect(isMaterialChange(program, before, { ...before, ...(changes as object) })).toBe(expected);
  });

  it('takes any change of the value for material where the program tolerates none', () => {
    expect(isMaterialChange(ACME, before, { ...before, ...value('50000.01') })).toBe(true);
  });
});

describe('previewApproval', () => {
  it('says who would be asked in which order and by when, if everybody took all the time', () => {
    expect(previewApproval(asking(), [MANAGER, TOGETHER])).toMatchObject({
      stages: [
        { steps: [{ approver: 'manager', dueAt: '2026-11-17T15:00:00.000Z' }] },
        {
          needs: 'all',
          steps: [
            { approver: 'director', dueAt: '2026-11-18T15:00:00.000Z' },
            { approver: 'vp', dueAt: '2026-11-20T15:00:00.000Z' },
          ],
        },
      ],
      acknowledgeBy: null,
      decideBy: '2026-11-20T15:00:00.000Z',
    });
  });

  it('resolves absences at the time at which each would be asked', () => {
    const staff = away('manager', { from: '2026-11-17T12:00:00.000Z', delegate: 'manager2' });
    const preview = previewApproval(asking({ program: TWO_MANAGERS, staff }), [DIRECTOR, MANAGER]);
    expect(preview.stages.map(({ steps }) => steps[0]?.approver)).toEqual(['director', 'manager2']);
  });

  it('does not count on one person twice', () => {
    const preview = previewApproval(asking({ program: TWO_MANAGERS }), [MANAGER, MANAGER]);
    expect(preview.stages.map(({ steps }) => steps[0]?.approver)).toEqual(['manager', 'manager2']);
  });

  it('is spoken as people read it', () => {
    expect(speakStages([MANAGER, TOGETHER, { parallel: [DIRECTOR, VP], needs: 'any' }], (role) => role.toUpperCase())).toBe(
      'PARTNER_MANAGER, then DIRECTOR and VP, then DIRECTOR or VP',
    );
  });
});

describe('resumedApproval', () => {
  const SINCE = '2026-11-16T19:00:00.000Z';
  const BACK = '2026-11-18T15:00:00.000Z';
  const opened = openApproval(asking(), [MANAGER], 0);
  const withClock = { ...opened, whole: { dueAt: '2026-11-20T15:00:00.000Z', silence: 'deny' as const } };
  const resumed = (reviewClock: 'restarts' | 'pauses' | 'runs_on') =>
    resumedApproval(asking({ program: { ...ACME, returned: { ...ACME.returned, reviewClock } }, at: BACK }), withClock, SINCE, 3);

  it('is none where the review starts anew', () => {
    expect(resumed('restarts')).toBeNull();
  });

  it('is due when it was where the clock runs on, under a number of its own', () => {
    expect(resumed('runs_on')).toEqual({ ...withClock, steps: [{ ...withClock.steps[0], number: 4 }], lastNumber: 4 });
  });

  it('has what was left of the office time, and of the clock of all of it, where the clock pauses', () => {
    // Due on Tuesday at 10:00 in New York; at its return on Monday at 14:00 three hours of Monday and one of Tuesday were left.
    expect(resumed('pauses')).toMatchObject({
      steps: [{ number: 4, dueAt: '2026-11-18T19:00:00.000Z' }],
      whole: { dueAt: '2026-11-22T11:00:00.000Z' },
    });
    expect(opened.openedAt).toBe(MONDAY);
  });

  it.each([
    ['passed while nobody could answer escalates', '2026-11-18T15:00:00.000Z', 'escalate'],
    ['is still to come is a yes', '2026-11-18T15:00:00.001Z', 'approve'],
  ])('where the clock runs on, silence that is a yes and whose deadline %s', (_which, dueAt, silence) => {
    const silent = { ...opened, steps: [{ ...opened.steps[0], dueAt, silence: 'approve' as const }] as const };
    const program = { ...ACME, returned: { ...ACME.returned, reviewClock: 'runs_on' as const } };
    expect(resumedApproval(asking({ program, at: BACK }), silent, SINCE, 3)?.steps).toMatchObject([{ dueAt, silence }]);
  });

  it('has what was left of a clock of all of it that counts office time, where the clock pauses', () => {
    const whole = { within: { amount: 2, unit: 'business_days', restated: null }, from: 'arrival', silence: 'deny' } as const;
    const program = { ...ACME, clocks: { ...ACME.clocks, whole }, returned: { ...ACME.returned, reviewClock: 'pauses' as const } };
    const clocked = openApproval(asking({ program }), [MANAGER], 0);
    expect(clocked.whole?.dueAt).toBe('2026-11-18T15:00:00.000Z');
    // Twelve hours of office time were left at its return on Monday at 14:00 in New York: seven of Wednesday from 10:00, and five of Thursday.
    expect(resumedApproval(asking({ program, at: BACK }), clocked, SINCE, 1)?.whole?.dueAt).toBe('2026-11-19T19:00:00.000Z');
  });

  it('is not due for a first word any more that was given, also where it is put anew', () => {
    const acknowledgement = { dueAt: BACK, at: SINCE, isMissed: false };
    const anew = continueApproval(asking({ at: BACK }), { ...opened, acknowledgement }, [DIRECTOR], false, 1);
    expect(anew).toMatchObject({ steps: [{ role: 'director', number: 2 }], acknowledgement });
  });
});
