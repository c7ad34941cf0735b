import { condition, continueAsNew, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { pollSecondsOf, type SyncWorkflowInput } from '../program/messages.ts';
import { crmCalls, notes } from './activity-classes.ts';
import { failureCode, retryAfterMsOf } from './failure-code.ts';
import { nudge } from './message-definitions.ts';
import { createVisibility } from './search-attributes.ts';
import { isLong } from './long-history.ts';

/** A run ends here and begins anew: histories stay short enough to read and to replay. */
const EVENTS_PER_RUN = 2_000;
/** A record that was put off is tried again when its pause is over, but no sooner than this: many of them with pauses of their own must not make a cycle each. */
const LEAST_WAIT_MS = 1_000;

/**
 * Keeps one object type of one connection in step: waits for a nudge, the end of a put-off record's pause or the poll interval, pulls until drained, pushes
 * until drained.
 *
 * The cursor in the store is the truth; a nudge only shortens the wait. A failure that retrying does not mend is shown (`FailureCode`),
 * credentials that no longer work park the connection, and the next poll tries again from where the cursor stands.
 */
export async function syncObject(input: SyncWorkflowInput): Promise<void> {
  const { connection, objectType } = input;
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
    { description: 'Begins the next cycle now instead of at the next poll; pollSeconds sets the interval from now on.' },
  );

  while (!isLong(EVENTS_PER_RUN)) {
    await condition(() => nudged, Math.min(pollSeconds * 1_000, Math.max(LEAST_WAIT_MS, nextInMs)));
    nudged = false;
    nextInMs = Infinity;
    try {
      const { parkedFor, details, ...cycle } = await runCycle(connection, objectType);
      nextInMs = cycle.nextInMs;
      // What sync parked by itself stays in the operators' lists until somebody resumes it.
      show({ step: null, dueAt: null, needsAttention: parkedFor !== null, failureCode: parkedFor });
      if (details !== '') setCurrentDetails(details);
    } catch (error) {
      const code = failureCode(error);
      if (code === null) throw error;
      show({ step: null, dueAt: null, needsAttention: true, failureCode: code });
      setCurrentDetails(`**${code}** · ${waitInWords(retryAfterMsOf(error))}the next poll tries again from the cursor`);
      if (code === 'CRM_AUTH_FAILED') await notes.parkConnection(connection, code);
    }
  }
  await continueAsNew<typeof syncObject>({ ...input, pollSeconds });
}

/** What the CRM asks for is told, and looked at again all the same: it may be over sooner. */
function waitInWords(retryAfterMs: number | null): string {
  return retryAfterMs === null ? '' : `the CRM asks to be left alone until ${new Date(Date.now() + retryAfterMs).toISOString()} · `;
}

interface Cycle {
  /** The code for which the connection is parked; null while it runs, or was paused by a person. */
  readonly parkedFor: string | null;
  readonly details: string;
  /** When the next record that was put off may be tried again; Infinity where none was. */
  readonly nextInMs: number;
}

async function runCycle(connection: string, objectType: SyncWorkflowInput['objectType']): Promise<Cycle> {
  let pulled = 0;
  let pendingOut = 0;
  let nextInMs = Infinity;
  for (;;) {
    const page = await crmCalls.pullPage(connection, objectType);
    if (page.state !== 'running') {
      return { parkedFor: page.state === 'parked' ? page.reason : null, details: `**${page.state}** · ${page.reason ?? ''}`, nextInMs };
    }
    pulled += page.rows;
    pendingOut = page.pendingOut;
    nextInMs = page.nextInMs ?? Infinity;
    if (page.drained) break;
    // A backfill goes on in the next run, which begins at once.
    if (isLong(EVENTS_PER_RUN)) return { parkedFor: null, details: '', nextInMs };
  }
  let written = 0;
  let refused = 0;
  while (pendingOut > 0 && !isLong(EVENTS_PER_RUN)) {
    const batch = await crmCalls.pushBatch(connection, objectType);
    written += batch.written;
    refused += batch.refused;
    pendingOut = batch.dueNow;
    nextInMs = batch.nextInMs ?? Infinity;
  }
  return {
    parkedFor: null,
    details: pulled + written + refused === 0 ? '' : `last change: ${pulled} in, ${written} out, ${refused} refused`,
    nextInMs,
  };
}
