import type { Logger } from 'pino';
import { readChangedLanes } from '../store/changed-record.ts';
import type { Database } from '../store/database.ts';
import { readDueChannels } from '../store/message-delivery.ts';
import { MESSAGE_CHANNEL } from '../store/message.ts';
import { dispatchDue, OUTBOX_CHANNEL, PUSH_CHANNEL, type OutboxEntry } from '../store/outbox.ts';
import { readDueLanes } from '../store/push-queue.ts';
import { keepListening } from './database-listener.ts';

const BATCH = 50;
/** Without a word from the database it looks by itself: notifications are lost when a connection breaks. */
const SWEEP_MS = 1_000;
/** A burst of changes is one nudge. */
const NUDGE_EVERY_MS = 1_000;

export interface Dispatcher {
  readonly stop: () => Promise<void>;
}

/**
 * Carries what was committed to where it is waited for: outbox messages to workflows, and the news of changed records and of queued messages to the workflows that carry
 * them out.
 *
 * Woken by the database (LISTEN), and by itself every second: that is also the sweeper for what a crash left over. What was committed while nobody listened is
 * looked for as soon as somebody does. Any number may run at once.
 */
export function startDispatcher(options: {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly deliver: (entry: OutboxEntry) => Promise<void>;
  /** Called with `<connection>/<objectType>`, at most once a second for each. */
  readonly nudge: (name: string) => Promise<void>;
  /** Called with the name of a channel for messages, at most once a second for each. Left out where none is configured. */
  readonly nudgeChannel?: (channel: string) => Promise<void>;
  /** Called on every word that something was committed. */
  readonly heard?: () => void;
  readonly log: Logger;
}): Dispatcher {
  const { db, deliver, nudge, nudgeChannel, heard = () => undefined, log } = options;
  let isStopping = false;
  let wake: () => void = () => undefined;
  let isAwake = false;

  const awaken = (): void => {
    isAwake = true;
    wake();
  };
  const syncNudges = throttled((name) =>
    nudge(name).catch((error: unknown) => log.warn({ sync: name, err: error }, 'sync was not nudged; it looks by itself at the next poll')),
  );
  const channelNudges = throttled(async (channel) =>
    nudgeChannel?.(channel).catch((error: unknown) =>
      log.warn({ channel, err: error }, 'a channel was not nudged; it looks by itself at the next poll'),
    ),
  );
  const lookForAll = async (): Promise<void> => {
    awaken();
    for (const lane of [...(await readDueLanes(db)), ...(await readChangedLanes(db))]) syncNudges.want(lane);
    for (const channel of await readDueChannels(db)) channelNudges.want(channel);
  };
  const hear = (channel: string, payload: string): void => {
    heard();
    if (channel === PUSH_CHANNEL) syncNudges.want(payload);
    else if (channel === MESSAGE_CHANNEL) channelNudges.want(payload);
    else awaken();
  };
  const listener = keepListening({
    databaseUrl: options.databaseUrl,
    channels: [OUTBOX_CHANNEL, MESSAGE_CHANNEL, PUSH_CHANNEL],
    heard: hear,
    onListening: lookForAll,
    log,
  });

  const running = (async () => {
    while (!isStopping) {
      isAwake = false;
      try {
        const { delivered, failed } = await dispatchDue(db, BATCH, async (entry) => {
          try {
            await deliver(entry);
          } catch (error) {
            log.warn(
              { subject: entry.subject, kind: entry.kind, attempts: entry.attempts, err: error },
              'an outbox message was not delivered; it is tried again',
            );
            throw error;
          }
        });
        if (delivered > 0 && failed === 0) continue;
      } catch (error) {
        log.error({ err: error }, 'the outbox could not be read; it is tried again');
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, SWEEP_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (isAwake || isStopping) wake();
      });
    }
  })();

  return {
    async stop() {
      isStopping = true;
      wake();
      syncNudges.stop();
      channelNudges.stop();
      await Promise.all([running, listener.stop()]);
    },
  };
}

/** Sends at most one nudge a second to each name; those in between are one. */
function throttled(send: (name: string) => Promise<void>): { readonly want: (name: string) => void; readonly stop: () => void } {
  const sentAt = new Map<string, number>();
  const pending = new Map<string, NodeJS.Timeout>();
  let isStopped = false;
  return {
    want(name) {
      if (isStopped || pending.has(name)) return;
      const waitMs = Math.max(0, (sentAt.get(name) ?? 0) + NUDGE_EVERY_MS - Date.now());
      pending.set(
        name,
        setTimeout(() => {
          pending.delete(name);
          sentAt.set(name, Date.now());
          void send(name);
        }, waitMs),
      );
    },
    stop() {
      isStopped = true;
      for (const timer of pending.values()) clearTimeout(timer);
    },
  };
}
