import { CrmFailure } from '../failures.ts';
import type { CapturePage, CaptureRequest, RemoteRow } from '../port.ts';
import { archivedRecords, listKey, readArchived } from './archived.ts';
import { associationFieldOf } from './association-field.ts';
import { changedRecords } from './changed-record.ts';
import { propertiesOf } from './known-properties.ts';
import { OWNERS } from './object-property.ts';
import { captureOwners } from './owner.ts';
import { byPosition } from './position.ts';
import { mergedIdsOf, mergedRow, readRows } from './remote-row.ts';
import { restoredRows } from './restored.ts';
import { filterFields } from './row-filter.ts';
import type { Session } from './session.ts';

/**
 * One page of changed rows in the order (stamp, id), archived ones included; the stamp of those is when they were archived, or when that was seen where it was late. A
 * record that took up others is preceded by a row for each of those, under the survivor's stamp: HubSpot shows nothing else of them. A page may be shorter than `limit`
 * without being the last.
 *
 * A record that was restored comes under the time at which it had left the list of archived ones, as far as this process has read that list before.
 *
 * The search index is some moments behind, and a change of associations alone does not move a record's stamp: reading an overlap again is the caller's part.
 */
export async function capture(session: Session, request: CaptureRequest): Promise<CapturePage> {
  checkRequest(request);
  if (request.object === OWNERS) return captureOwners(session, request);
  const properties = await propertiesOf(session, request.object);
  const changed = await changedRecords(session, properties, request);
  const rows = await readRows(session, properties, changed.records, request.fields);
  const end = changed.isDrained ? undefined : rows.at(-1);
  const archived = await archivedRecords(session, properties, request, end === undefined ? null : Date.parse(end.stamp));
  const within = archived.filter((record) => end === undefined || byPosition(record, end) <= 0);
  // They count as of now, and so come last.
  const restored = end === undefined ? await restoredRows(session, properties, listKey(request), request) : [];
  const back = restored.filter(({ id }) => !rows.some((row) => row.id === id));
  // Which of them the page has room for; of those that were archived only these are read.
  const places = [...rows, ...within, ...back].toSorted(byPosition).slice(0, request.limit);
  const taken = new Set(places);
  const onPage = within.filter((record) => taken.has(record));
  const gone = await readArchived(session, properties, onPage, request.fields);
  const page = [...[...rows, ...back].filter((row) => taken.has(row)), ...gone].toSorted(byPosition);
  const mergedIds = new Map(changed.records.map((record) => [record['id'], mergedIdsOf(record)]));
  return {
    rows: page.flatMap((row) => [...(row.deleted ? [] : (mergedIds.get(row.id) ?? [])).map((id) => mergedRow(id, row)), row]),
    drained: changed.isDrained && places.length < request.limit,
    serverTimeMs: atLeastAt(page, changed.serverTimeMs),
  };
}

/** The Date header is cut to the second, and a row that was changed within that second shows that it is later. */
function atLeastAt(rows: readonly RemoteRow[], dateMs: number): number {
  const latestMs = Math.max(...rows.map((row) => Date.parse(row.stamp)), dateMs);
  return Math.min(latestMs, dateMs + 999);
}

function checkRequest(request: CaptureRequest): void {
  const { object, limit } = request;
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new CrmFailure('CRM_REQUEST_INVALID', `limit ${limit} of a capture; expected at least 1`);
  const association = filterFields(request).find((field) => associationFieldOf(field) !== null);
  if (association !== undefined)
    throw new CrmFailure('CRM_REQUEST_INVALID', `${object} cannot be captured by ${association}; expected a property`);
}
