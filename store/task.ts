import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { TaskKind, TaskPriority, TaskStatus } from '../program/task.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import { queuePush } from './push-queue.ts';
import type { TaskTable } from './schema.ts';

/** What somebody is asked, or told, on a record in the CRM. */
export interface NewTask {
  /** Of the question and the person (`taskIdOf`): asking the same person the same thing twice is one task. */
  readonly taskId: string;
  /** What is decided: `registration/<id>` or `case/<id>`. */
  readonly subject: string;
  /** On whose record in the CRM the task hangs. */
  readonly registrationId: string;
  /** The alias of the user who is asked, or told. */
  readonly assignee: string;
  readonly kind: TaskKind;
  /** Cut at 255 characters in the CRM. */
  readonly title: string;
  /** Lines of text; the deadline, the outcome and answers to people are put beside it by themselves. */
  readonly body: string;
  readonly dueAt: Instant | null;
  readonly priority: TaskPriority;
}

export interface Task extends NewTask {
  readonly status: TaskStatus;
  /** Why it was closed, in words that everybody may read; null while it is open, and for notes. */
  readonly outcome: string | null;
  /** When each field was last changed on our side, in our clock. */
  readonly fieldTimes: Readonly<Record<string, Instant>>;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** How a question ended, such as `{ status: 'done', words: 'answered by director: approved' }`. The words name no partner. */
export interface TaskOutcome {
  readonly status: Exclude<TaskStatus, 'open'>;
  readonly words: string;
}

/** Where a change of a task goes: every CRM there is, and when it was made. */
export interface TaskChange {
  readonly connections: readonly string[];
  readonly at: Instant;
}

/** The fields of a task that may change while it is the same task. */
const ASKED = ['subject', 'registrationId', 'assignee', 'title', 'body', 'dueAt', 'priority'] as const;

/**
 * A UUID that anyone can derive again (RFC 9562, version 8: custom) from what is asked and whom. `question` names it so that the same question has the same name
 * however often it is put, and the next one another: the subject with the step and its round, say.
 */
export function taskIdOf(question: string, assignee: string): string {
  const hex = createHash('sha256')
    .update(JSON.stringify(['task', question, assignee]))
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * Asks a question, or leaves a note, in every CRM; one that is there is changed in place.
 *
 * The same task with the same words, deadline and person changes nothing and costs nothing. A closed question that is put again is open again. What changes
 * it asks anew: what people made of the task before (completed it, deleted it) is forgotten, so it is open and there once more.
 * Returns whether anything changed. It belongs in the transaction in which the question arises.
 */
export async function putTask(trx: Transaction, task: NewTask, { connections, at }: TaskChange): Promise<boolean> {
  const known = await lockTask(trx, task.taskId);
  const status: TaskStatus = task.kind === 'note' ? 'done' : 'open';
  const changed: readonly string[] = [
    ...ASKED.filter((field) => known?.[field] !== task[field]),
    ...(known?.status === status ? [] : ['status']),
  ];
  if (changed.length === 0) return false;
  const fieldTimes = { ...known?.fieldTimes, ...Object.fromEntries(changed.map((field) => [field, at])) };
  const values = {
    subject: task.subject,
    registration_id: task.registrationId,
    assignee: task.assignee,
    kind: task.kind,
    title: task.title,
    body: task.body,
    due_at: task.dueAt,
    priority: task.priority,
    status,
    outcome: null,
    field_times: JSON.stringify(fieldTimes),
    updated_at: at,
  };
  await trx
    .insertInto('task')
    .values({ id: task.taskId, ...values, created_at: at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute();
  await trx.deleteFrom('task_place').where('task_id', '=', task.taskId).execute();
  await queuePush(trx, connections, 'task', [task.taskId]);
  return true;
}

/**
 * Closes a question in every CRM: it was settled, wherever that was, or nobody has to answer it any more. A question that never reached a CRM is not made there.
 * Returns whether it was open: what is closed keeps how it ended first.
 */
export async function closeTask(trx: Transaction, taskId: string, outcome: TaskOutcome, change: TaskChange): Promise<boolean> {
  const task = await lockTask(trx, taskId);
  if (task === null || task.status !== 'open') return false;
  await closeAll(trx, [task], outcome, change);
  return true;
}

/** Closes every open question about `subject`, except those in `keep`, and returns which. */
export async function closeTasksOf(
  trx: Transaction,
  subject: string,
  outcome: TaskOutcome,
  change: TaskChange,
  keep: readonly string[] = [],
): Promise<readonly string[]> {
  // In one order everywhere, so that two transactions do not wait for each other.
  const rows = await trx
    .selectFrom('task')
    .selectAll()
    .where('subject', '=', subject)
    .where('status', '=', 'open')
    .orderBy('id')
    .forUpdate()
    .execute();
  const open = rows.map(taskOf).filter(({ taskId }) => !keep.includes(taskId));
  await closeAll(trx, open, outcome, change);
  return open.map(({ taskId }) => taskId);
}

async function closeAll(trx: Transaction, tasks: readonly Task[], outcome: TaskOutcome, { connections, at }: TaskChange): Promise<void> {
  for (const { taskId, fieldTimes } of tasks) {
    await trx
      .updateTable('task')
      .set({
        status: outcome.status,
        outcome: outcome.words,
        field_times: JSON.stringify({ ...fieldTimes, status: at }),
        updated_at: at,
      })
      .where('id', '=', taskId)
      .execute();
  }
  await queuePush(
    trx,
    connections,
    'task',
    tasks.map(({ taskId }) => taskId),
  );
}

export async function findTask(db: Database | Transaction, taskId: string): Promise<Task | null> {
  return (await readTasks(db, [taskId]))[0] ?? null;
}

export async function readTasks(db: Database | Transaction, taskIds: readonly string[]): Promise<readonly Task[]> {
  if (taskIds.length === 0) return [];
  return (await db.selectFrom('task').selectAll().where('id', 'in', taskIds).execute()).map(taskOf);
}

/** The open questions about `subject`, the oldest first. */
export async function readOpenTasksOf(db: Database | Transaction, subject: string): Promise<readonly Task[]> {
  const rows = await db
    .selectFrom('task')
    .selectAll()
    .where('subject', '=', subject)
    .where('status', '=', 'open')
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(taskOf);
}

export async function lockTask(trx: Transaction, taskId: string): Promise<Task | null> {
  const row = await trx.selectFrom('task').selectAll().where('id', '=', taskId).forUpdate().executeTakeFirst();
  return row === undefined ? null : taskOf(row);
}

export async function lockTasks(trx: Transaction, taskIds: readonly string[]): Promise<void> {
  if (taskIds.length > 0)
    await trx
      .selectFrom('task')
      .select('id')
      .where('id', 'in', [...taskIds])
      .orderBy('id')
      .forUpdate()
      .execute();
}

function taskOf(row: Selectable<TaskTable>): Task {
  return {
    taskId: row.id,
    subject: row.subject,
    registrationId: row.registration_id,
    assignee: row.assignee,
    kind: row.kind,
    title: row.title,
    body: row.body,
    dueAt: row.due_at,
    priority: row.priority,
    status: row.status,
    outcome: row.outcome,
    fieldTimes: row.field_times,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
