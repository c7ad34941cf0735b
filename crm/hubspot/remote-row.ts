import { asObject, isObject, textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmFailure } from '../failures.ts';
import type { RemoteFields, RemoteRow } from '../port.ts';
import { readAssociationFields } from './association-read.ts';
import { splitFields } from './association-field.ts';
import { instantOf, readValue, type ObjectProperties } from './object-property.ts';
import { ownerDirectory } from './owner.ts';
import type { OwnerDirectory } from './owner-directory.ts';
import type { Session } from './session.ts';

/** What a row carries beside its fields. An object that has not all of them is read without. */
const ROW_PROPERTIES = [
  'hs_object_source',
  'hs_object_source_id',
  'hs_object_source_user_id',
  'hs_updated_by_user_id',
  'hs_merged_object_ids',
];

/** The properties to ask for, so that `fields` and what a `RemoteRow` needs are in the answer. */
export function askedProperties(properties: ObjectProperties, fields: readonly string[]): string[] {
  return [...new Set([properties.modified, ...ROW_PROPERTIES, ...splitFields(fields).properties])];
}

/**
 * Records off the wire as rows, in their order, with what they are associated with where `fields` asks for it. An archived record has lost its associations, of
 * which nothing is told then.
 */
export async function readRows(
  session: Session,
  properties: ObjectProperties,
  records: readonly JsonObject[],
  fields: readonly string[],
): Promise<readonly RemoteRow[]> {
  const { associations } = splitFields(fields);
  const live = records.filter((record) => record['archived'] !== true).map((record) => textOrNull(record['id']) ?? '');
  const associated = await readAssociationFields(session, properties.object, associations.length === 0 ? [] : live, associations);
  const owners = await ownerDirectory(session, new Set(records.flatMap(userIdsOf)));
  return records.map((record) => {
    const row = rowOf(properties, record, fields, owners);
    const lookups = associated.get(row.id);
    return lookups === undefined ? row : { ...row, ...lookups, fields: { ...row.fields, ...lookups.fields } };
  });
}

function rowOf(properties: ObjectProperties, record: JsonObject, fields: readonly string[], owners: OwnerDirectory): RemoteRow {
  const id = textOrNull(record['id']);
  const values = asObject(record['properties'], 'a record');
  const deleted = record['archived'] === true;
  const stamp = deleted ? instantOf(record['archivedAt']) : stampOf(properties, record);
  if (id === null || stamp === null)
    throw new CrmFailure('CRM_UNAVAILABLE', 'A record of the answer has no id or no time of its last change');
  return {
    id,
    stamp,
    deleted,
    mergedInto: null,
    createdBy: authorOf(owners, values['hs_object_source_user_id'], values['hs_object_source'], values['hs_object_source_id']),
    modifiedBy: authorOf(owners, values['hs_updated_by_user_id'], null, null),
    fields: valuesOf(properties, values, fields),
  };
}

/** What is not in the answer is no property of the object. */
function valuesOf(properties: ObjectProperties, values: JsonObject, fields: readonly string[]): RemoteFields {
  const present = splitFields(fields).properties.filter((name) => name in values);
  return Object.fromEntries(present.map((name) => [name, readValue(properties, name, values[name])]));
}

export function stampOf(properties: ObjectProperties, record: JsonObject): string | null {
  const values = isObject(record['properties']) ? record['properties'] : {};
  return instantOf(values[properties.modified]) ?? instantOf(record['updatedAt']);
}

/** The owner who did something; `INTEGRATION:123` and the like for what no person did. */
export function authorOf(owners: OwnerDirectory, userId: unknown, source: unknown, sourceId: unknown): string | null {
  const user = textOf(userId);
  if (user !== null) return owners.ownerIdByUserId.get(user) ?? `user:${user}`;
  const name = textOf(source);
  return name === null ? null : `${name}:${textOf(sourceId) ?? ''}`;
}

function userIdsOf(record: JsonObject): readonly string[] {
  const values = isObject(record['properties']) ? record['properties'] : {};
  return [values['hs_object_source_user_id'], values['hs_updated_by_user_id']].flatMap((id) => textOf(id) ?? []);
}

/** The ids of records that were merged into this one. */
export function mergedIdsOf(record: JsonObject): readonly string[] {
  const values = isObject(record['properties']) ? record['properties'] : {};
  return (textOrNull(values['hs_merged_object_ids']) ?? '').split(';').filter((id) => /^\d+$/.test(id) && id !== record['id']);
}

/** What is told of a record that was merged away: where it went. */
export function mergedRow(id: string, survivor: RemoteRow): RemoteRow {
  return { ...survivor, id, deleted: true, mergedInto: survivor.id, fields: {} };
}

function textOf(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : textOrNull(value);
  return text === '' ? null : text;
}
