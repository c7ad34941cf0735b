/** The messages that a client is owed: events after the place it was given them up to, in the order of their replay ids. */

import { findObject } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { EventChannel } from './channel.ts';
import type { StreamClient } from './client.ts';
import { eventBody, eventFields, pathOfField } from './event-field.ts';
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

/** What `client` is owed now, of the objects and fields that its user sees, which `seen` has. Its subscriptions move on, so that nothing is given twice; an answer that is lost is made up for by a replay only. */
export function takeMessages(store: RecordStore, log: EventLog, client: StreamClient, seen: Schema): readonly EventMessage[] {
  const tip = log.tip();
  const messages: EventMessage[] = [];
  for (const [name, subscription] of client.subscriptions) {
    if (subscription.position >= tip) continue;
    const { channel, position } = subscription;
    const events = log.readAfter(position, channel.entities(), MOST_AT_ONCE);
    messages.push(...events.flatMap((event) => formatEvent(store, seen, channel, event)));
    const last = events.length < MOST_AT_ONCE ? tip : (events.at(-1)?.replayId ?? tip);
    client.subscriptions.set(name, { channel, position: last });
  }
  return messages.sort((a, b) => a.data.event.replayId - b.data.event.replayId);
}

/** One message, or one a record where the channel adds fields: "Because these event messages are first grouped and then ungrouped, they contain duplicate ReplayId values." */
function formatEvent(
  store: RecordStore,
  seen: Schema,
  channel: EventChannel,
  { replayId, entity, body }: LoggedEvent,
): readonly EventMessage[] {
  const definition = findObject(seen, entity);
  if (definition === null) return [];
  const { schema, payload: whole } = JSON.parse(body) as EventData;
  const payload = definition === store.schema.get(entity.toLowerCase()) ? whole : withSeenFields(definition, whole);
  const message = (content: EventPayload): EventMessage => ({
    data: { schema, payload: content, event: { replayId } },
    channel: channel.name,
  });
  const enriched = channel.enrichedFields(entity);
  const { ChangeEventHeader: header } = payload;
  if (enriched.length === 0 || (header.changeType !== 'UPDATE' && header.changeType !== 'DELETE')) return [message(payload)];
  return header.recordIds.map((id) =>
    message({ ...addedFields(store, definition, id, enriched), ...payload, ChangeEventHeader: { ...header, recordIds: [id] } }),
  );
}

/** "Change Data Capture respects the field-level security settings": a field that the user does not see is neither in the body nor among what changed. */
function withSeenFields(definition: SObjectDefinition, payload: EventPayload): EventPayload {
  const fields = eventFields(definition);
  const paths = new Set(fields.map(pathOfField));
  const names = new Set(fields.map(({ compound, name }) => compound ?? name));
  const shown = Object.entries(payload).flatMap(([name, value]): readonly (readonly [string, unknown])[] => {
    if (!names.has(name)) return [];
    const parts = fields.filter(({ compound }) => compound === name);
    if (parts.length === 0 || value === null || typeof value !== 'object') return [[name, value]];
    return [[name, Object.fromEntries(Object.entries(value).filter(([part]) => parts.some((each) => each.name === part)))]];
  });
  const { ChangeEventHeader: header } = payload;
  const changedFields = header.changedFields.filter((path) => paths.has(path));
  return { ...Object.fromEntries(shown), ChangeEventHeader: { ...header, changedFields } };
}

/** The fields as they are now, empty ones left out. Fields that the event itself changes are its own. */
function addedFields(store: RecordStore, definition: SObjectDefinition, id: string, names: readonly string[]): Record<string, unknown> {
  const row = store.find(definition, id);
  if (row === null) return {};
  const wanted = eventFields(definition).filter(
    ({ field, compound, name }) => names.includes(compound ?? name) && (row[field.name] ?? null) !== null,
  );
  return eventBody(wanted, row);
}
