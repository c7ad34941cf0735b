import { isObject, textOrNull, type JsonObject } from '../answer-shape.ts';
import type { RemoteEdit } from '../port.ts';
import { splitFields } from './association-field.ts';
import { readBatches } from './batch-read.ts';
import { propertiesOf } from './known-properties.ts';
import { instantOf, OWNERS, readValue, type ObjectProperties } from './object-property.ts';
import { ownerDirectory } from './owner.ts';
import type { OwnerDirectory } from './owner-directory.ts';
import { authorOf } from './remote-row.ts';
import type { Session } from './session.ts';

const RECORD_ID = /^\d{1,19}$/;
/** The values that a record was made with come with its creation, not always in the same millisecond. */
const CREATION_MS = 1_000;

/**
 * The edits of `fields` on the records `ids`, latest first; what a record was made with is no edit. Long texts come with their values as all others do, each version
 * whole. Associations are left out: HubSpot keeps no history of them. 50 records make one call.
 * https://developers.hubspot.com/docs/api-reference/latest/crm/objects/objects/batch/get-objects
 */
export async function history(
  session: Session,
  object: string,
  ids: readonly string[],
  fields: readonly string[],
  since?: string,
): Promise<readonly RemoteEdit[]> {
  const wanted = [...new Set(ids)].filter((id) => RECORD_ID.test(id));
  const { properties: names } = splitFields(fields);
  if (wanted.length === 0 || names.length === 0 || object === OWNERS) return [];
  const properties = await propertiesOf(session, object);
  const tracked = names.filter((name) => properties.fields.has(name));
  if (tracked.length === 0) return [];
  const records = await readBatches(session, {
    operation: 'history',
    object,
    ids: wanted,
    idProperty: null,
    properties: [],
    history: tracked,
  });
  const owners = await ownerDirectory(session, new Set(records.flatMap(userIdsOf)));
  return records
    .filter((record) => wanted.includes(textOrNull(record['id']) ?? ''))
    .flatMap((record) => editsOf(properties, record, tracked, owners))
    .filter((edit) => since === undefined || edit.at >= since)
    .toSorted((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0));
}

function editsOf(
  properties: ObjectProperties,
  record: JsonObject,
  fields: readonly string[],
  owners: OwnerDirectory,
): readonly RemoteEdit[] {
  const createdAtMs = Date.parse(instantOf(record['createdAt']) ?? '');
  return fields.flatMap((field) => {
    const entries = entriesOf(record, field);
    const oldest = entries.at(-1);
    return entries.flatMap((entry): readonly RemoteEdit[] => {
      const at = instantOf(entry['timestamp']);
      if (at === null || (entry === oldest && Date.parse(at) <= createdAtMs + CREATION_MS)) return [];
      const by = authorOf(owners, entry['updatedByUserId'], entry['sourceType'], entry['sourceId']);
      return [{ recordId: textOrNull(record['id']) ?? '', field, at, by, to: readValue(properties, field, entry['value']) }];
    });
  });
}

/** Newest first, as HubSpot has them. */
function entriesOf(record: JsonObject, field: string): readonly JsonObject[] {
  const histories = isObject(record['propertiesWithHistory']) ? record['propertiesWithHistory'] : {};
  const entries = histories[field];
  return Array.isArray(entries) ? entries.filter(isObject) : [];
}

function userIdsOf(record: JsonObject): readonly string[] {
  const histories = isObject(record['propertiesWithHistory']) ? record['propertiesWithHistory'] : {};
  return Object.keys(histories).flatMap((field) =>
    entriesOf(record, field).flatMap(({ updatedByUserId: id }) => (typeof id === 'number' || typeof id === 'string' ? [String(id)] : [])),
  );
}
