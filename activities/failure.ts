import { ApplicationFailure } from '@temporalio/activity';
import { CRM_FAILURES, CrmFailure } from '../crm/failures.ts';

/**
 * Turns what an activity threw into a failure that crosses to the workflow by code: the one place where that happens.
 * Whatever is not a CRM's failure or typed already stays as it is, and Temporal retries it as unknown.
 */
export function toActivityFailure(error: unknown): unknown {
  if (!(error instanceof CrmFailure)) return error;
  return ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: !CRM_FAILURES[error.code].retryable,
    ...(error.retryAfterMs === null ? {} : { nextRetryDelay: error.retryAfterMs }),
    cause: error,
  });
}

/** The same activities, with their failures typed. */
export function withTypedFailures<T extends object>(activities: T): T {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await (activity as (...args: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        throw toActivityFailure(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}
