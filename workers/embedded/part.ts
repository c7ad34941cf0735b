import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedFailure } from './embedded-failure.ts';
import { signalProcess } from './process-identity.ts';
import type { Say } from './progress.ts';

/** One process of the embedded run while it lives. */
export interface RunningProcess {
  readonly pid: number;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Asks it to stop and waits; kills it when it does not. */
  readonly stop: () => Promise<void>;
}

/** One part of the embedded run: a process that is started again when it dies. */
export interface Part {
  readonly name: string;
  /** The process that runs now; null while it is being started again. */
  readonly pid: () => number | null;
  readonly stop: () => Promise<void>;
  /** Ends it at once, with all that it started. */
  readonly kill: () => void;
}

export interface PartOptions {
  readonly name: string;
  readonly start: () => Promise<RunningProcess>;
  readonly logFile: string;
  readonly say: Say;
  /** Called after each start, also the later ones. */
  readonly onStarted: () => void;
  /** Called once when the part died too often to be started again. */
  readonly onGivenUp: (failure: EmbeddedFailure) => void;
  /** For tests: how often it may die within `withinMs` before it is given up, and the pause before a start. */
  readonly restart?: RestartLimit;
}

export interface RestartLimit {
  readonly times: number;
  readonly withinMs: number;
  readonly pauseMs: number;
}

const DEFAULT_LIMIT: RestartLimit = { times: 5, withinMs: 60_000, pauseMs: 500 };

/** Starts a part and keeps it running until it is stopped. Throws when the first start fails; later failures count like deaths. */
export async function keepRunning(options: PartOptions): Promise<Part> {
  const limit = options.restart ?? DEFAULT_LIMIT;
  const deaths: number[] = [];
  let current: RunningProcess | null = await options.start();
  let isStopping = false;
  options.onStarted();
  const watching = watch();

  async function watch(): Promise<void> {
    while (!isStopping) {
      await current?.ended;
      if (isStopping) return;
      current = null;
      deaths.push(performance.now());
      const recent = deaths.filter((at) => at > performance.now() - limit.withinMs).length;
      if (recent > limit.times) {
        options.onGivenUp(
          new EmbeddedFailure(
            `${options.name} ended ${recent} times within ${Math.round(limit.withinMs / 1000)} s and is not started again.`,
            `read ${options.logFile}, mend what it names and start again.`,
          ),
        );
        return;
      }
      options.say(`${options.name} ended unexpectedly and is started again (${recent} of ${limit.times}); its log is ${options.logFile}`);
      await delay(limit.pauseMs);
      if (isStopping) return;
      try {
        const started = await options.start();
        current = started;
        if (isStopping) await started.stop();
        else options.onStarted();
      } catch (error) {
        options.say(error instanceof EmbeddedFailure ? error.message : String(error));
      }
    }
  }

  return {
    name: options.name,
    pid: () => current?.pid ?? null,
    async stop() {
      isStopping = true;
      await current?.stop();
      await watching;
    },
    kill() {
      isStopping = true;
      if (current === null) return;
      // A part leads a process group of its own.
      if (!signalProcess(-current.pid, 'SIGKILL')) signalProcess(current.pid, 'SIGKILL');
    },
  };
}
