import { asObject, textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmFailure } from '../failures.ts';
import type { LookupValues, RemoteRow } from '../port.ts';
import { splitFields } from './association-field.ts';
import { readAssociationFields } from './association-read.ts';
import { readBatches } from './batch-read.ts';
import { callApi } from './call.ts';
import { propertiesOf } from './known-properties.ts';
import { checkName, OWNERS, type ObjectProperties } from './object-property.ts';
import { selectOwners } from './owner.ts';
import { askedProperties, mergedIdsOf, mergedRow, readRows } from './remote-row.ts';
import type { Session } from './session.ts';

const RECORD_ID = /^\d{1,19}$/;

/**
 * Rows by id, archived ones with the mark; ids that do not exist or are none are left out. An id that HubSpot answers with another record was merged into that one.
 * 100 ids make one call; one more asks for those that are archived, and one for each that is neither.
 */
export async function read(
  session: Session,
  object: string,
  ids: readonly string[],
  fields: readonly string[],
): Promise<readonly RemoteRow[]> {
  const wanted = [...new Set(ids)].filter((id) => RECORD_ID.test(id));
  if (wanted.length === 0) return [];
  if (object === OWNERS) return selectOwners(session, fields, ({ id }) => wanted.includes(id));
  const properties = await propertiesOf(session, object);
  const asked = { operation: 'read', object, idProperty: null, properties: askedProperties(properties, fields) };
  const live = await readBatches(session, { ...asked, ids: wanted });
  const isMissing = unseenAmong(live);
  const archived = (await readBatches(session, { ...asked, ids: wanted.filter(isMissing), isArchived: true })).map((record) => ({
    ...record,
    archived: true,
  }));
  const isStillMissing = unseenAmong([...live, ...archived]);
  const survivors = await readSurvivors(session, properties, wanted.filter(isStillMissing), fields);
  const rows = await readRows(session, properties, [...live, ...archived, ...survivors.values()], fields);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const survivorOf = new Map([...live, ...survivors.values()].flatMap((record) => mergedIdsOf(record).map((id) => [id, record['id']])));
  for (const [id, record] of survivors) survivorOf.set(id, record['id']);
  return wanted.flatMap((id) => {
    const own = byId.get(id);
    const survivor = byId.get(textOrNull(survivorOf.get(id)) ?? '');
    if (own !== undefined) return [own];
    return survivor === undefined ? [] : [mergedRow(id, survivor)];
  });
}

/** Associations alone, a call for a thousand records and each object that they lead to. A record that is not there is associated with nothing. */
export async function readLookups(
  session: Session,
  object: string,
  ids: readonly string[],
  fields: readonly string[],
): Promise<ReadonlyMap<string, LookupValues>> {
  const { associations } = splitFields(fields);
  return readAssociationFields(
    session,
    object,
    [...new Set(ids)].filter((id) => RECORD_ID.test(id)),
    associations,
  );
}

function unseenAmong(records: readonly JsonObject[]): (id: string) => boolean {
  const seen = new Set(records.flatMap((record) => [textOrNull(record['id']) ?? '', ...mergedIdsOf(record)]));
  return (id) => !seen.has(id);
}

/** The records that HubSpot gives in place of those, by the id that was asked for. */
async function readSurvivors(
  session: Session,
  properties: ObjectProperties,
  ids: readonly string[],
  fields: readonly string[],
): Promise<ReadonlyMap<string, JsonObject>> {
  const survivors = new Map<string, JsonObject>();
  for (const id of ids) {
    try {
      const answer = await callApi(session, {
        operation: 'read_merged',
        isRepeatable: true,
        send: (client) => client.records().getByIdWithHttpInfo(checkName(properties.object), id, askedProperties(properties, fields)),
      });
      const record = asObject(answer.body, 'a record');
      if (record['id'] !== id) survivors.set(id, record);
    } catch (error) {
      // A record that is not there is answered with 404, and so is an object that is not; of that the batches would have told.
      if (!(error instanceof CrmFailure) || error.code !== 'CRM_FIELD_UNKNOWN') throw error;
    }
  }
  return survivors;
}
