import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Logger } from 'pino';
import { backfillWorkflowId, TASK_QUEUE } from '../program/messages.ts';
import { findUnfinishedBackfills } from '../store/backfill.ts';
import type { Database } from '../store/database.ts';

const connectionKey = defineSearchAttributeKey('Connection', 'KEYWORD');

/** What is asked for is told at once; this is for what nobody heard of, and for one that somebody ended in the Temporal UI. */
const WATCH_EVERY_MS = 60_000;

/** Starts what carries out the backfills of a connection; one that runs goes on. */
export async function startBackfill(client: Client, connection: string): Promise<void> {
  await client.workflow.start('backfill', {
    workflowId: backfillWorkflowId(connection),
    workflowIdConflictPolicy: 'USE_EXISTING',
    taskQueue: TASK_QUEUE,
    args: [{ connection }],
    staticSummary: `backfill of ${connection}`,
    typedSearchAttributes: [{ key: connectionKey, value: connection }],
  });
}

export async function ensureBackfills(client: Client, db: Database, connections: readonly string[]): Promise<void> {
  for (const connection of await findUnfinishedBackfills(db)) if (connections.includes(connection)) await startBackfill(client, connection);
}

export function watchBackfills(client: Client, db: Database, connections: readonly string[], log: Logger): { readonly stop: () => void } {
  const timer = setInterval(() => {
    ensureBackfills(client, db, connections).catch((error: unknown) =>
      log.warn({ err: error }, 'the backfills could not be looked after; tried again in a minute'),
    );
  }, WATCH_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
