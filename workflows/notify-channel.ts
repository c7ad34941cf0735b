import { condition, continueAsNew, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { DeliveryReport } from '../activities/contract.ts';
import { pollSecondsOf, type NotifyWorkflowInput } from '../program/messages.ts';
import { deliveries } from './activity-classes.ts';
import { failureCode } from './failure-code.ts';
import { nudge } from './message-definitions.ts';
import { createVisibility } from './search-attributes.ts';
import { isLong } from './long-history.ts';

/** A run ends here and begins anew: histories stay short enough to read and to replay. */
const EVENTS_PER_RUN = 2_000;
/** Messages with pauses of their own must not make a cycle each, and a batch of which nothing was settled is not asked for again at once. */
const LEAST_WAIT_MS = 1_000;

/**
 * Sends the messages of one channel: waits for a nudge, the end of a pause or the poll interval, and sends until nothing is due.
 *
 * The store holds the messages, their order and their pauses; a nudge only shortens the wait. It ends where no worker sends by this channel any more; one that does starts
 * it again, and what was queued by then is still there.
 */
export async function notifyChannel(input: NotifyWorkflowInput): Promise<void> {
  const { channel } = input;
  let { pollSeconds } = input;
  const show = createVisibility();
  let nudged = true;
  let nextInMs = Infinity;
  setHandler(
    nudge,
    (given) => {
      nudged = true;
      pollSeconds = pollSecondsOf(given) ?? pollSeconds;
    },
    { description: 'Sends what is due now instead of at the next poll; pollSeconds sets the interval from now on.' },
  );

  while (!isLong(EVENTS_PER_RUN)) {
    await condition(() => nudged, Math.min(pollSeconds * 1_000, Math.max(LEAST_WAIT_MS, nextInMs)));
    nudged = false;
    nextInMs = Infinity;
    try {
      const report = await sendDue(channel);
      if (report.state === 'absent') return;
      if (report.nextInMs !== undefined || report.dueNow > 0) nextInMs = report.dueNow > 0 ? 0 : (report.nextInMs ?? Infinity);
      show({ step: null, dueAt: null, needsAttention: report.needsAttention, failureCode: report.code });
      setCurrentDetails(detailsOf(report));
    } catch (error) {
      const code = failureCode(error);
      if (code === null) throw error;
      show({ step: null, dueAt: null, needsAttention: true, failureCode: code });
      setCurrentDetails(`**${code}** · nothing is lost; the next poll goes on`);
    }
  }
  await continueAsNew<typeof notifyChannel>({ ...input, pollSeconds });
}

/** Batch after batch while they get on: until nothing is due, the channel takes nothing, or the run is long enough. */
async function sendDue(channel: string): Promise<DeliveryReport> {
  let report = await deliveries.deliverMessages(channel);
  while (report.dueNow > 0 && report.sent + report.failed > 0 && !isLong(EVENTS_PER_RUN))
    report = await deliveries.deliverMessages(channel);
  return report;
}

function detailsOf({ state, code, waiting, oldestWaitingSince, unresolved }: DeliveryReport): string {
  const waits = oldestWaitingSince === null ? 'nothing waits' : `${waiting} wait, the oldest since ${oldestWaitingSince}`;
  const failed = unresolved === 0 ? '' : ` · ${unresolved} failed: see \`messages status\``;
  return `**${state}**${code === null ? '' : ` (${code})`} · ${waits}${failed}`;
}
