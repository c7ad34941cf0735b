/** Makes one record of two. Source: HubSpot developer changelog, "Updated merge functionality for contacts and companies"; knowledge base, "Merge records". */

import type { Portal } from '../portal.ts';
import type { ObjectDefinition } from '../schema/object-type.ts';
import type { ChangeSource, HistoryEntry, StoredRecord } from '../store/record-store.ts';
import { invalid, noSuchRecord } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { storedInstant } from '../wire/instant.ts';
import { uniqueNames } from './save-record.ts';
import type { Saved } from './save-record.ts';

/** What a record can be made of. Source: knowledge base, "Merge records". */
const MOST_IDENTITIES = 250;

/**
 * Merges `otherId` into `primaryId`: a new record with a new id comes of both, to which both ids lead from then on.
 * The primary's values are the new record's; where it has none, the other's are. Associations of both move, the primary's "Primary" labels before the other's.
 */
export function mergeRecords(
  portal: Portal,
  definition: ObjectDefinition,
  primaryId: number,
  otherId: number,
  by: ChangeSource,
): Saved | ApiError {
  const { type } = definition;
  if (!isMergeable(definition)) return invalid(`Objects of type ${type.id} cannot be merged`);
  const [primary, other] = [portal.records.find(type.id, primaryId), portal.records.find(type.id, otherId)];
  if (primary === null || primary.archivedAt !== null) return noSuchRecord(String(primaryId));
  if (other === null || other.archivedAt !== null) return noSuchRecord(String(otherId));
  if (primary.id === other.id) return invalid(`Cannot merge ${primary.id} with itself`);
  const identities = [primary, other].flatMap((each) => [...listOf(each, 'hs_merged_object_ids'), String(each.id)]);
  if (identities.length > MOST_IDENTITIES) return invalid(`Cannot have more than ${MOST_IDENTITIES} identities`);
  const moved = Object.keys(other.properties).filter((name) => isBlank(primary, name) && !isBlank(other, name));
  const record = merged(portal, definition, primary, other, identities);
  const histories = historiesOf(portal, type.id, primary, other, moved);
  const associations = associationsOf(portal, type.id, [primary.id, other.id], record.id);
  portal.merges.absorb(type.id, [primary.id, other.id], record.id);
  portal.records.insert(type.id, record, uniqueNames(definition), by);
  for (const [name, entries] of histories) portal.merges.putHistory(type.id, record.id, name, entries);
  for (const row of associations)
    portal.db.run(
      'INSERT OR IGNORE INTO association (from_object, from_id, to_object, to_id, category, type_id) VALUES (?, ?, ?, ?, ?, ?)',
      ...row,
    );
  const mergedIds = [other.id];
  portal.events.record(
    { kind: 'merge', object: type.id, primaryId: primary.id, mergedIds, newId: record.id, movedProperties: moved.length },
    by,
  );
  const value = identities.join(';');
  portal.events.record({ kind: 'propertyChange', object: type.id, id: record.id, name: 'hs_merged_object_ids', value }, by);
  return {
    record,
    written: [...type.defaultProperties, 'hs_merged_object_ids', 'hs_object_id', type.createdProperty, type.modifiedProperty],
  };
}

function isMergeable({ type }: ObjectDefinition): boolean {
  return type.isCustom || ['0-1', '0-2', '0-3'].includes(type.id);
}

function merged(
  portal: Portal,
  { type }: ObjectDefinition,
  primary: StoredRecord,
  other: StoredRecord,
  identities: readonly string[],
): StoredRecord {
  const id = portal.records.newId();
  const now = portal.clock.now();
  // The older one tells since when the record has been there.
  const createdAt = Math.min(primary.createdAt, other.createdAt);
  const values = Object.entries(primary.properties).filter(([, value]) => value !== '');
  const emails = [...listOf(primary, 'hs_additional_emails'), other.properties['email'] ?? '', ...listOf(other, 'hs_additional_emails')];
  const additional = type.id === '0-1' ? [...new Set(emails)].filter((email) => email !== '' && email !== primary.properties['email']) : [];
  const isTaken = primary.properties['email'] === undefined || primary.properties['email'] === '';
  const properties = {
    ...other.properties,
    ...Object.fromEntries(values),
    // The other's address is the record's own where the primary has none.
    ...(additional.length === 0 ? {} : { hs_additional_emails: (isTaken ? additional.slice(1) : additional).join(';') }),
    hs_merged_object_ids: identities.join(';'),
    hs_object_id: String(id),
    [type.createdProperty]: storedInstant(createdAt),
    [type.modifiedProperty]: storedInstant(now),
  };
  return { id, createdAt, modifiedAt: now, archivedAt: null, properties };
}

/** The values of both, the current one last. */
function historiesOf(portal: Portal, object: string, primary: StoredRecord, other: StoredRecord, moved: readonly string[]) {
  const names = new Set([...portal.merges.historyNames(object, primary.id), ...portal.merges.historyNames(object, other.id)]);
  names.delete('hs_object_id');
  names.delete('hs_merged_object_ids');
  return [...names].map((name): readonly [string, readonly HistoryEntry[]] => {
    const own = portal.records.history(object, primary.id, name).toReversed();
    const others = portal.records.history(object, other.id, name).toReversed();
    return [name, moved.includes(name) ? [...own, ...others] : [...others, ...own]];
  });
}

type AssociationRow = readonly [string, number, string, number, string, number];

/** The rows of both records as those of `survivorId`; a type of which there is one at most is the first record's. */
function associationsOf(portal: Portal, object: string, ids: readonly number[], survivorId: number): readonly AssociationRow[] {
  const rows: AssociationRow[] = [];
  const singles = new Set<string>();
  for (const id of ids) {
    const found = portal.db.select('SELECT * FROM association WHERE from_object = ? AND from_id = ?', object, id);
    const taken = new Set(singles);
    for (const row of found) {
      const [toObject, toId, category, typeId] = [
        String(row['to_object']),
        Number(row['to_id']),
        String(row['category']),
        Number(row['type_id']),
      ];
      // The two may have been associated with each other.
      if (toObject === object && ids.includes(toId)) continue;
      const type = portal.associationTypes.between(object, toObject).find((each) => each.category === category && each.typeId === typeId);
      const key = `${toObject} ${category} ${typeId}`;
      if (type === undefined || (type.isSingle && taken.has(key))) continue;
      if (type.isSingle) singles.add(key);
      rows.push([object, survivorId, toObject, toId, category, typeId], [toObject, toId, object, survivorId, category, type.inverseId]);
    }
  }
  return rows;
}

function listOf(record: StoredRecord, name: string): readonly string[] {
  return (record.properties[name] ?? '').split(';').filter((part) => part !== '');
}

function isBlank(record: StoredRecord, name: string): boolean {
  return (record.properties[name] ?? '') === '';
}
