import type { Approval } from '../../program/approval/approval.ts';
import { newsOfQuestions } from '../../program/approval/question-news.ts';
import type { Transaction } from '../../store/database.ts';
import { closeQuestions, putQuestions, touchQuestion } from '../../store/question.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { tellOfQuestions, type TellingOfQuestions } from './tell-of-questions.ts';

interface Follow extends TellingOfQuestions {
  readonly before: readonly Approval[];
  readonly after: readonly Approval[];
}

/**
 * Keeps the list of questions in step with what is open: those that are put now are added, those that are no more are closed with what ended them, and everybody whom it
 * concerns is told. It belongs in the transaction that moved them.
 */
export async function followQuestions(trx: Transaction, deps: ActivityDependencies, { before, after, ...telling }: Follow): Promise<void> {
  const { subject, registration, by, answer, at } = telling;
  const news = newsOfQuestions(before, after);
  const closed = news.flatMap((one) => (one.what === 'answered' || one.what === 'moved' ? [one.asked.step.number] : []));
  const put = news.flatMap((one) => (one.what === 'put' ? [one.asked] : []));
  await closeQuestions(trx, subject, closed, { by, answer }, at);
  await putQuestions(
    trx,
    put.map(({ kind, step }) => ({
      subject,
      number: step.number,
      kind,
      registrationId: registration.registrationId,
      role: step.role,
      reason: step.reason,
      approver: step.approver,
      onBehalfOf: step.onBehalfOf,
      asked: step.asked,
      dueAt: step.dueAt,
    })),
    at,
  );
  for (const one of news) {
    if (one.what === 'reminded' || one.what === 'changed') await touchQuestion(trx, subject, one.asked.step);
    if (one.what === 'left') await touchQuestion(trx, subject, one.remaining);
  }
  await tellOfQuestions(trx, deps, news, telling);
}
