/** Sets and removes associations of records; both sides are stored, and either is told about. */

import type { Portal } from '../portal.ts';
import type { StoredRow } from '../store/database.ts';
import type { ChangeSource } from '../store/record-store.ts';
import { invalid, isRefusal, noSuchRecord } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { limitReached } from './association-limit.ts';
import type { AssociationType } from './association-type.ts';

export interface RecordReference {
  readonly object: string;
  readonly id: number;
}

/** As a caller names it. */
export interface GivenType {
  readonly associationCategory: string;
  readonly associationTypeId: number;
}

/** A record on the other side, with every type by which it is associated. */
export interface Associated {
  readonly id: number;
  readonly types: readonly AssociationType[];
}

/**
 * Associates two records by `given`; without any, by the association as such.
 * Labels that the pair had before are replaced, as HubSpot does.
 *
 * @returns the types that now hold from the one to the other, or the refusal.
 */
export function associate(
  portal: Portal,
  from: RecordReference,
  to: RecordReference,
  given: readonly GivenType[] | null,
  by: ChangeSource,
): readonly AssociationType[] | ApiError {
  for (const { object, id } of [from, to]) {
    const record = portal.records.find(object, id);
    if (record === null || record.archivedAt !== null) return noSuchRecord(String(id));
  }
  const known = portal.associationTypes.between(from.object, to.object);
  const plain = known.find((type) => type.label === null);
  const wanted = given === null ? [] : given.map((each) => known.find((type) => isType(type, each)));
  if (plain === undefined) return invalid(`No association type exists from ${from.object} to ${to.object}`);
  const types = wanted.filter((type) => type !== undefined);
  if (types.length < wanted.length) return invalid(`One or more associations are invalid`);
  if (given !== null) removeLabels(portal, from, to, types, by);
  // Whatever is associated by a label is associated as such, too.
  for (const type of new Set([plain, ...types])) {
    if (type.isSingle) removeOthers(portal, from, to, type, by);
    const refused = limitReached(portal, from, to, type) ?? limitReached(portal, to, from, { ...type, typeId: type.inverseId });
    if (isRefusal(refused)) return refused;
    if (insert(portal, from, to, type.category, type.typeId)) tell(portal, from, to, type, type.typeId, false, by);
    if (insert(portal, to, from, type.category, type.inverseId)) tell(portal, to, from, type, type.inverseId, false, by);
  }
  return typesBetween(portal, from, to);
}

/** Removes every association of the pair. */
export function dissociate(portal: Portal, from: RecordReference, to: RecordReference, by: ChangeSource): void {
  for (const type of typesBetween(portal, from, to)) removeType(portal, from, to, type, by);
}

/** Removes the association of the pair by one type; the association as such stays. */
export function removeType(portal: Portal, from: RecordReference, to: RecordReference, type: AssociationType, by: ChangeSource): void {
  for (const [a, b, typeId] of [
    [from, to, type.typeId],
    [to, from, type.inverseId],
  ] as const) {
    const removed = portal.db.run(
      'DELETE FROM association WHERE from_object = ? AND from_id = ? AND to_object = ? AND to_id = ? AND category = ? AND type_id = ?',
      a.object,
      a.id,
      b.object,
      b.id,
      type.category,
      typeId,
    );
    if (removed > 0) tell(portal, a, b, type, typeId, true, by);
  }
}

/** At most `limit` records of `toObject` from the id `fromId` on, by id. */
export function associatedPage(
  portal: Portal,
  from: RecordReference,
  toObject: string,
  fromId: number,
  limit: number,
): readonly Associated[] {
  const types = portal.associationTypes.between(from.object, toObject);
  const ids = portal.db.select(
    'SELECT DISTINCT to_id FROM association WHERE from_object = ? AND from_id = ? AND to_object = ? AND to_id >= ? ORDER BY to_id LIMIT ?',
    from.object,
    from.id,
    toObject,
    fromId,
    limit,
  );
  return ids.map((row) => {
    const id = Number(row['to_id']);
    return { id, types: heldTypes(portal, from, { object: toObject, id }, types) };
  });
}

export function isType(type: AssociationType, { associationCategory, associationTypeId }: GivenType): boolean {
  return type.category === associationCategory && type.typeId === associationTypeId;
}

function typesBetween(portal: Portal, from: RecordReference, to: RecordReference): readonly AssociationType[] {
  return heldTypes(portal, from, to, portal.associationTypes.between(from.object, to.object));
}

function heldTypes(portal: Portal, from: RecordReference, to: RecordReference, types: readonly AssociationType[]) {
  const rows = portal.db.select(
    'SELECT category, type_id FROM association WHERE from_object = ? AND from_id = ? AND to_object = ? AND to_id = ?',
    from.object,
    from.id,
    to.object,
    to.id,
  );
  const isHeld = (type: AssociationType) =>
    rows.some((row: StoredRow) => row['category'] === type.category && Number(row['type_id']) === type.typeId);
  return types.filter(isHeld);
}

/** Labels that are set again stay where they are. */
function removeLabels(
  portal: Portal,
  from: RecordReference,
  to: RecordReference,
  wanted: readonly AssociationType[],
  by: ChangeSource,
): void {
  for (const type of typesBetween(portal, from, to)) {
    const isWanted = wanted.some((each) => each.category === type.category && each.typeId === type.typeId);
    if (type.label !== null && type.category === 'USER_DEFINED' && !isWanted) removeType(portal, from, to, type, by);
  }
}

function removeOthers(portal: Portal, from: RecordReference, to: RecordReference, type: AssociationType, by: ChangeSource): void {
  const others = portal.db.select(
    'SELECT to_id FROM association WHERE from_object = ? AND from_id = ? AND to_object = ? AND type_id = ? AND category = ? AND to_id <> ?',
    from.object,
    from.id,
    to.object,
    type.typeId,
    type.category,
    to.id,
  );
  for (const other of others) removeType(portal, from, { object: to.object, id: Number(other['to_id']) }, type, by);
}

function insert(portal: Portal, from: RecordReference, to: RecordReference, category: string, typeId: number): boolean {
  const added = portal.db.run(
    'INSERT OR IGNORE INTO association (from_object, from_id, to_object, to_id, category, type_id) VALUES (?, ?, ?, ?, ?, ?)',
    from.object,
    from.id,
    to.object,
    to.id,
    category,
    typeId,
  );
  return added > 0;
}

function tell(
  portal: Portal,
  from: RecordReference,
  to: RecordReference,
  { category, label }: AssociationType,
  typeId: number,
  isRemoved: boolean,
  by: ChangeSource,
): void {
  const isPrimary = category === 'HUBSPOT_DEFINED' && label === 'Primary';
  portal.events.record({ kind: 'associationChange', from, to, category, typeId, isPrimary, isRemoved }, by);
}
