import { sql } from 'kysely';
import type { QuestionKind } from '../program/approval/question.ts';
import type { StepReason } from '../program/approval/step.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** A question that was put to somebody. `subject`: `registration/<id>` or `case/<id>`; `number`: the n-th question about it. */
export interface PutQuestion {
  readonly subject: string;
  readonly number: number;
  readonly kind: QuestionKind;
  /** The registration on whose record it is seen: of a case, the first that claims. */
  readonly registrationId: string;
  readonly role: string;
  readonly reason: StepReason;
  readonly approver: string | null;
  readonly onBehalfOf: string | null;
  readonly asked: readonly string[];
  readonly dueAt: Instant;
}

/** How a question ended: with whose answer, or because of what. */
export interface QuestionEnd {
  readonly by: string;
  readonly answer: string;
}

export async function putQuestions(trx: Transaction, questions: readonly PutQuestion[], at: Instant): Promise<void> {
  if (questions.length === 0) return;
  await trx
    .insertInto('question')
    .values(
      questions.map((question) => ({
        subject: question.subject,
        number: question.number,
        kind: question.kind,
        registration_id: question.registrationId,
        role: question.role,
        reason: question.reason,
        approver: question.approver,
        on_behalf_of: question.onBehalfOf,
        asked: [...question.asked],
        put_at: at,
        due_at: question.dueAt,
        reminded_at: null,
        closed_at: null,
        closed_by: null,
        answer: null,
      })),
    )
    .execute();
}

export async function closeQuestions(
  trx: Transaction,
  subject: string,
  numbers: readonly number[],
  { by, answer }: QuestionEnd,
  at: Instant,
): Promise<void> {
  if (numbers.length === 0) return;
  await trx
    .updateTable('question')
    .set({ closed_at: at, closed_by: by, answer })
    .where('subject', '=', subject)
    .where('number', 'in', [...numbers])
    .where('closed_at', 'is', null)
    .execute();
}

/** The deadline moved, as when a claim was returned and came back; somebody was reminded; or some of those who are asked together are not any more. */
export async function touchQuestion(
  trx: Transaction,
  subject: string,
  { number, dueAt, remindedAt, asked }: Pick<PutQuestion, 'number' | 'dueAt' | 'asked'> & { readonly remindedAt: Instant | null },
): Promise<void> {
  await trx
    .updateTable('question')
    .set({ due_at: dueAt, reminded_at: remindedAt, asked: [...asked] })
    .where('subject', '=', subject)
    .where('number', '=', number)
    .execute();
}

/** The subjects with an open question to one of these people, alone or together with others, each once. */
export async function findSubjectsAsking(db: Database | Transaction, aliases: readonly string[]): Promise<readonly string[]> {
  if (aliases.length === 0) return [];
  const rows = await db
    .selectFrom('question')
    .select('subject')
    .distinct()
    .where((where) => where.or([where('approver', 'in', [...aliases]), where('asked', '&&', sql<string[]>`${[...aliases]}::text[]`)]))
    .where('closed_at', 'is', null)
    .orderBy('subject')
    .execute();
  return rows.map(({ subject }) => subject);
}

/** The subjects whose question is with nobody, or with the fallback: somebody who comes back may be free for them. */
export async function findSubjectsWithoutApprover(db: Database | Transaction, fallback: string | null): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('question')
    .select('subject')
    .distinct()
    .where((where) => where.or([where('approver', 'is', null), ...(fallback === null ? [] : [where('approver', '=', fallback)])]))
    .where('closed_at', 'is', null)
    .orderBy('subject')
    .execute();
  return rows.map(({ subject }) => subject);
}

/** A question as people look at what is theirs to answer. */
export interface OpenQuestion extends PutQuestion {
  readonly putAt: Instant;
  readonly remindedAt: Instant | null;
}

/** What somebody is asked, what is due first first. */
export async function listQuestionsOf(db: Database, alias: string, limit: number): Promise<readonly OpenQuestion[]> {
  const rows = await db
    .selectFrom('question')
    .selectAll()
    .where('closed_at', 'is', null)
    .where((where) => where.or([where('approver', '=', alias), where(where.val(alias), '=', where.fn.any('asked'))]))
    .orderBy('due_at')
    .orderBy('subject')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    subject: row.subject,
    number: row.number,
    kind: row.kind as QuestionKind,
    registrationId: row.registration_id,
    role: row.role,
    reason: row.reason as StepReason,
    approver: row.approver,
    onBehalfOf: row.on_behalf_of,
    asked: row.asked,
    dueAt: row.due_at,
    putAt: row.put_at,
    remindedAt: row.reminded_at,
  }));
}
