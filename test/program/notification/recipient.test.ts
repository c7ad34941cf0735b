import { ownersOf, recipientOfTold } from '../../../program/notification/recipient.ts';
import { identityOfClaimEvent, identityOfQuestionEvent } from '../../../program/notification/event-identity.ts';
import { CHANNELS } from '../../../program/notification/channel.ts';
import { CHANNELS_OF } from '../../../program/notification/event-table.ts';
import { MESSAGE_FAILURES, needsPerson } from '../../../program/notification/message-failure.ts';
import { ACME } from '../example.ts';
import { CLAIM_EVENTS, QUESTION_EVENTS } from './message-example.ts';

const AT = '2026-11-16T15:00:00.000Z';
const LATER = '2026-11-16T16:00:00.000Z';

describe('ownersOf', () => {
  const withMembers = (role: string, members: readonly string[]) => ({
    ...ACME,
    governance: { ...ACME.governance, roles: ACME.governance.roles.map((one) => (one.id === role ? { ...one, members } : one)) },
  });

  it.each([
    ['those of the role that owns the program', withMembers('partner_operations', ['ops', 'ops2']), ['ops', 'ops2']],
    ['the top of the ladder where that has none', ACME, ['vp']],
    ['the top of the ladder where no role owns it', { ...ACME, governance: { ...ACME.governance, owner: null } }, ['vp']],
    ['the default manager where nobody is left', withMembers('vp', []), ['manager']],
  ])('names %s', (_who, program, owners) => {
    expect(ownersOf(program)).toEqual(owners);
  });
});

describe('recipientOfTold', () => {
  it('is the partner whose claim it is, or whose it was', () => {
    expect(recipientOfTold('holder', 'new', 'old')).toEqual({ kind: 'partner', partnerId: 'new' });
    expect(recipientOfTold('previous_holder', 'new', 'old')).toEqual({ kind: 'partner', partnerId: 'old' });
    expect(recipientOfTold('previous_holder', 'new', null)).toBeNull();
  });
});

describe('the identity of an event', () => {
  it('is the same when it is recorded again, and another for every event, claim and step', () => {
    const identities = CLAIM_EVENTS.map((event) => identityOfClaimEvent(event, 'r-1', AT));
    expect(CLAIM_EVENTS.map((event) => identityOfClaimEvent({ ...event }, 'r-1', AT))).toEqual(identities);
    expect(new Set(identities).size).toBe(CLAIM_EVENTS.length);
    expect(new Set([...identities, ...CLAIM_EVENTS.map((event) => identityOfClaimEvent(event, 'r-2', AT))]).size).toBe(
      2 * CLAIM_EVENTS.length,
    );
  });

  it('is told once whenever it is found: that a claim was received, that a case was opened, a comment', () => {
    const once = CLAIM_EVENTS.filter((event) => identityOfClaimEvent(event, 'r-1', AT) === identityOfClaimEvent(event, 'r-1', LATER));
    expect(once.map(({ type }) => type)).toEqual(['registration.received', 'registration.commented', 'case.opened']);
  });

  it('tells two questions at one instant apart, and both sides of a transfer', () => {
    const review = (role: string) => ({ type: 'registration.in_review', asked: { role, dueAt: AT } }) as const;
    expect(identityOfClaimEvent(review('director'), 'r-1', AT)).not.toBe(identityOfClaimEvent(review('vp'), 'r-1', AT));
    const transfer = (direction: 'away' | 'to_you') => ({ type: 'registration.transferred', direction, protectedUntil: null }) as const;
    expect(identityOfClaimEvent(transfer('away'), 'r-1', AT)).not.toBe(identityOfClaimEvent(transfer('to_you'), 'r-1', AT));
  });

  it('is that of the asking for a question', () => {
    const identities = QUESTION_EVENTS.map((event) => identityOfQuestionEvent(event, AT));
    expect(new Set(identities).size).toBe(QUESTION_EVENTS.length);
    const [asked, again] = QUESTION_EVENTS as [(typeof QUESTION_EVENTS)[number], (typeof QUESTION_EVENTS)[number]];
    expect(identityOfQuestionEvent(asked, AT)).toBe(identityOfQuestionEvent(asked, LATER));
    expect(identityOfQuestionEvent(again, AT)).not.toBe(identityOfQuestionEvent(again, LATER));
  });

  it('of a call for attention is one for each reason, instant and question, however often it is found', () => {
    const question = (id: string) => ({ id, about: 'claim', role: 'vp', dueAt: AT }) as const;
    const called = (why: string, at = AT, id = 'q-1') =>
      identityOfQuestionEvent({ type: 'question.attention_needed', question: question(id), why }, at);
    expect(called('Nobody is free.')).toBe(called('Nobody is free.'));
    const calls = [called('Nobody is free.'), called('The partner waits.'), called('Nobody is free.', LATER)];
    expect(new Set([...calls, called('Nobody is free.', AT, 'q-2')]).size).toBe(4);
  });
});

describe('the channels', () => {
  it('are those by which somebody is told', () => {
    expect(new Set(Object.values(CHANNELS_OF).flat())).toEqual(new Set(Object.keys(CHANNELS)));
  });

  it('know which failures wait for a person', () => {
    const waiting = Object.keys(MESSAGE_FAILURES).filter(needsPerson);
    expect(waiting).toContain('MAIL_AUTH_FAILED');
    expect(waiting).not.toContain('WEBHOOK_BUSY');
    expect(needsPerson('TIMEOUT')).toBe(false);
    expect(needsPerson('constructor')).toBe(false);
  });
});
