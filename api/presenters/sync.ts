import type { SyncIssue } from '../../store/sync-issue.ts';
import { WEBHOOKS, type EventStream } from '../../store/event-stream.ts';
import type { IssueAnswer, SyncStatusAnswer } from '../schemas/sync.ts';

export function presentIssue(issue: SyncIssue): IssueAnswer {
  const { id, connection, objectType, localId, remoteId, category, message, remedy, attempts, status } = issue;
  return { id, connection, objectType, localId, remoteId, category, message, remedy, attempts, status };
}

type EventsAnswer = NonNullable<SyncStatusAnswer['connections'][number]['events']>;

/** A CRM that has nothing to tell answers every two minutes; who has heard nothing for longer is gone, or stuck. Webhooks come only when there is something to tell. */
const SILENT_AFTER_MS = 180_000;

export function presentEvents(stream: EventStream, nowMs: number): EventsAnswer {
  const { state, channels, positions, heardAt, lastEventAt, code, message, remedy, retryAt } = stream;
  const secondsSince = (at: string | null): number | null =>
    at === null ? null : Math.max(0, Math.floor((nowMs - Date.parse(at)) / 1_000));
  const isSilent =
    state === 'listening' && !channels.includes(WEBHOOKS) && (heardAt === null || nowMs - Date.parse(heardAt) > SILENT_AFTER_MS);
  return {
    state: isSilent ? 'silent' : state,
    channels: channels.map((name) => ({ name, position: positions[name] ?? null })),
    lastEventSeconds: secondsSince(lastEventAt),
    heardSeconds: secondsSince(heardAt),
    code,
    message,
    remedy,
    retryAt,
  };
}
