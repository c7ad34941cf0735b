/** Works through bulk jobs in the background, one after the other, in the order in which they were made. */

import type { Org } from '../org.ts';
import { changeJob, findRunning, forgetBrokenUploads, isIngestJob, isQueryJob, nextJob } from './job.ts';
import type { Job } from './job.ts';
import { runIngest } from './run-ingest.ts';
import type { Turn } from './run-ingest.ts';
import { runQueryJob } from './run-query.ts';

export interface JobRunner {
  /** Looks for jobs that wait; those that a stop cut off go on where they were. */
  readonly wake: () => void;
  /** Held jobs stay `InProgress` until they are let go on. */
  readonly hold: (isHeld: boolean) => void;
  /** Leaves the running job where it is, for an org that starts anew; nothing is held any more. */
  readonly forget: () => void;
  /** The same, for good; answers when nothing is worked on any more. */
  readonly close: () => Promise<void>;
}

export function createJobRunner(org: Org): JobRunner {
  let era = 0;
  let isClosed = false;
  let held: { readonly gone: Promise<void>; readonly release: () => void } | null = null;
  let running: Promise<void> | null = null;
  forgetBrokenUploads(org.store, org.clock.now());

  const release = () => {
    held?.release();
    held = null;
  };
  const loop = async (ofEra: number) => {
    const goesOn = () => era === ofEra && !isClosed;
    const turn: Turn = async () => {
      // Calls are answered between two chunks.
      await new Promise((resolve) => setImmediate(resolve));
      while (held !== null) await held.gone;
      return goesOn();
    };
    while (goesOn()) {
      const job = nextJob(org.store, org.clock.now());
      if (job === null) return;
      await runJob(org, job, turn);
    }
  };
  const wake = () => {
    if (running !== null || isClosed) return;
    running = new Promise((resolve) => setImmediate(resolve))
      .then(() => loop(era))
      .finally(() => {
        running = null;
        // A job may have come while the loop ended, or the org have begun anew.
        if (!isClosed && nextJob(org.store, org.clock.now()) !== null) wake();
      });
  };
  return {
    wake,
    hold: (isHeld) => {
      if (!isHeld) return release();
      if (held !== null) return;
      const gate = Promise.withResolvers<void>();
      held = { gone: gate.promise, release: gate.resolve };
    },
    forget: () => {
      era += 1;
      release();
    },
    close: async () => {
      isClosed = true;
      release();
      await running;
    },
  };
}

async function runJob(org: Org, waiting: Job, turn: Turn): Promise<void> {
  const { store, clock } = org;
  const job = changeJob(store, waiting, { state: 'InProgress' }, clock.now());
  try {
    if (isIngestJob(job)) await runIngest(org, job, turn);
    else if (isQueryJob(job)) await runQueryJob(org, job, turn);
  } catch (error) {
    const current = findRunning(store, job.id, clock.now());
    const errorMessage = `InternalServerError : ${error instanceof Error ? error.message : String(error)}`;
    if (current !== null) changeJob(store, current, { state: 'Failed', errorMessage }, clock.now());
  }
}
