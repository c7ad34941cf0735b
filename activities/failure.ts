import { activityInfo, ApplicationFailure, heartbeat } from '@temporalio/activity';
import { CRM_FAILURES, CrmFailure } from '../crm/failures.ts';

/** Well under the heartbeat timeout of the proxies (`workflows/activity-classes.ts`). */
const HEARTBEAT_EVERY_MS = 3_000;

/** As long as the proxies wait between their own attempts (`workflows/activity-classes.ts`). */
const LONGEST_RETRY_MS = 15_000;

/**
 * Turns what an activity threw into a failure that crosses to the workflow by code: the one place where that happens.
 * Whatever is not a CRM's failure or typed already stays as it is, and Temporal retries it as unknown.
 *
 * A CRM that asks to be left alone for longer than a retry may take, up to a day, does not have the activity wait: it fails, with that time in its details, so that
 * the flow says what it waits for, hears its nudges and goes on looking.
 */
export function toActivityFailure(error: unknown): unknown {
  if (!(error instanceof CrmFailure)) return error;
  const { code, message, retryAfterMs } = error;
  const isTooLong = retryAfterMs !== null && retryAfterMs > LONGEST_RETRY_MS;
  return ApplicationFailure.create({
    type: code,
    message: isTooLong ? `${message} (asks to be left alone for ${Math.ceil(retryAfterMs / 1_000)} seconds)` : message,
    nonRetryable: isTooLong || !CRM_FAILURES[code].retryable,
    ...(retryAfterMs === null || isTooLong ? {} : { nextRetryDelay: retryAfterMs }),
    ...(isTooLong ? { details: [{ retryAfterMs }] } : {}),
    cause: error,
  });
}

/** The same activities as a worker registers them: failures typed, and a sign of life while they work, so that a killed worker is noticed in seconds. */
export function asRegistered<T extends object>(activities: T): T {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (...args: unknown[]) => {
      const beat = activityInfo().heartbeatTimeoutMs === undefined ? undefined : setInterval(() => heartbeat(), HEARTBEAT_EVERY_MS);
      try {
        return await (activity as (...args: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        throw toActivityFailure(error);
      } finally {
        clearInterval(beat);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}
