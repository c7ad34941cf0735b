import { continueAsNew, setCurrentDetails, sleep } from '@temporalio/workflow';
import type { BackfillWorkflowInput } from '../program/messages.ts';
import { crmCalls } from './activity-classes.ts';
import { failureCode } from './failure-code.ts';
import { isLong } from './long-history.ts';
import { createVisibility } from './search-attributes.ts';

const EVENTS_PER_RUN = 2_000;
const AFTER_FAILURE_MS = 60_000;

/**
 * Carries out the backfills that were asked for on one connection, beside the flows that keep its records in step: a flow of its own, so that those go on with live edits,
 * and so that it is seen, and can be ended, by itself. What is left to do, and how far it came, is in the store; the flow ends when nothing is.
 */
export async function backfill(input: BackfillWorkflowInput): Promise<void> {
  const show = createVisibility();
  while (!isLong(EVENTS_PER_RUN)) {
    let pauseMs = 0;
    try {
      const { objectType, done, total, reason, nextInMs } = await crmCalls.backfillStep(input.connection);
      show({ step: objectType, dueAt: null, needsAttention: false, failureCode: null });
      if (objectType === null) {
        setCurrentDetails('everything was read');
        return;
      }
      const progress = total === null ? `${done} read` : `${done} of ${total} read`;
      setCurrentDetails(`**${objectType}s** · ${progress}${reason === null ? '' : ` · waits: ${reason}`}`);
      pauseMs = nextInMs;
    } catch (error) {
      const code = failureCode(error);
      if (code === null) throw error;
      show({ step: null, dueAt: null, needsAttention: true, failureCode: code });
      setCurrentDetails(`**${code}** · it is tried again in a minute from where it came to`);
      pauseMs = AFTER_FAILURE_MS;
    }
    if (pauseMs > 0) await sleep(pauseMs);
  }
  await continueAsNew<typeof backfill>(input);
}
