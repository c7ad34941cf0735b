/** The channels that clients can subscribe to, and which objects' change events each of them carries. Source: Change Data Capture Developer Guide, "Subscription Channels", "Enrich Change Events with Extra Fields". */

import type { Components } from '../metadata/component.ts';
import { findObject } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { RecordStore } from '../store/record-store.ts';
import { hasChangeEvents } from './event-field.ts';
import { shippedChannelsOf } from './shipped-channel.ts';
import type { ShippedMember } from './shipped-channel.ts';

const SELECTED = 'stream.selectedEntities';
const STANDARD_CHANNEL = 'ChangeEvents';

export interface EventChannel {
  /** `/data/ChangeEvents`, in the case in which it was asked for. */
  readonly name: string;
  /** The names of the objects, as of now. */
  readonly entities: () => readonly string[];
  /** Fields that the channel adds to updates and deletes of an object; empty for most. */
  readonly enrichedFields: (entity: string) => readonly string[];
}

export interface Channels {
  /** The channel of that name, which is case-sensitive; null where there is none. */
  readonly find: (name: string) => EventChannel | null;
  readonly isSelected: (definition: SObjectDefinition) => boolean;
  /** What the Setup page "Change Data Capture" does: from now on these objects have change events. Null selects all that can. */
  readonly select: (entities: readonly string[] | null) => void;
  readonly selected: () => readonly string[];
}

/** `components` are the org's as they are now: what is deployed counts at once. */
export function createChannels(store: RecordStore, schema: Schema, components: () => Components): Channels {
  let view: View | null = null;
  const now = (): View => {
    const seen = components();
    if (view?.components !== seen) view = viewOf(schema, seen);
    return view;
  };
  const selected = (): readonly string[] => {
    const kept = store.readMeta(SELECTED);
    return kept === null ? [...now().entityOf.values()] : (JSON.parse(kept) as string[]);
  };
  const membersOf = (channel: string) => now().members.filter((member) => member.channel === channel);
  // "Entities are automatically selected for change event notifications when you create a custom channel that includes them."
  const captured = () => new Set([...selected(), ...now().members.map((member) => member.entity)]);
  let known: { readonly view: View; readonly names: ReadonlySet<string> } | null = null;
  const isCaptured = (name: string): boolean => {
    if (known?.view !== now()) known = { view: now(), names: captured() };
    return known.names.has(name);
  };

  return {
    find: (name) => {
      const local = /^\/data\/(\w+)$/.exec(name)?.[1] ?? '';
      const enrichedFields = (entity: string) => membersOf(local).find((member) => member.entity === entity)?.enrichedFields ?? [];
      if (local === STANDARD_CHANNEL) return { name, entities: selected, enrichedFields };
      if (now().custom.has(local)) return { name, entities: () => membersOf(local).map((member) => member.entity), enrichedFields };
      const entity = now().entityOf.get(local);
      return entity === undefined ? null : { name, entities: () => [entity], enrichedFields: () => [] };
    },
    isSelected: (definition) => hasChangeEvents(definition) && isCaptured(definition.name),
    select: (entities) => {
      known = null;
      store.run('DELETE FROM _meta WHERE key = ?', SELECTED);
      if (entities !== null) store.writeMeta(SELECTED, JSON.stringify(entities.flatMap((name) => findObject(schema, name)?.name ?? [])));
    },
    selected,
  };
}

interface View {
  readonly components: Components;
  /** The objects that can have change events, by the name of the event. */
  readonly entityOf: ReadonlyMap<string, string>;
  readonly members: readonly (ShippedMember & { readonly entity: string })[];
  readonly custom: ReadonlySet<string>;
}

function viewOf(schema: Schema, components: Components): View {
  const able = [...schema.values()].filter(hasChangeEvents);
  const entityOf = new Map(able.map((definition) => [eventName(definition.name), definition.name]));
  const shipped = shippedChannelsOf(components.values());
  const members = shipped.members.flatMap((member) => {
    const entity = entityOf.get(member.event);
    return entity === undefined ? [] : [{ ...member, entity }];
  });
  const names = [...shipped.channels, ...members.map((member) => member.channel)];
  return { components, entityOf, members, custom: new Set(names.filter((name) => name.endsWith('__chn'))) };
}

/** `AccountChangeEvent`, `Deal_Registration__ChangeEvent`. */
function eventName(objectName: string): string {
  return objectName.endsWith('__c') ? objectName.replace(/__c$/, '__ChangeEvent') : `${objectName}ChangeEvent`;
}
