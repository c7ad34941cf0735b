import { ActivityFailure, ApplicationFailure, condition } from '@temporalio/workflow';

/** How long a flow that cannot go on by itself waits before it tries again, unless something wakes it. */
const STUCK_RETRY = '1 minute';

/** The code of a failure, as operators search by it. Null for what is no failure of an activity: a bug, which Temporal shows as a failing task. */
export function failureCode(error: unknown): string | null {
  if (!(error instanceof ActivityFailure)) return null;
  return error.cause instanceof ApplicationFailure ? (error.cause.type ?? 'UNEXPECTED') : 'TIMEOUT';
}

/** For how long the CRM asked to be left alone, in milliseconds, where that is longer than an activity waits (`activities/failure.ts`); null where it did not. */
export function retryAfterMsOf(error: unknown): number | null {
  const failure = error instanceof ActivityFailure ? error.cause : undefined;
  const details: unknown = failure instanceof ApplicationFailure ? failure.details?.[0] : undefined;
  if (typeof details !== 'object' || details === null || !('retryAfterMs' in details)) return null;
  return typeof details.retryAfterMs === 'number' ? details.retryAfterMs : null;
}

/**
 * Repeats `work` until it succeeds. What retrying does not mend (a program version that is not there, say) never ends a flow:
 * it is shown with its code, and tried again every minute, or as soon as `wakes` counts another one.
 */
export async function untilDone<T>(work: () => Promise<T>, onStuck: (code: string) => void, wakes: () => number): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const code = failureCode(error);
      if (code === null) throw error;
      onStuck(code);
      const seen = wakes();
      await condition(() => wakes() !== seen, STUCK_RETRY);
    }
  }
}
