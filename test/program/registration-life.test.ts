import {
  isComplete,
  isUndecided,
  nextDeadline,
  refusalOf,
  SUBMITTED,
  type RegistrationCommand,
  type RegistrationState,
} from '../../program/registration-life.ts';
import type { ReviewStep } from '../../program/review-step.ts';
import { REGISTRATION_STATUSES, type RegistrationStatus } from '../../program/vocabulary.ts';

const NOW = '2026-03-02T12:00:00.000Z';
const BEFORE = '2026-03-02T11:59:59.999Z';
const AFTER = '2026-03-02T12:00:00.001Z';

const STEP: ReviewStep = {
  name: 'partner_manager',
  role: 'partner_manager',
  approver: 'manager',
  mayDecide: ['manager', 'director', 'vp'],
  openedAt: BEFORE,
  dueAt: AFTER,
  silence: 'escalate',
};

function state(status: RegistrationStatus, more: Partial<RegistrationState> = {}): RegistrationState {
  return { ...SUBMITTED, status, ...more };
}

const decide = (actor: string): RegistrationCommand => ({ kind: 'decide', decision: 'approve', actor });
const protectedUntil = (until: string) => ({ protection: { from: BEFORE, until } });

describe('refusalOf', () => {
  it.each([
    ['the approver of the open step', state('in_review', { step: STEP }), decide('manager'), null],
    ['somebody above', state('in_review', { step: STEP }), decide('vp'), null],
    ['a rep', state('in_review', { step: STEP }), decide('rep'), 'ACTOR_MAY_NOT_DECIDE'],
    ['nobody while an earlier claim is undecided', state('in_review', { waitingFor: ['x'] }), decide('vp'), 'STATE_DOES_NOT_ALLOW'],
    ['nobody before the verdict', state('submitted'), decide('vp'), 'STATE_DOES_NOT_ALLOW'],
    ['nobody once it is approved', state('approved', protectedUntil(AFTER)), decide('vp'), 'STATE_DOES_NOT_ALLOW'],
    ['nobody while it is returned', state('returned'), decide('vp'), 'STATE_DOES_NOT_ALLOW'],
  ] as const)('lets decide: %s', (_who, current, command, code) => {
    expect(refusalOf(current, command, NOW)?.code ?? null).toBe(code);
  });

  it('says who may decide', () => {
    expect(refusalOf(state('in_review', { step: STEP }), decide('rep'), NOW)?.message).toContain('manager, director, vp');
  });

  it.each([
    ['before the end', AFTER, null],
    ['at the end', NOW, 'EXTENSION_NOT_ALLOWED'],
    ['after the end', BEFORE, 'EXTENSION_NOT_ALLOWED'],
  ] as const)('takes an extension asked for %s', (_when, until, code) => {
    expect(refusalOf(state('approved', protectedUntil(until)), { kind: 'extend', days: 30, actor: 'partner' }, NOW)?.code ?? null).toBe(
      code,
    );
  });

  it.each([
    ['in time', { appealUntil: AFTER }, null],
    ['at the end of the time', { appealUntil: NOW }, 'APPEAL_NOT_ALLOWED'],
    ['a second time', { appealUntil: AFTER, appealed: true }, 'APPEAL_NOT_ALLOWED'],
    ['when the time is over', {}, 'APPEAL_NOT_ALLOWED'],
  ] as const)('takes an appeal %s', (_when, more, code) => {
    expect(refusalOf(state('denied', more), { kind: 'appeal', actor: 'partner' }, NOW)?.code ?? null).toBe(code);
  });

  const possible: Readonly<Record<'amend' | 'withdraw' | 'close', readonly RegistrationStatus[]>> = {
    amend: ['submitted', 'in_review', 'returned', 'approved'],
    withdraw: ['submitted', 'in_review', 'returned', 'approved'],
    close: ['approved'],
  };
  it.each(REGISTRATION_STATUSES.flatMap((status) => (['amend', 'withdraw', 'close'] as const).map((kind) => [kind, status] as const)))(
    '%s while %s',
    (kind, status) => {
      const command: RegistrationCommand = kind === 'close' ? { kind, outcome: 'won', actor: 'rep' } : { kind, actor: 'partner' };
      expect(refusalOf(state(status), command, NOW) === null).toBe(possible[kind].includes(status));
    },
  );
});

describe('nextDeadline', () => {
  it.each([
    ['a step in review', state('in_review', { step: STEP }), { kind: 'silence', at: AFTER }],
    ['a step of a case, which is the case’s to time', state('in_review', { step: STEP, caseId: 'c' }), null],
    ['a claim that waits for another', state('in_review', { waitingFor: ['x'] }), null],
    ['a returned claim', state('returned', { returnedUntil: AFTER }), { kind: 'lapse', at: AFTER }],
    ['a protection', state('approved', protectedUntil(AFTER)), { kind: 'expiry', at: AFTER }],
    ['a denied claim', state('denied', { appealUntil: AFTER }), { kind: 'appeal_end', at: AFTER }],
    ['a denied claim on the waitlist', state('denied', { appealUntil: AFTER, waitlistedUntil: NOW }), { kind: 'waitlist_end', at: NOW }],
    [
      'a denied claim whose appeal time ends first',
      state('denied', { appealUntil: NOW, waitlistedUntil: AFTER }),
      { kind: 'appeal_end', at: NOW },
    ],
    ['a withdrawn claim', state('withdrawn'), null],
  ] as const)('of %s', (_what, current, expected) => {
    expect(nextDeadline(current)).toEqual(expected);
  });
});

describe('isComplete', () => {
  it.each([
    ['denied, and may be appealed', state('denied', { appealUntil: AFTER }), false],
    ['denied, and on the waitlist', state('denied', { waitlistedUntil: AFTER }), false],
    ['denied, and nothing left', state('denied'), true],
    ['approved', state('approved', protectedUntil(AFTER)), false],
    ['won', state('won'), true],
    ['returned', state('returned'), false],
  ] as const)('%s', (_what, current, expected) => {
    expect(isComplete(current)).toBe(expected);
  });

  it('never completes what is undecided', () => {
    for (const status of REGISTRATION_STATUSES) if (isUndecided(status)) expect(isComplete(state(status))).toBe(false);
  });
});
