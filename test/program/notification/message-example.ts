import type { ClaimEvent } from '../../../program/notification/claim-event.ts';
import type { ClaimPayload, QuestionPayload } from '../../../program/notification/payload.ts';
import type { Question, QuestionEvent } from '../../../program/notification/question-event.ts';

const DUE = '2026-11-17T22:00:00.000Z';
const UNTIL = '2027-02-14T15:00:00.000Z';
const asked = { role: 'partner_manager', dueAt: DUE };
const reasons = [{ rule: 'C02_active_protection', message: 'This customer and product line are already protected.' }];

const CONTEXT = {
  claim: {
    registrationId: '6f2c1e9a-1111-4222-8333-444455556666',
    externalId: 'DR-1042',
    partnerId: '0a0a0a0a-1111-4222-8333-444455556666',
    customerName: 'Northwind Inc',
    productLines: ['platform', 'analytics'],
    estimatedValue: { amount: '25000.00', currency: 'USD' },
  },
  occurredAt: '2026-11-16T15:00:00.000Z',
  programName: 'Acme Partner Program',
  timeZone: 'America/New_York',
  labels: { partner_manager: 'Partner Manager', platform: 'Platform', analytics: 'Analytics' },
} as const;

export function claimPayload(event: ClaimEvent, changes: Partial<ClaimPayload> = {}): ClaimPayload {
  return { family: 'claim', event, partnerExternalId: 'P-080', ...CONTEXT, ...changes };
}

export function questionPayload(event: QuestionEvent, changes: Partial<QuestionPayload> = {}): QuestionPayload {
  return { family: 'question', event, partnerName: 'Aster Consulting', caseId: null, summary: null, ...CONTEXT, ...changes };
}

/** One of every event that a partner is told, with everything in it that may be in it. */
export const CLAIM_EVENTS: readonly ClaimEvent[] = [
  { type: 'registration.received', frozenUntil: UNTIL },
  { type: 'registration.in_review', asked },
  { type: 'registration.returned', wanted: ['Name the site.'], until: UNTIL },
  { type: 'registration.approved', lines: ['platform', 'analytics'], protectedUntil: UNTIL, reasons },
  { type: 'registration.denied', reasons, waitlistedUntil: UNTIL, appealUntil: DUE },
  { type: 'registration.appealed', asked },
  { type: 'registration.promoted' },
  { type: 'registration.lapsed' },
  { type: 'registration.withdrawn' },
  { type: 'registration.protection_ending', protectedUntil: UNTIL },
  { type: 'registration.extension_requested', wouldEndAt: UNTIL, asked },
  { type: 'registration.extension_granted', protectedUntil: UNTIL },
  { type: 'registration.extension_denied', protectedUntil: UNTIL },
  { type: 'registration.expired', endedAt: DUE, extensibleUntil: UNTIL, appealUntil: UNTIL },
  { type: 'registration.revoked', reasons, appealUntil: UNTIL },
  { type: 'registration.transferred', direction: 'to_you', protectedUntil: UNTIL },
  { type: 'registration.won' },
  { type: 'registration.lost' },
  { type: 'registration.commented', commentId: 'c-1', text: 'Please call us.' },
  { type: 'case.opened', caseId: 'ca5e', conflict: 'It has to be settled by a person.', asked, statementUntil: DUE, appealedAt: DUE },
  { type: 'case.settled', caseId: 'ca5e', effect: 'share', share: '33.34', remediation: 'A finder fee is paid.' },
];

const question: Question = { id: 'q-1', about: 'claim', role: 'partner_manager', dueAt: DUE };

/** One of every event that a user is told. */
export const QUESTION_EVENTS: readonly QuestionEvent[] = [
  { type: 'question.asked', question },
  { type: 'question.asked_again', question },
  { type: 'question.due_soon', question },
  { type: 'question.escalated', question, from: 'manager' },
  { type: 'question.reassigned', question, from: 'manager', how: 'delegated' },
  { type: 'question.taken_away', question, to: 'director', how: 'escalated' },
  { type: 'question.overdue', question, asked: 'manager' },
  { type: 'question.answered', question, answer: 'approve', by: 'director' },
  { type: 'question.attention_needed', question, why: 'Nobody of the ladder is free.' },
];
