import type { Logger } from 'pino';
import type { Database } from '../store/database.ts';
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
 * Carries what was committed to where it is waited for: outbox messages to workflows, and the news of changed records to the sync workflows.
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
  /** Called on every word that something was committed. */
  readonly heard?: () => void;
  readonly log: Logger;
}): Dispatcher {
  const { db, deliver, nudge, heard = () => undefined, log } = options;
  let isStopping = false;
  let wake: () => void = () => undefined;
  let isAwake = false;
  const nudgedAt = new Map<string, number>();
  const pendingNudges = new Map<string, NodeJS.Timeout>();

  const awaken = (): void => {
    isAwake = true;
    wake();
  };
  const sendNudge = (name: string): void => {
    pendingNudges.delete(name);
    nudgedAt.set(name, Date.now());
    nudge(name).catch((error: unknown) => log.warn({ sync: name, err: error }, 'sync was not nudged; it looks by itself at the next poll'));
  };
  const wantNudge = (name: string): void => {
    if (isStopping || pendingNudges.has(name)) return;
    const waitMs = Math.max(0, (nudgedAt.get(name) ?? 0) + NUDGE_EVERY_MS - Date.now());
    pendingNudges.set(
      name,
      setTimeout(() => sendNudge(name), waitMs),
    );
  };
  const lookForAll = async (): Promise<void> => {
    awaken();
    for (const lane of await readDueLanes(db)) wantNudge(lane);
  };
  const listener = keepListening({
    databaseUrl: options.databaseUrl,
    channels: [OUTBOX_CHANNEL, PUSH_CHANNEL],
    heard: (channel, payload) => {
      heard();
      if (channel === PUSH_CHANNEL) wantNudge(payload);
      else awaken();
    },
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
      for (const timer of pendingNudges.values()) clearTimeout(timer);
      await Promise.all([running, listener.stop()]);
    },
  };
}
