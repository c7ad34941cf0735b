import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { defineSearchAttributeKey } from '@temporalio/common';
import { MESSAGES, syncWorkflowId, TASK_QUEUE } from '../program/messages.ts';
import { OBJECT_TYPES, type ObjectType } from '../program/vocabulary.ts';

const connectionKey = defineSearchAttributeKey('Connection', 'KEYWORD');
const objectTypeKey = defineSearchAttributeKey('ObjectType', 'KEYWORD');

/** What people do to a task in the CRM decides nothing, so it may be seen later: it is asked for at every sixth poll only. What we write goes at once, as all does. */
const TASK_POLLS_APART = 6;
const LONGEST_POLL_SECONDS = 86_400;

/** How often an object type is asked for, where the connection is polled every `pollSeconds`. */
export function pollSecondsFor(objectType: ObjectType, pollSeconds: number): number {
  return objectType === 'task' ? Math.min(LONGEST_POLL_SECONDS, TASK_POLLS_APART * pollSeconds) : pollSeconds;
}

/** Starts what keeps each object type of each connection in step; what runs already goes on, with this interval. */
export async function ensureSyncWorkflows(client: Client, connections: readonly string[], pollSeconds: number): Promise<void> {
  for (const connection of connections) {
    for (const objectType of OBJECT_TYPES) {
      const seconds = pollSecondsFor(objectType, pollSeconds);
      await client.workflow.signalWithStart('syncObject', {
        workflowId: syncWorkflowId(connection, objectType),
        taskQueue: TASK_QUEUE,
        args: [{ connection, objectType, pollSeconds: seconds }],
        signal: MESSAGES.nudge,
        signalArgs: [{ pollSeconds: seconds }],
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
