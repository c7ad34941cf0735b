import { eventsOfTransition, type ToldEvent, type TransitionFacts } from '../../../program/notification/transition-events.ts';
import { closed, SUBMITTED, type RegistrationState } from '../../../program/registration-life.ts';
import type { Approval } from '../../../program/approval/approval.ts';
import type { ReviewStep } from '../../../program/approval/step.ts';
import { exampleApproval, exampleStep } from '../../support/open-step.ts';

const AT = '2026-11-16T15:00:00.000Z';
const DUE = '2026-11-17T22:00:00.000Z';
const UNTIL = '2027-02-14T15:00:00.000Z';
const LATER = '2027-03-16T15:00:00.000Z';
const NO_FACTS: TransitionFacts = { wanted: [], isTransfer: false };

const asking = (changes: Partial<ReviewStep> = {}): { readonly approval: Approval } => ({
  approval: exampleApproval([exampleStep({ openedAt: AT, dueAt: DUE, ...changes })]),
});
const state = (changes: Partial<RegistrationState>): RegistrationState => ({ ...SUBMITTED, ...changes });
const REASONS = [{ rule: 'C02_active_protection', message: 'This customer and product line are already protected.' }];
const inReview = state({ status: 'in_review', ...asking() });
const approved = state({
  status: 'approved',
  protection: { from: AT, until: UNTIL },
  grantedLines: ['platform'],
  reminders: ['2027-01-15T15:00:00.000Z', '2027-02-07T15:00:00.000Z'],
  decision: { outcome: 'approve', by: 'manager', at: AT, reasons: [] },
});
const denied = state({
  status: 'denied',
  decision: { outcome: 'deny', by: 'program', at: AT, reasons: REASONS },
  appealUntil: DUE,
  waitlistedUntil: UNTIL,
  waitlistedBehind: ['another-claim'],
});
const pending = { ...asking({ role: 'director' }), until: LATER, askedBy: 'partner', suspendsExpiry: false };
const expired = state({
  status: 'expired',
  expired: { protection: { from: AT, until: UNTIL }, extensibleUntil: LATER },
  appealUntil: LATER,
});
const asked = { role: 'partner_manager', dueAt: DUE };

const RECEIVED = { type: 'registration.received', frozenUntil: null };

describe('eventsOfTransition', () => {
  const told = (before: RegistrationState, after: RegistrationState, facts = NO_FACTS): readonly ToldEvent['event'][] =>
    eventsOfTransition(before, after, facts).map(({ event }) => event);

  it.each([
    [
      'approved at once',
      SUBMITTED,
      approved,
      [RECEIVED, { type: 'registration.approved', lines: ['platform'], protectedUntil: UNTIL, reasons: [] }],
    ],
    [
      'denied at once',
      SUBMITTED,
      denied,
      [RECEIVED, { type: 'registration.denied', reasons: REASONS, waitlistedUntil: UNTIL, appealUntil: DUE }],
    ],
    ['left to people', SUBMITTED, inReview, [RECEIVED, { type: 'registration.in_review', asked }]],
    [
      'waiting for an earlier claim, which reads as any other review',
      SUBMITTED,
      state({ status: 'in_review', waitingFor: ['another-claim'] }),
      [RECEIVED, { type: 'registration.in_review', asked: null }],
    ],
    ['put off by a freeze', SUBMITTED, state({ frozenUntil: UNTIL }), [{ type: 'registration.received', frozenUntil: UNTIL }]],
    ['judged after a freeze: received was told', state({ frozenUntil: UNTIL }), inReview, [{ type: 'registration.in_review', asked }]],
    ['withdrawn before it was judged', SUBMITTED, state({ status: 'withdrawn' }), [RECEIVED, { type: 'registration.withdrawn' }]],
    ['asked after waiting', state({ status: 'in_review', waitingFor: ['x'] }), inReview, [{ type: 'registration.in_review', asked }]],
    ['judged again to the same question', inReview, { ...inReview, needsAttention: true }, []],
    ['asked of somebody else of the role', inReview, state({ status: 'in_review', ...asking({ approver: 'other' }) }), []],
    [
      'moved up the ladder',
      inReview,
      state({ status: 'in_review', ...asking({ role: 'director', dueAt: LATER }) }),
      [{ type: 'registration.in_review', asked: { role: 'director', dueAt: LATER } }],
    ],
    [
      'asked again until later',
      inReview,
      state({ status: 'in_review', ...asking({ dueAt: LATER }) }),
      [{ type: 'registration.in_review', asked: { ...asked, dueAt: LATER } }],
    ],
    [
      'released from one of two',
      state({ status: 'in_review', waitingFor: ['x', 'y'] }),
      state({ status: 'in_review', waitingFor: ['y'] }),
      [],
    ],
    ['lapsed', state({ status: 'returned' }), state({ status: 'lapsed' }), [{ type: 'registration.lapsed' }]],
    ['completed, with the verdict to come', state({ status: 'returned' }), state({ status: 'in_review' }), []],
    ['completed, with the question it had', state({ status: 'returned' }), inReview, [{ type: 'registration.in_review', asked }]],
    [
      'completed, and waiting now',
      state({ status: 'in_review' }),
      state({ status: 'in_review', waitingFor: ['x'] }),
      [{ type: 'registration.in_review', asked: null }],
    ],
    [
      'appealed',
      denied,
      state({ status: 'in_review', ...asking({ role: 'director' }), appealed: true, appeals: 1 }),
      [{ type: 'registration.appealed', asked: { role: 'director', dueAt: DUE } }],
    ],
    ['promoted', denied, state({ status: 'in_review' }), [{ type: 'registration.promoted' }]],
    [
      'reminded',
      approved,
      { ...approved, reminders: approved.reminders.slice(1) },
      [{ type: 'registration.protection_ending', protectedUntil: UNTIL }],
    ],
    [
      'reminded of both at once',
      approved,
      { ...approved, reminders: [] },
      [{ type: 'registration.protection_ending', protectedUntil: UNTIL }],
    ],
    ['not reminded of what is won already', { ...approved, closing: CLOSING() }, { ...approved, closing: CLOSING(), reminders: [] }, []],
    ['about to be won', approved, { ...approved, closing: CLOSING() }, []],
    ['looked after by somebody', approved, { ...approved, needsAttention: true }, []],
    ['contested', approved, { ...approved, caseId: 'case-1' }, []],
    [
      'extended at once, with other reminders',
      approved,
      { ...approved, protection: { from: AT, until: LATER }, extensionsUsed: 1, reminders: [] },
      [{ type: 'registration.extension_granted', protectedUntil: LATER }],
    ],
    [
      'with further time asked for',
      approved,
      { ...approved, extension: pending },
      [{ type: 'registration.extension_requested', wouldEndAt: LATER, asked: { role: 'director', dueAt: DUE } }],
    ],
    [
      'asked about further time again',
      { ...approved, extension: pending },
      { ...approved, extension: { ...pending, ...asking({ role: 'vp' }) } },
      [],
    ],
    [
      'denied further time',
      { ...approved, extension: pending },
      approved,
      [{ type: 'registration.extension_denied', protectedUntil: UNTIL }],
    ],
    [
      'granted the time it asked for',
      { ...approved, extension: pending },
      { ...approved, protection: { from: AT, until: LATER }, extensionsUsed: 1 },
      [{ type: 'registration.extension_granted', protectedUntil: LATER }],
    ],
    ['expired', approved, expired, [{ type: 'registration.expired', endedAt: UNTIL, extensibleUntil: LATER, appealUntil: LATER }]],
    [
      'taken back after its end',
      expired,
      { ...approved, protection: { from: AT, until: LATER }, extensionsUsed: 1 },
      [{ type: 'registration.extension_granted', protectedUntil: LATER }],
    ],
    [
      'denied further time after its end',
      { ...expired, extension: pending },
      expired,
      [{ type: 'registration.extension_denied', protectedUntil: null }],
    ],
    [
      'past the time for further time',
      expired,
      { ...expired, expired: { ...(expired.expired as never as object), extensibleUntil: null } as never },
      [],
    ],
    ['past the time for an appeal', denied, { ...denied, appealUntil: null }, []],
    ['off the waitlist', denied, { ...denied, waitlistedUntil: null, waitlistedBehind: [] }, []],
    [
      'revoked',
      approved,
      { ...closed(approved), status: 'revoked', decision: { outcome: 'deny', by: 'vp', at: AT, reasons: REASONS } },
      [{ type: 'registration.revoked', reasons: REASONS, appealUntil: null }],
    ],
    ['won', approved, { ...closed(approved), status: 'won' }, [{ type: 'registration.won' }]],
    ['lost', approved, { ...closed(approved), status: 'lost' }, [{ type: 'registration.lost' }]],
  ] as readonly (readonly [string, RegistrationState, RegistrationState, readonly object[]])[])(
    'tells of a claim that is %s',
    (_what, before, after, events) => {
      expect(told(before, after)).toEqual(events);
    },
  );

  it('tells what is wanted of a claim that is returned, and until when', () => {
    const returned = state({ status: 'returned', returnedUntil: UNTIL });
    expect(told(inReview, returned, { wanted: ['Name the site.'], isTransfer: false })).toEqual([
      { type: 'registration.returned', wanted: ['Name the site.'], until: UNTIL },
    ]);
  });

  it('tells both partners of a transfer, and each its own part', () => {
    expect(eventsOfTransition(approved, approved, { wanted: [], isTransfer: true })).toEqual([
      { to: 'previous_holder', event: { type: 'registration.transferred', direction: 'away', protectedUntil: null } },
      { to: 'holder', event: { type: 'registration.transferred', direction: 'to_you', protectedUntil: UNTIL } },
    ]);
    expect(eventsOfTransition(approved, approved, NO_FACTS)).toEqual([]);
  });
});

function CLOSING(): RegistrationState['closing'] {
  return { outcome: 'won', at: LATER, actor: 'rep' };
}
