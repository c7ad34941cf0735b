import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { MESSAGES, notifyWorkflowId, TASK_QUEUE } from '../program/messages.ts';

/** A message that is queued nudges its channel; this is for what nobody heard of. */
const POLL_SECONDS = 60;
/** How often it is made sure that every channel's workflow runs: one that somebody ended in the Temporal UI comes back. */
const WATCH_EVERY_MS = 60_000;

/** Starts what sends the messages of each channel; what runs already goes on, and its history gets nothing by it. */
export async function ensureNotifyWorkflows(client: Client, channels: readonly string[]): Promise<void> {
  for (const channel of channels) {
    await client.workflow.start('notifyChannel', {
      workflowId: notifyWorkflowId(channel),
      workflowIdConflictPolicy: 'USE_EXISTING',
      taskQueue: TASK_QUEUE,
      args: [{ channel, pollSeconds: POLL_SECONDS }],
      staticSummary: `messages by ${channel}`,
    });
  }
}

export async function nudgeNotify(client: Client, channel: string): Promise<void> {
  await client.workflow.getHandle(notifyWorkflowId(channel)).signal(MESSAGES.nudge);
}

export function watchNotifyWorkflows(client: Client, channels: readonly string[], log: Logger): { readonly stop: () => void } {
  const timer = setInterval(() => {
    ensureNotifyWorkflows(client, channels).catch((error: unknown) =>
      log.warn({ err: error }, 'the workflows of the channels could not be looked after; tried again in a minute'),
    );
  }, WATCH_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
