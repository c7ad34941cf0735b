import { activityInfo, cancellationSignal, getClient } from '@temporalio/activity';
import { MESSAGES, type StreamReport } from '../../program/messages.ts';
import type { EventStream } from '../../store/event-stream.ts';
import type { EventActivities } from '../contract.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { listenToChanges, LISTENER_PAUSES, type ListenerPauses } from './listener.ts';
import { streamInWords } from './stream-words.ts';

/** Then another turn begins, so that the history of the workflow can begin anew as well. Shorter than the activity's own time. */
const TURN_MS = 3 * 60 * 60_000;
/** News of the position alone are worth an entry in the history no more often than this. */
const REPORT_EVERY_MS = 5 * 60_000;

/** What wants an operator. An allowance comes back by itself, and so does a CRM that does not answer. */
const WANTS_ATTENTION: ReadonlySet<string> = new Set(['CRM_EVENTS_UNAVAILABLE', 'CRM_AUTH_FAILED']);

/** The listener of a connection, of which there is one in the whole fleet. `stopping` ends it when the worker does. */
export function createEventActivities(
  deps: ActivityDependencies,
  stopping?: AbortSignal,
  pauses: ListenerPauses = LISTENER_PAUSES,
): EventActivities {
  return {
    async listenForChanges(name) {
      const connection = deps.connections.get(name);
      if (connection?.port.listen === undefined || connection.isListenedTo === false) return 'absent';
      const signals = [cancellationSignal(), AbortSignal.timeout(TURN_MS), ...(stopping === undefined ? [] : [stopping])];
      return listenToChanges({ deps, name, connection, signal: AbortSignal.any(signals), tell: createReporter(deps, name), pauses });
    },
  };
}

/** Tells the workflow how listening stands: at once when it stands differently, and now and then where it has merely gone on. */
function createReporter({ log, now }: ActivityDependencies, name: string): (stream: EventStream) => void {
  const { workflowExecution } = activityInfo();
  if (workflowExecution === undefined) return () => undefined;
  const workflow = getClient().workflow.getHandle(workflowExecution.workflowId);
  let told = '';
  let toldAtMs = 0;
  return (stream) => {
    const { state, code, gapAt, lastEventAt } = stream;
    const standing = JSON.stringify([state, code, gapAt, stream.channels]);
    const isNews = !told.startsWith(standing) || (!told.endsWith(String(lastEventAt)) && Date.parse(now()) - toldAtMs >= REPORT_EVERY_MS);
    if (!isNews) return;
    told = `${standing}${lastEventAt}`;
    toldAtMs = Date.parse(now());
    const report: StreamReport = { details: streamInWords(stream), code, needsAttention: code !== null && WANTS_ATTENTION.has(code) };
    workflow
      .signal(MESSAGES.reportStream, report)
      .catch((error: unknown) =>
        log.debug({ connection: name, err: error }, 'the workflow of the events was not told how listening stands'),
      );
  };
}
