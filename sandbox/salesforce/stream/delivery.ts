/** The messages that a client is owed: events after the place it was given them up to, in the order of their replay ids. */

import { findObject } from '../schema/catalogue.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { EventChannel } from './channel.ts';
import type { StreamClient } from './client.ts';
import { eventBody, eventFields } from './event-field.ts';
import type { EventLog, LoggedEvent } from './event-log.ts';

/** Events of one channel in one answer; the rest comes with the next. */
const MOST_AT_ONCE = 200;

export interface EventMessage {
  readonly data: {
    readonly schema: string;
    readonly payload: EventPayload;
    readonly event: { readonly replayId: number };
  };
  readonly channel: string;
}

type EventPayload = Readonly<Record<string, unknown>> & {
  readonly ChangeEventHeader: {
    readonly entityName: string;
    readonly changeType: string;
    readonly recordIds: readonly string[];
    readonly changedFields: readonly string[];
  };
};

interface EventData {
  readonly schema: string;
  readonly payload: EventPayload;
}

/** What `client` is owed now. Its subscriptions move on, so that nothing is given twice; an answer that is lost is made up for by a replay only. */
export function takeMessages(store: RecordStore, log: EventLog, client: StreamClient): readonly EventMessage[] {
  const tip = log.tip();
  const messages: EventMessage[] = [];
  for (const [name, subscription] of client.subscriptions) {
    if (subscription.position >= tip) continue;
    const { channel, position } = subscription;
    const events = log.readAfter(position, channel.entities(), MOST_AT_ONCE);
    messages.push(...events.flatMap((event) => formatEvent(store, channel, event)));
    const last = events.length < MOST_AT_ONCE ? tip : (events.at(-1)?.replayId ?? tip);
    client.subscriptions.set(name, { channel, position: last });
  }
  return messages.sort((a, b) => a.data.event.replayId - b.data.event.replayId);
}

/** One message, or one a record where the channel adds fields: "Because these event messages are first grouped and then ungrouped, they contain duplicate ReplayId values." */
function formatEvent(store: RecordStore, channel: EventChannel, { replayId, entity, body }: LoggedEvent): readonly EventMessage[] {
  const { schema, payload } = JSON.parse(body) as EventData;
  const message = (content: EventPayload): EventMessage => ({
    data: { schema, payload: content, event: { replayId } },
    channel: channel.name,
  });
  const enriched = channel.enrichedFields(entity);
  const { ChangeEventHeader: header } = payload;
  if (enriched.length === 0 || (header.changeType !== 'UPDATE' && header.changeType !== 'DELETE')) return [message(payload)];
  return header.recordIds.map((id) =>
    message({ ...addedFields(store, entity, id, enriched), ...payload, ChangeEventHeader: { ...header, recordIds: [id] } }),
  );
}

/** The fields as they are now, empty ones left out. Fields that the event itself changes are its own. */
function addedFields(store: RecordStore, entity: string, id: string, names: readonly string[]): Record<string, unknown> {
  const definition = findObject(store.schema, entity);
  const row = definition === null ? null : store.find(definition, id);
  if (definition === null || row === null) return {};
  const wanted = eventFields(definition).filter(
    ({ field, compound, name }) => names.includes(compound ?? name) && (row[field.name] ?? null) !== null,
  );
  return eventBody(wanted, row);
}
