import { condition, continueAsNew, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { streamReportOf, type EventsWorkflowInput } from '../program/messages.ts';
import { listening } from './activity-classes.ts';
import { failureCode } from './failure-code.ts';
import { isLong } from './long-history.ts';
import { nudge, reportStream } from './message-definitions.ts';
import { createVisibility } from './search-attributes.ts';

/** A run ends here and begins anew, between two turns of listening. */
const EVENTS_PER_RUN = 500;
/** A turn that ended because somebody else listens is not begun anew at once. */
const RETRY = '10 seconds';

/**
 * Has one worker of the fleet listen to the changes of a CRM: hours at a time, begun anew elsewhere when that worker dies or stops. What is heard is in the store, and
 * nudges the sync workflows from there; this flow hosts the listener and shows how it stands. It ends where no worker of the configuration listens.
 */
export async function changeEvents(input: EventsWorkflowInput): Promise<void> {
  const { connection } = input;
  const show = createVisibility();
  let { shown } = input;
  let nudged = false;
  setHandler(
    nudge,
    () => {
      nudged = true;
    },
    { description: 'Begins to listen again now, where that waits after a failure.' },
  );
  setHandler(
    reportStream,
    (given) => {
      shown = streamReportOf(given) ?? shown;
      if (shown === undefined) return;
      show({ step: null, dueAt: null, needsAttention: shown.needsAttention, failureCode: shown.code });
      setCurrentDetails(shown.details);
    },
    { description: 'How listening stands: sent by the listener, for these details.' },
  );
  if (shown !== undefined) setCurrentDetails(shown.details);

  while (!isLong(EVENTS_PER_RUN)) {
    nudged = false;
    try {
      const end = await listening.listenForChanges(connection);
      if (end === 'absent') return;
      if (end === 'superseded') await condition(() => nudged, RETRY);
    } catch (error) {
      const code = failureCode(error);
      if (code === null) throw error;
      show({ step: null, dueAt: null, needsAttention: true, failureCode: code });
      setCurrentDetails(`**${code}** · changes are polled; listening is tried again`);
      await condition(() => nudged, RETRY);
    }
  }
  await continueAsNew<typeof changeEvents>({ connection, ...(shown === undefined ? {} : { shown }) });
}
