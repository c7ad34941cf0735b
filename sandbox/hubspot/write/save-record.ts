/** Creates, updates and archives records as HubSpot would: all of a call's values, or none. */

import type { ObjectDefinition } from '../schema/object-type.ts';
import type { Portal } from '../portal.ts';
import type { ChangeSource, StoredRecord } from '../store/record-store.ts';
import { invalid, invalidValues, isRefusal, noSuchRecord, refusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { storedInstant } from '../wire/instant.ts';
import { closedValues } from './closed-stage.ts';
import { readValues } from './property-value.ts';
import type { GivenValues } from './property-value.ts';

/** What was saved, and the properties that the write named. */
export interface Saved {
  readonly record: StoredRecord;
  readonly written: readonly string[];
}

/** A new record. Unique values that another record holds are refused. */
export function createRecord(portal: Portal, definition: ObjectDefinition, given: GivenValues, by: ChangeSource): Saved | ApiError {
  const { type } = definition;
  const now = portal.clock.now();
  const read = checkedValues(portal, definition, given, {});
  if (isRefusal(read)) return read;
  const missing = type.requiredProperties.filter((name) => (read[name] ?? '') === '');
  if (missing.length > 0)
    return invalidValues(
      missing.map((name) => ({ name, code: 'MISSING_REQUIRED_PROPERTY', message: `Required property "${name}" is missing` })),
      portal.id,
    );
  const id = portal.records.newId();
  const clash = uniqueClash(portal, definition, read, id, true);
  if (clash !== null) return clash;
  const properties = {
    ...read,
    ...closedValues(definition, portal.catalogue.pipelines(type.id), read),
    hs_object_id: String(id),
    hs_object_source: by.source,
    hs_object_source_id: by.sourceId,
    ...(by.userId === null ? {} : { hs_object_source_user_id: String(by.userId) }),
    ...updatedBy(by),
    [type.createdProperty]: storedInstant(now),
    [type.modifiedProperty]: storedInstant(now),
  };
  const record = { id, createdAt: now, modifiedAt: now, archivedAt: null, properties };
  portal.records.insert(type.id, record, uniqueNames(definition), by);
  portal.events.record({ kind: 'creation', object: type.id, id }, by);
  for (const [name, value] of Object.entries(properties))
    if (value !== '' && name !== type.modifiedProperty)
      portal.events.record({ kind: 'propertyChange', object: type.id, id, name, value }, by);
  return { record, written: Object.keys(properties) };
}

/** Writes `given` over a record that is not archived. A write that changes nothing still names a new time of its last change. */
export function updateRecord(
  portal: Portal,
  definition: ObjectDefinition,
  id: number,
  given: GivenValues,
  by: ChangeSource,
): Saved | ApiError {
  const { type } = definition;
  const old = portal.records.find(type.id, id);
  if (old === null || old.archivedAt !== null) return noSuchRecord(String(id));
  const read = checkedValues(portal, definition, given, old.properties);
  if (isRefusal(read)) return read;
  const clash = uniqueClash(portal, definition, read, id, false);
  if (clash !== null) return clash;
  const now = portal.clock.now();
  const changed = Object.keys(read).filter((name) => (old.properties[name] ?? '') !== read[name]);
  const written = { ...old.properties, ...read };
  const calculated = closedValues(definition, portal.catalogue.pipelines(type.id), written);
  const properties = { ...written, ...calculated, ...updatedBy(by), [type.modifiedProperty]: storedInstant(now) };
  const record = { ...old, modifiedAt: now, properties };
  portal.records.replace(type.id, record, changed, uniqueNames(definition), by);
  for (const name of changed) portal.events.record({ kind: 'propertyChange', object: type.id, id, name, value: read[name] ?? '' }, by);
  return { record, written: [...Object.keys(read), 'hs_object_id', type.createdProperty, type.modifiedProperty] };
}

/** The last person who wrote a record; what an app writes leaves it. */
function updatedBy({ userId }: ChangeSource): Readonly<Record<string, string>> {
  return userId === null ? {} : { hs_updated_by_user_id: String(userId) };
}

/** Archives the record where it is there; a repetition is no mistake. */
export function archiveRecord(portal: Portal, definition: ObjectDefinition, id: number, by: ChangeSource): void {
  const record = portal.records.find(definition.type.id, id);
  if (record === null || record.archivedAt !== null) return;
  portal.db.transaction(() => {
    portal.records.archive(definition.type.id, id, portal.clock.now());
    portal.events.record({ kind: 'deletion', object: definition.type.id, id }, by);
    return true;
  });
}

/** The values with what follows from them: a stage names its pipeline. */
function checkedValues(
  portal: Portal,
  definition: ObjectDefinition,
  given: GivenValues,
  old: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | ApiError {
  const pipelines = portal.catalogue.pipelines(definition.type.id);
  const reading = readValues(definition, pipelines, given);
  if (!reading.ok) return invalidValues(reading.problems, portal.id);
  const names = definition.type.pipelineProperties;
  const stage = names === null ? undefined : reading.values[names.stage];
  if (names === null || stage === undefined || stage === '') return reading.values;
  const pipelineId = reading.values[names.pipeline] ?? old[names.pipeline] ?? pipelines[0]?.id ?? '';
  const pipeline = pipelines.find((each) => each.id === pipelineId);
  if (pipeline?.stages.some((each) => each.id === stage) === true) return { ...reading.values, [names.pipeline]: pipelineId };
  const allowed = pipeline?.stages.map((each) => each.id).join(', ') ?? '';
  const message = `${stage} was not one of the allowed options: [${allowed}]`;
  return invalidValues([{ name: names.stage, code: 'INVALID_OPTION', message }], portal.id);
}

export function uniqueNames(definition: ObjectDefinition): readonly string[] {
  return [...definition.properties.values()]
    .filter((property) => property.hasUniqueValue && property.name !== 'hs_object_id')
    .map((property) => property.name);
}

/** The two wordings of a clash: that of a new contact's address, and that of every other unique value. */
export function uniqueClash(
  portal: Portal,
  definition: ObjectDefinition,
  values: Readonly<Record<string, string>>,
  id: number,
  isNew: boolean,
): ApiError | null {
  const { type } = definition;
  for (const name of uniqueNames(definition)) {
    const value = values[name];
    if (value === undefined || value === '') continue;
    if (type.id === '0-1' && name === 'email' && isBlocked(portal, value))
      return invalid(`The address ${value} was deleted for privacy and cannot be used again`);
    const holder = portal.records.holderOf(type.id, name, value);
    if (holder === null || holder === id) continue;
    if (isNew && type.id === '0-1' && name === 'email') return refusal(409, 'CONFLICT', `Contact already exists. Existing ID: ${holder}`);
    const place = `PropertyValueCoordinates{portalId=${portal.id}, objectTypeId=${type.id}, propertyName=${name}, value=${value}}`;
    return invalid(`Cannot set ${place} on ${id}. ${holder} already has that value.`);
  }
  return null;
}

function isBlocked(portal: Portal, address: string): boolean {
  return portal.db.select('SELECT 1 FROM blocked_address WHERE address = ?', address.toLowerCase()).length > 0;
}
