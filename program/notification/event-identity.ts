import type { Instant } from '../vocabulary.ts';
import type { ClaimEvent } from './claim-event.ts';
import type { QuestionEvent } from './question-event.ts';

/**
 * What makes two records of an event one event, so that one that is recorded again (a transaction was repeated, its answer having been lost) is told once.
 * `at` is the time of the step, which a repetition has too.
 */
export function identityOfClaimEvent(event: ClaimEvent, registrationId: string, at: Instant): string {
  const about = [event.type, registrationId];
  switch (event.type) {
    case 'registration.received':
      return about.join('/');
    case 'registration.in_review':
    case 'registration.appealed':
      return [...about, at, event.asked?.role ?? '', event.asked?.dueAt ?? ''].join('/');
    case 'registration.transferred':
      return [...about, at, event.direction].join('/');
    case 'registration.commented':
      return [...about, event.commentId].join('/');
    case 'case.opened':
      return [...about, event.caseId, ...((event.appealedAt ?? null) === null ? [] : [event.appealedAt])].join('/');
    case 'case.settled':
      return [...about, event.caseId, at].join('/');
    case 'registration.returned':
    case 'registration.approved':
    case 'registration.denied':
    case 'registration.promoted':
    case 'registration.lapsed':
    case 'registration.withdrawn':
    case 'registration.protection_ending':
    case 'registration.extension_requested':
    case 'registration.extension_granted':
    case 'registration.extension_denied':
    case 'registration.expired':
    case 'registration.revoked':
    case 'registration.won':
    case 'registration.lost':
      return [...about, at].join('/');
  }
}

/** The same of a question: one asking is one, whoever repeats it; what happens to it happens at an instant. */
export function identityOfQuestionEvent(event: QuestionEvent, at: Instant): string {
  // Two things about one question can call for attention at one instant.
  if (event.type === 'question.attention_needed') return [event.type, event.question.id, at, event.why].join('/');
  const { type, question } = event;
  return type === 'question.asked' ? [type, question.id].join('/') : [type, question.id, at].join('/');
}
