import { proxyActivities } from '@temporalio/workflow';
import type { CaseActivities, RegistrationActivities, SyncActivities } from '../activities/contract.ts';

/**
 * A transaction in our own store, at most with a short look at the CRM. It is tried for as long as the store is away:
 * a decision that was promised is never given up because a database restarts.
 */
export const decisions = proxyActivities<RegistrationActivities & CaseActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** One page or one batch against a CRM. Attempts are bounded: the cycle notes the failure and begins again at the next poll, from the cursor. */
export const crmCalls = proxyActivities<SyncActivities>({
  startToCloseTimeout: '2 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '15 seconds', maximumAttempts: 4 },
});
