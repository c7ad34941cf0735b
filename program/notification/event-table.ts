import type { ChannelName } from './channel.ts';
import type { ClaimEventType } from './claim-event.ts';
import type { QuestionEventType } from './question-event.ts';

export type EventType = ClaimEventType | QuestionEventType;

/** Partners learn what becomes of their claims, users what they are asked. */
export type EventAudience = 'partner' | 'user';

/** Everything that somebody is told, to whom, and when: what the document about messages shows. */
export const EVENTS: Readonly<Record<EventType, { readonly audience: EventAudience; readonly when: string }>> = {
  'registration.received': { audience: 'partner', when: 'It was kept and looked at for the first time, or put off by a freeze.' },
  'registration.in_review': {
    audience: 'partner',
    when: 'People decide it; again whenever another role is asked or the time is another one.',
  },
  'registration.returned': { audience: 'partner', when: 'Something is missing or wrong: what, and until when it may be mended.' },
  'registration.approved': { audience: 'partner', when: 'It was approved: on which product lines, and how long they are protected.' },
  'registration.denied': {
    audience: 'partner',
    when: 'It was denied: why, whether it is on the waitlist, and until when it may be appealed.',
  },
  'registration.appealed': { audience: 'partner', when: 'An appeal was taken up: who decides it, and by when.' },
  'registration.promoted': { audience: 'partner', when: 'It moved up from the waitlist and is judged again.' },
  'registration.lapsed': { audience: 'partner', when: 'It was returned and not completed in time.' },
  'registration.withdrawn': { audience: 'partner', when: 'It was withdrawn.' },
  'registration.protection_ending': { audience: 'partner', when: 'A reminder that the program declares: the protection ends soon.' },
  'registration.extension_requested': { audience: 'partner', when: 'Further time was asked for, and somebody has to grant it.' },
  'registration.extension_granted': { audience: 'partner', when: 'Further time was granted, also after the end.' },
  'registration.extension_denied': { audience: 'partner', when: 'Further time was not granted.' },
  'registration.expired': { audience: 'partner', when: 'The protection ended.' },
  'registration.revoked': { audience: 'partner', when: 'The protection was taken away: why.' },
  'registration.transferred': { audience: 'partner', when: 'It was given to another partner; both are told, neither of the other.' },
  'registration.won': { audience: 'partner', when: 'The opportunity was won.' },
  'registration.lost': { audience: 'partner', when: 'The opportunity was lost.' },
  'registration.commented': { audience: 'partner', when: 'Somebody wrote to the partner.' },
  'case.opened': {
    audience: 'partner',
    when: 'A conflict goes to an arbiter, or its outcome was appealed; each side is asked for its statement.',
  },
  'case.settled': { audience: 'partner', when: 'The conflict was settled: what that means for this side.' },
  'question.asked': { audience: 'user', when: 'A question is theirs to answer.' },
  'question.asked_again': { audience: 'user', when: 'Nobody answered in time, and they are asked again.' },
  'question.due_soon': { audience: 'user', when: 'The time for their answer is nearly over.' },
  'question.escalated': { audience: 'user', when: 'A question moved up to them.' },
  'question.reassigned': { audience: 'user', when: 'A question was given or delegated to them.' },
  'question.taken_away': { audience: 'user', when: 'A question is not theirs any more.' },
  'question.overdue': { audience: 'user', when: 'The role below them does not answer.' },
  'question.answered': { audience: 'user', when: 'Somebody else answered what they were asked.' },
  'question.attention_needed': { audience: 'user', when: 'To the owner of the program: nothing happens by itself any more.' },
};

/** By which channels each audience is told. A channel that is added here needs its line in `CHANNELS`, and a `Channel` in `notify/`. */
export const CHANNELS_OF: Readonly<Record<EventAudience, readonly ChannelName[]>> = {
  partner: ['webhook', 'email'],
  user: ['email'],
};
