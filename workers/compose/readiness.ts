import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import { TASK_QUEUE } from '../../program/messages.ts';
import { OBJECT_TYPES, OPTIONAL_OBJECT_TYPES } from '../../program/vocabulary.ts';
import type { Database } from '../../store/database.ts';
import { readCursor } from '../../store/sync-cursor.ts';
import { listIssues } from '../../store/sync-issue.ts';

const CHECK_TIMEOUT_MS = 3_000;

/**
 * Whether a registration that comes in now is decided: the store answers, a worker polls the task queue, and every mirror was complete once.
 * Each reason says what is missing.
 */
export function createReadiness(
  db: Database,
  temporal: Client,
  connections: readonly string[],
): () => Promise<{ ready: boolean; reasons: string[] }> {
  return async () => {
    const checks = await Promise.all([storeAnswers(db), workerPolls(temporal), mirrorsAreComplete(db, connections)]);
    const reasons = checks.filter((reason) => reason !== null);
    return { ready: reasons.length === 0, reasons };
  };
}

async function storeAnswers(db: Database): Promise<string | null> {
  try {
    await sql`select 1`.execute(db);
    return null;
  } catch {
    return 'the database does not answer';
  }
}

async function workerPolls(temporal: Client): Promise<string | null> {
  try {
    const answer = await temporal.connection.withDeadline(Date.now() + CHECK_TIMEOUT_MS, () =>
      temporal.workflowService.describeTaskQueue({
        namespace: temporal.options.namespace,
        taskQueue: { name: TASK_QUEUE },
        taskQueueType: 1,
      }),
    );
    return (answer.pollers ?? []).length > 0 ? null : 'no worker polls the task queue yet';
  } catch {
    return 'the Temporal server does not answer';
  }
}

async function mirrorsAreComplete(db: Database, connections: readonly string[]): Promise<string | null> {
  try {
    for (const connection of connections) {
      for (const objectType of OBJECT_TYPES.filter((each) => !OPTIONAL_OBJECT_TYPES.has(each))) {
        const { pulledAt } = await readCursor(db, connection, objectType);
        if (pulledAt !== null) continue;
        const [issue] = await listIssues(db, { status: 'open', connection, objectType, limit: 1 });
        return `the first match of ${connection}/${objectType} is not complete yet${issue === undefined ? '' : `: ${issue.message}`}`;
      }
    }
    return null;
  } catch {
    return 'the state of sync could not be read';
  }
}
