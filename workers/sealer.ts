import type { Logger } from 'pino';
import { hasUnsealed, sealEntries, type SealHead } from '../store/audit-seal.ts';
import type { Database } from '../store/database.ts';

const BATCH = 1_000;
/** A burst of commits is one round. */
const ROUND_EVERY_MS = 1_000;
/** Without a word it looks by itself: not everything that is recorded makes a noise. */
const LOOK_EVERY_MS = 5_000;
/** The head goes to the log now and then: a log that is kept elsewhere shows later that what was sealed until then is still there. */
const HEAD_LOGGED_EVERY_MS = 10 * 60_000;

export interface Sealer {
  /** Something was committed. */
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
}

/**
 * Seals the entries of the audit soon after they were committed, at most once a second. Any number may run: one at a time seals, the others have nothing to do.
 * What is recorded while none runs is sealed by the next one.
 */
export function startSealer({ db, log }: { readonly db: Database; readonly log: Logger }): Sealer {
  let isStopping = false;
  let isAwake = false;
  let interrupt: () => void = () => undefined;
  let logged: SealHead | null = null;
  let loggedAtMs = -Infinity;

  const pause = (timeoutMs: number, isOver: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      interrupt = () => {
        if (!isOver()) return;
        clearTimeout(timer);
        resolve();
      };
      interrupt();
    });
  const tell = (head: SealHead | null, atMs: number): void => {
    if (head === null || head.hash === logged?.hash || atMs - loggedAtMs < HEAD_LOGGED_EVERY_MS) return;
    [logged, loggedAtMs] = [head, atMs];
    log.info({ ordinal: head.ordinal, head: head.hash }, 'the audit is sealed up to here');
  };
  /** False when there was no more to do, for this process. */
  const sealBatch = async (): Promise<boolean> => {
    const done = (await hasUnsealed(db)) ? await sealEntries(db, BATCH) : null;
    if (done !== null) tell(done.head, performance.now());
    return done?.sealed === BATCH;
  };
  const failed = (error: unknown): boolean => {
    log.error({ err: error }, 'the audit could not be sealed; it is tried again');
    return false;
  };

  const running = (async () => {
    while (!isStopping) {
      isAwake = false;
      while (!isStopping && (await sealBatch().catch(failed)));
      await pause(ROUND_EVERY_MS, () => isStopping);
      await pause(LOOK_EVERY_MS - ROUND_EVERY_MS, () => isStopping || isAwake);
    }
    // What the last activities recorded.
    await sealBatch().catch(failed);
  })();

  return {
    wake() {
      isAwake = true;
      interrupt();
    },
    async stop() {
      isStopping = true;
      interrupt();
      await running;
    },
  };
}
