import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import { queuePush } from './push-queue.ts';

/** What people in a CRM are told on the task itself, by what they did to it. */
export type TaskNotes = Readonly<Partial<Record<'completed' | 'deleted' | 'reassigned' | 'edited', string>>>;

/** How a task stands in one CRM: what people made of it there, and what they were answered. */
export interface TaskPlace {
  readonly taskId: string;
  readonly connection: string;
  /** When somebody completed it although its question was open, and it was opened again. */
  readonly reopenedAt: Instant | null;
  /** When somebody deleted it although its question was open, and it was made again. */
  readonly deletedAt: Instant | null;
  /** What somebody insisted on, against how the question stands: it is left so. */
  readonly leftAs: 'open' | 'closed' | 'deleted' | null;
  readonly notes: TaskNotes;
}

export async function readTaskPlaces(
  db: Database | Transaction,
  connection: string,
  taskIds: readonly string[],
): Promise<ReadonlyMap<string, TaskPlace>> {
  if (taskIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('task_place')
    .selectAll()
    .where('connection', '=', connection)
    .where('task_id', 'in', [...taskIds])
    .execute();
  return new Map(
    rows.map((row) => [
      row.task_id,
      {
        taskId: row.task_id,
        connection: row.connection,
        reopenedAt: row.reopened_at,
        deletedAt: row.deleted_at,
        leftAs: row.left_as,
        notes: row.notes,
      },
    ]),
  );
}

/** A task that nobody touched there is as it was put. */
export async function readTaskPlace(db: Database | Transaction, connection: string, taskId: string): Promise<TaskPlace> {
  const found = (await readTaskPlaces(db, connection, [taskId])).get(taskId);
  return found ?? { taskId, connection, reopenedAt: null, deletedAt: null, leftAs: null, notes: {} };
}

export async function saveTaskPlace(trx: Transaction, place: TaskPlace): Promise<void> {
  const values = {
    reopened_at: place.reopenedAt,
    deleted_at: place.deletedAt,
    left_as: place.leftAs,
    notes: JSON.stringify(place.notes),
  };
  await trx
    .insertInto('task_place')
    .values({ task_id: place.taskId, connection: place.connection, ...values })
    .onConflict((conflict) => conflict.columns(['task_id', 'connection']).doUpdateSet(values))
    .execute();
}

/** Marks the tasks of registrations whose record in the CRM is a new one: they hang on another record now, or waited for one. */
export async function queueTasksOfRegistrations(trx: Transaction, connection: string, registrationIds: readonly string[]): Promise<void> {
  if (registrationIds.length === 0) return;
  const rows = await trx
    .selectFrom('task')
    .select('id')
    .where('registration_id', 'in', [...registrationIds])
    .orderBy('id')
    .execute();
  await queuePush(
    trx,
    [connection],
    'task',
    rows.map((row) => row.id),
  );
}

/** Marks the tasks that could not be made because nobody could be given them, where one of these users is meant: they may be there now. */
export async function queueTasksOfUsers(trx: Transaction, connection: string, aliases: readonly string[], code: string): Promise<void> {
  if (aliases.length === 0) return;
  const rows = await trx
    .selectFrom('sync_issue')
    .innerJoin('task', 'task.id', 'sync_issue.local_id')
    .select('task.id')
    .distinct()
    .where('sync_issue.connection', '=', connection)
    .where('sync_issue.object_type', '=', 'task')
    .where('sync_issue.code', '=', code)
    .where('sync_issue.status', '=', 'open')
    .where('task.assignee', 'in', [...aliases])
    .orderBy('task.id')
    .execute();
  await queuePush(
    trx,
    [connection],
    'task',
    rows.map((row) => row.id),
  );
}
