import { recordAudit } from '../../store/audit.ts';
import type { Transaction } from '../../store/database.ts';
import type { Task } from '../../store/task.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';

/** Somebody gave the task of an open question to somebody else, in a CRM. */
export interface Reassignment {
  readonly task: Task;
  readonly connection: string;
  /** The CRM's id of the new owner. */
  readonly owner: string;
  /** The new owner's alias; null for somebody who is not known as a user, or cannot be told apart. */
  readonly alias: string | null;
  /** When, in our clock. */
  readonly at: Instant;
}

/**
 * What follows when the task of an open question is given to somebody else in a CRM: a task is not the question, so it goes back to whom the program asked.
 *
 * The place to hand the wish to the flow that owns the question (`task.subject`), in this transaction; where that reassigns the question, the task is closed and the
 * new approver gets one of their own. Returns what the people are told on the task, which is written back in any case.
 */
export async function onReassigned(
  trx: Transaction,
  _deps: ActivityDependencies,
  { task, connection, alias, at }: Reassignment,
): Promise<string> {
  await recordAudit(trx, {
    subject: task.subject,
    kind: 'task given back',
    actor: connection,
    details: { taskId: task.taskId, assignee: task.assignee, givenTo: alias },
    at,
  });
  return `This task was given to somebody else and is back with ${task.assignee}: who is asked is decided by the partner program, not by the owner of a task.`;
}
