import type { AskedStep, QuestionNews } from '../../program/approval/question-news.ts';
import type { QuestionKind } from '../../program/approval/question.ts';
import { membersOf, rungOf } from '../../program/approval/rung.ts';
import type { Question, QuestionEvent } from '../../program/notification/question-event.ts';
import { likeCasesText } from '../../program/precedent.ts';
import { renderMessage } from '../../program/notification/render-message.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { ConflictCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { countLikeCases } from '../../store/precedent.ts';
import { readPartners } from '../../store/partner.ts';
import type { Registration } from '../../store/registration.ts';
import { closeTask, putTask, taskIdOf, type TaskChange, type TaskOutcome } from '../../store/task.ts';
import { questionPayload } from '../decision/compose-message.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { tellOfQuestion } from '../decision/tell.ts';

export interface TellingOfQuestions {
  /** `registration/<id>` or `case/<id>`. */
  readonly subject: string;
  /** The claim that it is about, on whose record the tasks hang; of a conflict, the first that claims. */
  readonly registration: Registration;
  readonly conflict: ConflictCase | null;
  /** Who moved the questions, and how: what those that are answered are answered with. */
  readonly by: string;
  readonly answer: string;
  readonly at: Instant;
}

const ABOUT: Readonly<Record<QuestionKind, Question['about']>> = {
  registration: 'claim',
  extension: 'extension',
  transfer: 'transfer',
  appeal: 'appeal',
  case: 'conflict',
};

/** Tells everybody whom it concerns: whoever is asked gets a message and a task, whoever is not any more hears so and has the task closed. */
export async function tellOfQuestions(
  trx: Transaction,
  deps: ActivityDependencies,
  news: readonly QuestionNews[],
  telling: TellingOfQuestions,
): Promise<void> {
  const { conflict, registration } = telling;
  const isAsked = conflict !== null && news.length > 0;
  const like = isAsked
    ? await countLikeCases(trx, { caseId: conflict.id, rule: conflict.rule, productLines: registration.productLines })
    : null;
  for (const one of news) await tellOf(trx, deps, one, { ...telling, likeCases: likeCasesText(like) });
}

interface Telling extends TellingOfQuestions {
  /** How like conflicts ended, in words. */
  readonly likeCases: string | null;
}

async function tellOf(trx: Transaction, deps: ActivityDependencies, news: QuestionNews, telling: Telling): Promise<void> {
  const { step } = news.asked;
  const question = questionOf(news.asked, telling.subject);
  const tell = (to: readonly string[], event: QuestionEvent): Promise<void> => tellOfQuestion(trx, deps, { ...telling, to, event });
  switch (news.what) {
    case 'put': {
      const event = putEvent(question, news.asked, news.from);
      await putTasks(trx, deps, news.asked, event, telling);
      await tell(step.asked, event);
      if (step.reason === 'asked_again') await tell(membersAbove(deps, telling.registration, step.role), overdue(question, step.approver));
      return;
    }
    case 'moved': {
      const { step: next } = news.to;
      await closeTasks(
        trx,
        deps,
        news.asked,
        { status: 'cancelled', words: `put to ${next.approver ?? 'nobody'} as ${next.role}` },
        telling,
      );
      const event = { question, type: 'question.taken_away', to: next.approver, how: howOf(next.reason) } as const;
      await tell(without(step.asked, next.asked), event);
      return;
    }
    case 'answered': {
      await closeTasks(trx, deps, news.asked, { status: 'done', words: `${telling.answer} (${telling.by})` }, telling);
      await tell(without(step.asked, [telling.by]), { question, type: 'question.answered', answer: telling.answer, by: telling.by });
      return;
    }
    case 'left': {
      await closeTasks(trx, deps, news.asked, { status: 'cancelled', words: `left to ${news.remaining.asked.join(', ')}` }, telling);
      return tell(step.asked, { question, type: 'question.taken_away', to: news.remaining.approver, how: 'reassigned' });
    }
    case 'reminded':
      return tell(step.asked, { question, type: 'question.due_soon' });
    case 'changed':
      return putTasks(trx, deps, news.asked, { question, type: 'question.asked' }, telling);
    case 'attention':
      return tell([], { question, type: 'question.attention_needed', why: news.why });
  }
}

/** The same question has the same name however often it is put; who is asked anew is asked another one. */
function questionOf({ kind, step }: AskedStep, subject: string): Question {
  return { id: `${subject}/${step.number}`, about: ABOUT[kind], role: step.role, dueAt: step.dueAt };
}

function putEvent(question: Question, { step }: AskedStep, before: AskedStep | null): QuestionEvent {
  const from = before?.step.approver ?? null;
  switch (step.reason) {
    case 'asked':
      return { question, type: 'question.asked' };
    case 'asked_again':
      return { question, type: 'question.asked_again' };
    case 'escalated':
      return { question, type: 'question.escalated', from };
    case 'not_deemed':
      return from === step.approver ? { question, type: 'question.asked_again' } : { question, type: 'question.escalated', from };
    case 'passed_on':
    case 'replaced':
    case 'reassigned':
    case 'delegated':
      return { question, type: 'question.reassigned', from, how: step.reason === 'delegated' ? 'delegated' : 'reassigned' };
  }
}

function howOf(reason: AskedStep['step']['reason']): 'escalated' | 'reassigned' | 'delegated' {
  if (reason === 'escalated' || reason === 'not_deemed') return 'escalated';
  return reason === 'delegated' ? 'delegated' : 'reassigned';
}

function overdue(question: Question, asked: string | null): QuestionEvent {
  return { question, type: 'question.overdue', asked };
}

/** The role above, which hears that one below does not answer; nobody where the role is the last, or unknown to a program that is not there any more. */
function membersAbove(deps: ActivityDependencies, registration: Registration, role: string): readonly string[] {
  const program = deps.programs.byVersion(registration.programVersion);
  const above = program === null ? null : rungOf(program, role).above;
  return program === null || above === null ? [] : membersOf(program, above);
}

async function putTasks(
  trx: Transaction,
  deps: ActivityDependencies,
  { step }: AskedStep,
  event: QuestionEvent,
  telling: Telling,
): Promise<void> {
  if (step.asked.length === 0) return;
  const { subject, registration, conflict, likeCases, at } = telling;
  const [partner = null] = await readPartners(trx, [registration.partnerId]);
  const { subject: title, text } = renderMessage(questionPayload(deps, { registration, conflict, partner, likeCases }, event, at));
  const isUrgent = step.isFallback || step.reason === 'asked_again' || step.reason === 'not_deemed';
  for (const assignee of step.asked) {
    const task = {
      taskId: taskIdOf(event.question.id, assignee),
      subject,
      registrationId: registration.registrationId,
      assignee,
      kind: 'question',
      title,
      body: text,
      dueAt: step.dueAt,
      priority: isUrgent ? 'high' : 'normal',
    } as const;
    await putTask(trx, task, changeOf(deps, at));
  }
}

async function closeTasks(
  trx: Transaction,
  deps: ActivityDependencies,
  { step }: AskedStep,
  outcome: TaskOutcome,
  { subject, at }: TellingOfQuestions,
): Promise<void> {
  for (const assignee of step.asked) await closeTask(trx, taskIdOf(`${subject}/${step.number}`, assignee), outcome, changeOf(deps, at));
}

function changeOf({ connections }: ActivityDependencies, at: Instant): TaskChange {
  return { connections: [...connections.keys()], at };
}

function without(aliases: readonly string[], others: readonly string[]): readonly string[] {
  return aliases.filter((alias) => !others.includes(alias));
}
