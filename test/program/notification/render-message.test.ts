import fc from 'fast-check';
import { EVENTS } from '../../../program/notification/event-table.ts';
import type { MessagePayload } from '../../../program/notification/payload.ts';
import { renderMessage } from '../../../program/notification/render-message.ts';
import { webhookBody } from '../../../program/notification/webhook-body.ts';
import { CLAIM_EVENTS, claimPayload, QUESTION_EVENTS, questionPayload } from './message-example.ts';

const everyPayload: readonly MessagePayload[] = [
  ...CLAIM_EVENTS.map((event) => claimPayload(event)),
  ...QUESTION_EVENTS.map((event) => questionPayload(event)),
];

describe('renderMessage', () => {
  it('has words for every event that there is', () => {
    expect(everyPayload.map(({ event }) => event.type).toSorted()).toEqual(Object.keys(EVENTS).toSorted());
    for (const payload of everyPayload) {
      const { subject, text, short } = renderMessage(payload);
      for (const said of [subject, text, short]) expect(said).not.toMatch(/undefined|null|NaN|\[object/);
      expect(subject).toContain('DR-1042');
      expect(text).toContain('Northwind Inc');
    }
  });

  it('says different things of different events', () => {
    const said = everyPayload.map((payload) => renderMessage(payload).text.split('\n\n')[0]);
    expect(new Set(said).size).toBe(everyPayload.length);
  });

  it('reads as a person would write it: with labels, zones and money', () => {
    const [approved] = CLAIM_EVENTS.filter(({ type }) => type === 'registration.approved');
    expect(renderMessage(claimPayload(approved as (typeof CLAIM_EVENTS)[number]))).toEqual({
      subject: 'Registration DR-1042 (Northwind Inc): approved',
      text: [
        'Your registration is approved. It is protected on Platform and Analytics until Sunday 14 February 2027, 10:00 (America/New_York, UTC-05:00).',
        'This customer and product line are already protected.',
        [
          'Registration: DR-1042 (6f2c1e9a-1111-4222-8333-444455556666)',
          'Customer: Northwind Inc',
          'Product lines: Platform, Analytics',
          'Estimated value: USD 25,000.00',
          'Program: Acme Partner Program',
        ].join('\n'),
        'This message was sent automatically.',
      ].join('\n\n'),
      short:
        'Registration DR-1042 (Northwind Inc): approved. Your registration is approved. It is protected on Platform and Analytics until Sunday 14 February 2027, 10:00 (America/New_York, UTC-05:00).',
    });
  });

  it('tells a user whose claim it is and, of a conflict, what it is about', () => {
    const [asked] = QUESTION_EVENTS;
    const { subject, text } = renderMessage(
      questionPayload(asked as (typeof QUESTION_EVENTS)[number], { caseId: 'ca5e', summary: 'Claim 7 of Birch Partners holds it.' }),
    );
    expect(subject).toBe('A registration to decide: DR-1042 (Northwind Inc)');
    expect(text).toContain(
      'You are asked to decide a registration, as Partner Manager. Please decide by Tuesday 17 November 2026, 17:00 (America/New_York, UTC-05:00).',
    );
    expect(text).toContain('Partner: Aster Consulting');
    expect(text).toContain('Conflict: Claim 7 of Birch Partners holds it.');
  });

  it('makes one line of the subject, whatever a name holds', () => {
    const name = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(name, name, fc.constantFrom(...everyPayload), (customerName, externalId, payload) => {
        const { subject, short } = renderMessage({ ...payload, claim: { ...payload.claim, customerName, externalId } } as MessagePayload);
        for (const line of [subject, short]) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u);
        expect(Array.from(subject).length).toBeLessThanOrEqual(300);
      }),
    );
  });

  it('says the same of the same, so that every attempt does', () => {
    for (const payload of everyPayload) expect(renderMessage(JSON.parse(JSON.stringify(payload)))).toEqual(renderMessage(payload));
  });
});

describe('webhookBody', () => {
  const bodyOf = (payload: MessagePayload) => webhookBody(payload, renderMessage(payload));

  it('has the type, the time and the data of every event for partners, and of none for users', () => {
    for (const event of CLAIM_EVENTS) {
      const { type, ...own } = event;
      expect(bodyOf(claimPayload(event))).toMatchObject({
        type,
        timestamp: '2026-11-16T15:00:00.000Z',
        data: { ...own, registrationId: '6f2c1e9a-1111-4222-8333-444455556666', externalId: 'DR-1042', partnerExternalId: 'P-080' },
      });
    }
    for (const event of QUESTION_EVENTS) expect(bodyOf(questionPayload(event))).toBeNull();
  });

  it('stays below 20 kB with ordinary texts, and below the bound of the channel with the longest', () => {
    const sizeOf = (payload: MessagePayload): number => Buffer.byteLength(JSON.stringify(bodyOf(payload)));
    for (const event of CLAIM_EVENTS) expect(sizeOf(claimPayload(event))).toBeLessThan(4_000);
    const message = '東'.repeat(5_000);
    const reasons = Array.from({ length: 40 }, () => ({ rule: 'C01', message }));
    for (const event of [
      { type: 'registration.denied', reasons, waitlistedUntil: null, appealUntil: null },
      { type: 'registration.returned', wanted: reasons.map((reason) => reason.message), until: null },
      { type: 'registration.commented', commentId: 'c', text: message },
    ] as const) {
      expect(sizeOf(claimPayload(event))).toBeLessThan(40_000);
    }
  });
});
