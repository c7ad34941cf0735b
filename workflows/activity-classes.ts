import { proxyActivities } from '@temporalio/workflow';
import type { CaseActivities, EventActivities, NotifyActivities, RegistrationActivities, SyncActivities } from '../activities/contract.ts';

/** Activities report every few seconds while they work (`activities/failure.ts`): a worker that was killed is noticed this soon. */
const HEARTBEAT_TIMEOUT = '10 seconds';

/**
 * A transaction in our own store, at most with a short look at the CRM. After some 25 seconds of attempts the flow shows what is wrong and goes on trying (`untilDone`):
 * a decision that was promised is never given up because a database restarts.
 */
export const decisions = proxyActivities<RegistrationActivities & CaseActivities>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '15 seconds', maximumAttempts: 8 },
});

/** One page, one batch or one step of a job against a CRM. Attempts are bounded: the cycle notes the failure and begins again at the next poll, from the cursor. */
export const crmCalls = proxyActivities<Pick<SyncActivities, 'pullPage' | 'pushBatch' | 'backfillStep'>>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '15 seconds', maximumAttempts: 4 },
});

/** A line in our own store that must be written before the flow goes on, however long the store is away. */
export const notes = proxyActivities<Pick<SyncActivities, 'parkConnection'>>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/**
 * Hours of listening, while heartbeats tell that somebody does. Attempts are not bounded: a store that is away, or a worker that dies, only means that another attempt
 * goes on from the position that is kept.
 */
export const listening = proxyActivities<EventActivities>({
  startToCloseTimeout: '4 hours',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** One batch of messages: some seconds, and the slowest answer. Attempts are bounded: the flow shows what is wrong and begins again at the next poll; what was taken is due again by then. */
export const deliveries = proxyActivities<NotifyActivities>({
  startToCloseTimeout: '90 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '15 seconds', maximumAttempts: 4 },
});
