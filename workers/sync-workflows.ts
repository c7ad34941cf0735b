import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { defineSearchAttributeKey } from '@temporalio/common';
import { MESSAGES, syncWorkflowId, TASK_QUEUE } from '../program/messages.ts';
import { OBJECT_TYPES, type ObjectType } from '../program/vocabulary.ts';

const connectionKey = defineSearchAttributeKey('Connection', 'KEYWORD');
const objectTypeKey = defineSearchAttributeKey('ObjectType', 'KEYWORD');

/** Starts what keeps each object type of each connection in step; what runs already goes on, with this interval. */
export async function ensureSyncWorkflows(client: Client, connections: readonly string[], pollSeconds: number): Promise<void> {
  for (const connection of connections) {
    for (const objectType of OBJECT_TYPES) {
      await client.workflow.signalWithStart('syncObject', {
        workflowId: syncWorkflowId(connection, objectType),
        taskQueue: TASK_QUEUE,
        args: [{ connection, objectType, pollSeconds }],
        signal: MESSAGES.nudge,
        signalArgs: [{ pollSeconds }],
        staticSummary: `${objectType}s of ${connection}`,
        typedSearchAttributes: [
          { key: connectionKey, value: connection },
          { key: objectTypeKey, value: objectType },
        ],
      });
    }
  }
}

/** `name` is `<connection>/<objectType>`, as the store notifies it. */
export async function nudgeSync(client: Client, name: string): Promise<void> {
  const slash = name.lastIndexOf('/');
  const objectType = name.slice(slash + 1) as ObjectType;
  await client.workflow.getHandle(syncWorkflowId(name.slice(0, slash), objectType)).signal(MESSAGES.nudge);
}

/** How often it is made sure that every sync workflow runs: one that somebody ended in the Temporal UI comes back. */
const WATCH_EVERY_MS = 60_000;

export function watchSyncWorkflows(
  client: Client,
  connections: readonly string[],
  pollSeconds: number,
  log: Logger,
): { readonly stop: () => void } {
  const timer = setInterval(() => {
    ensureSyncWorkflows(client, connections, pollSeconds).catch((error: unknown) =>
      log.warn({ err: error }, 'the sync workflows could not be looked after; tried again in a minute'),
    );
  }, WATCH_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
