import { refusalOf } from '../../program/command-refusal.ts';
import { isComplete, nextDeadline, nextMove } from '../../program/registration-deadline.ts';
import {
  attentionOf,
  closed,
  decidersOf,
  isUndecided,
  SUBMITTED,
  withQuestion,
  type RegistrationCommand,
  type RegistrationState,
} from '../../program/registration-life.ts';
import { REGISTRATION_STATUSES, type RegistrationStatus } from '../../program/vocabulary.ts';
import { exampleApproval, exampleStep } from '../support/open-step.ts';

const NOW = '2026-03-02T12:00:00.000Z';
const BEFORE = '2026-03-02T11:59:59.999Z';
const AFTER = '2026-03-02T12:00:00.001Z';

/** When an extension that is asked for would end. */
const OVER = '2026-04-02T12:00:00.000Z';
const LONG_AFTER = '2026-04-02T12:00:00.001Z';

const ASKED = exampleApproval([exampleStep({ openedAt: BEFORE, dueAt: AFTER })]);

function state(status: RegistrationStatus, more: Partial<RegistrationState> = {}): RegistrationState {
  return { ...SUBMITTED, status, ...more };
}

const decide = (actor: string): RegistrationCommand => ({ kind: 'decide', decision: 'approve', actor });
const protectedUntil = (until: string) => ({ protection: { from: BEFORE, until } });
const EXTEND: RegistrationCommand = { kind: 'extend', days: 30, actor: 'partner' };
const pending = (suspendsExpiry: boolean, dueAt = AFTER) => ({
  extension: {
    approval: exampleApproval([exampleStep({ openedAt: BEFORE, dueAt })], { kind: 'extension' }),
    until: OVER,
    askedBy: 'partner',
    suspendsExpiry,
  },
});
const expiredUntil = (extensibleUntil: string | null) =>
  state('expired', { expired: { protection: { from: '2026-01-01T00:00:00.000Z', until: BEFORE }, extensibleUntil } });

describe('refusalOf', () => {
  it.each([
    ['the approver of the open step', state('in_review', { approval: ASKED }), decide('manager'), null],
    ['somebody above', state('in_review', { approval: ASKED }), decide('vp'), null],
    ['a rep', state('in_review', { approval: ASKED }), decide('rep'), 'ACTOR_MAY_NOT_DECIDE'],
    ['nobody while an earlier claim is undecided', state('in_review', { waitingFor: ['x'] }), decide('vp'), 'STATE_DOES_NOT_ALLOW'],
    ['nobody before the verdict', state('submitted'), decide('vp'), 'STATE_DOES_NOT_ALLOW'],
    ['nobody once it is approved', state('approved', protectedUntil(AFTER)), decide('vp'), 'STATE_DOES_NOT_ALLOW'],
    ['nobody while it is returned', state('returned'), decide('vp'), 'STATE_DOES_NOT_ALLOW'],
  ] as const)('lets decide: %s', (_who, current, command, code) => {
    expect(refusalOf(current, command, NOW)?.code ?? null).toBe(code);
  });

  it('says who may decide', () => {
    expect(refusalOf(state('in_review', { approval: ASKED }), decide('rep'), NOW)?.message).toContain('manager, director, vp');
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
    ['in the time after the end', expiredUntil(AFTER), null],
    ['when that is over', expiredUntil(NOW), 'EXTENSION_NOT_ALLOWED'],
    ['where the program does not take it after the end', expiredUntil(null), 'STATE_DOES_NOT_ALLOW'],
    ['while another one is open', state('approved', { ...protectedUntil(AFTER), ...pending(false) }), 'EXTENSION_NOT_ALLOWED'],
  ] as const)('takes a late extension %s', (_when, current, code) => {
    expect(refusalOf(current, EXTEND, NOW)?.code ?? null).toBe(code);
  });

  it.each([
    ['by who is asked', 'approve', 'manager', null],
    ['by who is not', 'deny', 'rep', 'ACTOR_MAY_NOT_DECIDE'],
    ['but not by giving it back', 'return', 'manager', 'STATE_DOES_NOT_ALLOW'],
  ] as const)('lets an extension be decided %s', (_who, decision, actor, code) => {
    for (const current of [
      state('approved', { ...protectedUntil(AFTER), ...pending(true) }),
      { ...expiredUntil(AFTER), ...pending(false) },
    ])
      expect(refusalOf(current, { kind: 'decide', decision, actor }, NOW)?.code ?? null).toBe(code);
  });

  it('calls a closing off only while there is one', () => {
    const closing = { outcome: 'won', at: AFTER, actor: 'rep' } as const;
    const reopen: RegistrationCommand = { kind: 'reopen', actor: 'salesforce' };
    expect(refusalOf(state('approved', { ...protectedUntil(AFTER), closing }), reopen, NOW)).toBeNull();
    expect(refusalOf(state('approved', protectedUntil(AFTER)), reopen, NOW)?.code).toBe('STATE_DOES_NOT_ALLOW');
  });

  it.each([
    ['in time', { appealUntil: AFTER }, null],
    ['at the end of the time', { appealUntil: NOW }, 'APPEAL_NOT_ALLOWED'],
    ['once more where the program hears several', { appealUntil: AFTER, appealed: true, appeals: 1 }, null],
    ['a second time where it hears one', { appealed: true, appeals: 1 }, 'APPEAL_NOT_ALLOWED'],
    ['when the time is over', {}, 'APPEAL_NOT_ALLOWED'],
  ] as const)('takes an appeal %s', (_when, more, code) => {
    expect(refusalOf(state('denied', more), { kind: 'appeal', actor: 'partner' }, NOW)?.code ?? null).toBe(code);
  });

  const kinds = ['amend', 'withdraw', 'close', 'revoke', 'transfer'] as const;
  const possible: Readonly<Record<(typeof kinds)[number], readonly RegistrationStatus[]>> = {
    amend: ['submitted', 'in_review', 'returned', 'approved'],
    withdraw: ['submitted', 'in_review', 'returned', 'approved'],
    close: ['approved'],
    revoke: ['approved'],
    transfer: ['approved'],
  };
  it.each(REGISTRATION_STATUSES.flatMap((status) => kinds.map((kind) => [kind, status] as const)))('%s while %s', (kind, status) => {
    const actor = 'director';
    const command: RegistrationCommand =
      kind === 'close' ? { kind, outcome: 'won', actor } : kind === 'transfer' ? { kind, partnerId: 'p', actor } : { kind, actor };
    expect(refusalOf(state(status), command, NOW) === null).toBe(possible[kind].includes(status));
  });
});

describe('nextDeadline', () => {
  it.each([
    ['a step in review', state('in_review', { approval: ASKED }), { kind: 'question', at: AFTER }],
    ['a step of a case, which is the case’s to time', state('in_review', { approval: ASKED, caseId: 'c' }), null],
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
    ['a claim that came in during a freeze', state('submitted', { frozenUntil: AFTER }), { kind: 'freeze_end', at: AFTER }],
    ['a reminder before the end', state('approved', { ...protectedUntil(AFTER), reminders: [NOW] }), { kind: 'reminder', at: NOW }],
    [
      'the end before a reminder at the same time',
      state('approved', { ...protectedUntil(NOW), reminders: [NOW] }),
      { kind: 'expiry', at: NOW },
    ],
    [
      'an open extension that does not suspend the end',
      state('approved', { ...protectedUntil(NOW), ...pending(false) }),
      { kind: 'expiry', at: NOW },
    ],
    [
      'an open extension that does',
      state('approved', { ...protectedUntil(NOW), ...pending(true) }),
      { kind: 'extension_question', at: AFTER },
    ],
    [
      'an open extension that is over before anybody has to answer',
      state('approved', { ...protectedUntil(NOW), ...pending(true, LONG_AFTER) }),
      { kind: 'extension_over', at: OVER },
    ],
    [
      'an expired claim with such an extension',
      { ...expiredUntil(null), ...pending(false, LONG_AFTER) },
      { kind: 'extension_over', at: OVER },
    ],
    [
      'the end of an extension before the question about it at the same time',
      { ...expiredUntil(null), ...pending(false, OVER) },
      { kind: 'extension_over', at: OVER },
    ],
    [
      'a claim about to be closed',
      state('approved', { ...protectedUntil(NOW), closing: { outcome: 'won', at: AFTER, actor: 'rep' } }),
      { kind: 'close', at: AFTER },
    ],
    ['an expired claim that may still be prolonged', expiredUntil(AFTER), { kind: 'late_extension_end', at: AFTER }],
    ['an expired claim with an open extension', { ...expiredUntil(null), ...pending(false) }, { kind: 'extension_question', at: AFTER }],
  ] as const)('of %s', (_what, current, expected) => {
    expect(nextDeadline(current)).toEqual(expected);
  });
});

describe('nextMove', () => {
  it('passes over reminders', () => {
    expect(nextMove(state('approved', { ...protectedUntil(AFTER), reminders: [NOW] }))).toEqual({ kind: 'expiry', at: AFTER });
  });
});

describe('isComplete', () => {
  it.each([
    ['denied, and may be appealed', state('denied', { appealUntil: AFTER }), false],
    ['denied, and on the waitlist', state('denied', { waitlistedUntil: AFTER }), false],
    ['denied, and nothing left', state('denied'), true],
    ['approved', state('approved', protectedUntil(AFTER)), false],
    ['expired, and may be prolonged', expiredUntil(AFTER), false],
    ['expired, and somebody still decides about more time', { ...expiredUntil(null), ...pending(false) }, false],
    ['expired, and nothing left', expiredUntil(null), true],
    ['won', state('won'), true],
    ['returned', state('returned'), false],
  ] as const)('%s', (_what, current, expected) => {
    expect(isComplete(current)).toBe(expected);
  });

  it('never completes what is undecided', () => {
    for (const status of REGISTRATION_STATUSES) if (isUndecided(status)) expect(isComplete(state(status))).toBe(false);
  });
});

describe('decidersOf', () => {
  const decided = (by: string): RegistrationState['decision'] => ({ outcome: 'deny', by, at: NOW, reasons: [] });

  it.each<[string, Pick<RegistrationState, 'decidedBefore' | 'decision'>, readonly string[]]>([
    ['nobody yet', { decidedBefore: [], decision: null }, []],
    ['the program, who is nobody', { decidedBefore: [], decision: decided('program') }, []],
    ['whoever decided last, after those before', { decidedBefore: ['manager'], decision: decided('director') }, ['manager', 'director']],
    ['each once', { decidedBefore: ['manager'], decision: decided('manager') }, ['manager']],
  ])('are %s', (_who, state, expected) => {
    expect(decidersOf(state)).toEqual(expected);
  });
});

describe('attentionOf', () => {
  const stuck = exampleApproval([exampleStep({ approver: null })]);
  const { extension: moving } = pending(true);
  const extended = (approval = moving.approval) => ({ extension: { ...moving, approval } });
  const transferred = (approval = ASKED) => ({ transfer: { approval, partnerId: 'p', askedBy: 'vp' } });

  it.each<[string, Partial<RegistrationState>, boolean]>([
    ['nothing that is open', {}, false],
    ['questions that all move', { approval: ASKED, ...extended(), ...transferred() }, false],
    ['the question about the claim', { approval: stuck }, true],
    ['the question of its case', { approval: stuck, caseId: 'c' }, true],
    ['an extension beside a transfer that moves', { ...extended(stuck), ...transferred() }, true],
    ['a transfer beside an extension that moves', { ...extended(), ...transferred(stuck) }, true],
    ['what was remarked on', { remarked: true }, true],
    ['what was remarked on beside a question that moves', { remarked: true, ...extended() }, true],
  ])('is called for by %s', (_what, more, expected) => {
    expect(attentionOf(state('approved', more))).toBe(expected);
  });

  it('is called for as long as another question does, whatever becomes of the one about the claim', () => {
    const asked = state('in_review', { approval: ASKED });
    expect(withQuestion(asked, stuck).needsAttention).toBe(true);
    expect(withQuestion({ ...asked, ...transferred(stuck) }, ASKED).needsAttention).toBe(true);
    expect(withQuestion({ ...asked, approval: stuck, needsAttention: true }, ASKED).needsAttention).toBe(false);
  });

  it('is called for by nothing any more once everything open is closed', () => {
    const left = closed(state('approved', { remarked: true, ...extended(stuck), ...transferred(stuck), needsAttention: true }));
    expect([left.needsAttention, attentionOf(left)]).toEqual([false, false]);
  });
});
