/** A record as HubSpot answers it: values are text or null, and only those that were asked for. */

import { associatedPage } from '../association/associate.ts';
import type { Portal } from '../portal.ts';
import type { ObjectDefinition } from '../schema/object-type.ts';
import type { StoredRecord } from '../store/record-store.ts';
import { instantText, shortened } from './instant.ts';

/** What of a record is to be answered. */
export interface Selection {
  /** Null for the defaults of the object. Names that do not exist are passed over. */
  readonly properties: readonly string[] | null;
  readonly history: readonly string[];
  /** Definitions of the other side. */
  readonly associations: readonly ObjectDefinition[];
}

/** Associations that are listed with a record; the rest is for the associations API. */
const MOST_ASSOCIATED = 500;

export function recordBody(portal: Portal, definition: ObjectDefinition, record: StoredRecord, selection: Selection): object {
  const { type } = definition;
  const history = selection.history.filter((name) => definition.properties.has(name));
  const asked = [...(selection.properties ?? (history.length > 0 ? [] : type.defaultProperties)), ...history];
  const names = new Set([...asked, 'hs_object_id', type.createdProperty, type.modifiedProperty]);
  return {
    id: String(record.id),
    properties: valuesOf(definition, record, [...names].sort()),
    ...(history.length === 0 ? {} : { propertiesWithHistory: historyOf(portal, definition, record, history) }),
    createdAt: instantText(record.createdAt),
    updatedAt: instantText(record.modifiedAt),
    archived: record.archivedAt !== null,
    ...(record.archivedAt === null ? {} : { archivedAt: instantText(record.archivedAt) }),
    ...associationsOf(portal, definition, record, selection.associations),
  };
}

/** The record right after a write: what the write named, and what HubSpot set. */
export function writtenBody(definition: ObjectDefinition, record: StoredRecord, written: readonly string[]): object {
  return {
    id: String(record.id),
    properties: valuesOf(definition, record, [...new Set(written)].sort()),
    createdAt: instantText(record.createdAt),
    updatedAt: instantText(record.modifiedAt),
    archived: false,
  };
}

function valuesOf(definition: ObjectDefinition, record: StoredRecord, names: readonly string[]): Record<string, string | null> {
  const values: Record<string, string | null> = {};
  for (const name of names) {
    const property = definition.properties.get(name);
    if (property === undefined || property.archived) continue;
    const stored = record.properties[name];
    values[name] = stored === undefined || stored === '' ? null : wireValue(stored, property.type);
  }
  return values;
}

function wireValue(stored: string, type: string): string {
  return type === 'datetime' ? shortened(stored) : stored;
}

function historyOf(portal: Portal, definition: ObjectDefinition, record: StoredRecord, names: readonly string[]): object {
  return Object.fromEntries(
    names.map((name) => {
      const type = definition.properties.get(name)?.type ?? 'string';
      const entries = portal.records.history(definition.type.id, record.id, name).map((entry) => ({
        value: wireValue(entry.value, type),
        timestamp: instantText(entry.at),
        sourceType: entry.source,
        sourceId: entry.sourceId,
        ...(entry.userId === null ? {} : { updatedByUserId: entry.userId }),
      }));
      return [name, entries];
    }),
  );
}

function associationsOf(portal: Portal, { type }: ObjectDefinition, record: StoredRecord, others: readonly ObjectDefinition[]): object {
  const lists = others.flatMap((other) => {
    const found = associatedPage(portal, { object: type.id, id: record.id }, other.type.id, 0, MOST_ASSOCIATED);
    const results = found.flatMap(({ id, types }) => types.map(({ name }) => ({ id: String(id), type: name })));
    return results.length === 0 ? [] : [[other.type.name, { results }] as const];
  });
  return lists.length === 0 ? {} : { associations: Object.fromEntries(lists) };
}
