import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Logger } from 'pino';
import type { Connection } from '../activities/decision/dependencies.ts';
import { eventsWorkflowId, TASK_QUEUE } from '../program/messages.ts';

const connectionKey = defineSearchAttributeKey('Connection', 'KEYWORD');

/** How often it is made sure that every listener's workflow runs: one that somebody ended in the Temporal UI comes back. */
const WATCH_EVERY_MS = 60_000;

/** The connections whose CRM tells of changes, and is listened to. */
export function listenedTo(connections: ReadonlyMap<string, Connection>): readonly string[] {
  return [...connections].flatMap(([name, { port, isListenedTo }]) => (port.listen === undefined || isListenedTo === false ? [] : [name]));
}

/** Starts what listens to the changes of each connection; what runs already goes on, and its history gets nothing by it. */
export async function ensureEventWorkflows(client: Client, connections: readonly string[]): Promise<void> {
  for (const connection of connections) {
    await client.workflow.start('changeEvents', {
      workflowId: eventsWorkflowId(connection),
      workflowIdConflictPolicy: 'USE_EXISTING',
      taskQueue: TASK_QUEUE,
      args: [{ connection }],
      staticSummary: `change events of ${connection}`,
      typedSearchAttributes: [{ key: connectionKey, value: connection }],
    });
  }
}

export function watchEventWorkflows(client: Client, connections: readonly string[], log: Logger): { readonly stop: () => void } {
  const timer = setInterval(() => {
    ensureEventWorkflows(client, connections).catch((error: unknown) =>
      log.warn({ err: error }, 'the workflows of change events could not be looked after; tried again in a minute'),
    );
  }, WATCH_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
