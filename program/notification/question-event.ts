import type { Instant } from '../vocabulary.ts';

/** A question that people are asked: about a claim, further time, a transfer, an appeal, or a conflict. */
export interface Question {
  /** Of the asking: the same question put again later is another one. */
  readonly id: string;
  readonly about: 'claim' | 'extension' | 'transfer' | 'appeal' | 'conflict';
  readonly role: string;
  readonly dueAt: Instant;
}

/** What the users who answer questions are told. People are named by alias. */
export type QuestionEvent = { readonly question: Question } & (
  | { readonly type: 'question.asked' }
  /** It was not answered in time, and is put to the same people again. */
  | { readonly type: 'question.asked_again' }
  | { readonly type: 'question.due_soon' }
  /** It moved up to whoever is told. `from`: who was asked before; null where nobody was. */
  | { readonly type: 'question.escalated'; readonly from: string | null }
  /** It moved to whoever is told, beside the ladder. */
  | { readonly type: 'question.reassigned'; readonly from: string | null; readonly how: 'reassigned' | 'delegated' }
  /** It is not asked of whoever is told any more. `to`: who is asked now. */
  | { readonly type: 'question.taken_away'; readonly to: string | null; readonly how: 'escalated' | 'reassigned' | 'delegated' }
  /** To the role above: nobody of the role that is asked answers. */
  | { readonly type: 'question.overdue'; readonly asked: string | null }
  /** Somebody else answered it. */
  | { readonly type: 'question.answered'; readonly answer: string; readonly by: string }
  /** Nothing happens by itself any more. `why` in words. */
  | { readonly type: 'question.attention_needed'; readonly why: string }
);

export type QuestionEventType = QuestionEvent['type'];
