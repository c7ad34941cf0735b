import { asList, asObject, isObject, textOrNull } from '../answer-shape.ts';
import type { CaptureRequest, RemoteRow } from '../port.ts';
import type { ArchivedSnapshot } from './archived-snapshot.ts';
import { callApi } from './call.ts';
import { checkName, type ObjectProperties } from './object-property.ts';
import { byPosition, isBeyond } from './position.ts';
import { askedProperties, readRows } from './remote-row.ts';
import { filterFields, isWanted } from './row-filter.ts';
import type { Session } from './session.ts';

const MOST_ROWS = 100;
/** Records that are archived while the list is walked may be missing from it. */
const WALK_MS = 60_000;

/**
 * Archived records behind the request's position, in the order (stamp, id); their stamp is the time when they were archived.
 *
 * HubSpot lists them by id and without a filter for the time, so that every walk reads the whole list. One that was taken is used again for pages that end at
 * `upToMs`, some time before it was: whatever was archived until then is in it. Null asks for a new one.
 */
export async function archivedRows(
  session: Session,
  properties: ObjectProperties,
  request: CaptureRequest,
  upToMs: number | null,
): Promise<readonly RemoteRow[]> {
  const key = JSON.stringify([request.object, request.fields, request.whereNotNull ?? null, request.where ?? []]);
  const held = session.archived.get(key);
  const since = request.after?.stamp ?? '';
  const isEnough = held !== undefined && upToMs !== null && held.since <= since && upToMs < held.takenAtMs - WALK_MS;
  const snapshot = isEnough ? held : await takeSnapshot(session, properties, request, since);
  // The last page of a walk needs it no more, and it may be long.
  if (upToMs === null) session.archived.delete(key);
  else session.archived.set(key, snapshot);
  return snapshot.rows.filter((row) => isBeyond(row, request.after));
}

async function takeSnapshot(
  session: Session,
  properties: ObjectProperties,
  request: CaptureRequest,
  since: string,
): Promise<ArchivedSnapshot> {
  const { object, fields } = request;
  const wanted = [...fields, ...filterFields(request)];
  const rows: RemoteRow[] = [];
  let takenAtMs: number | null = null;
  let after: string | undefined;
  do {
    const from: string | undefined = after;
    const answer = await callApi(session, {
      operation: 'capture_archived',
      isRepeatable: true,
      send: (client) =>
        client
          .records()
          .getPageWithHttpInfo(checkName(object), MOST_ROWS, from, askedProperties(properties, wanted), undefined, undefined, true),
    });
    const body = asObject(answer.body, 'a list');
    takenAtMs ??= answer.serverTimeMs;
    const records = asList(body['results'], 'a list').map((record) => ({ ...record, archived: true }));
    const read = await readRows(session, properties, records, wanted);
    rows.push(...read.filter((row) => row.stamp >= since && isWanted(request, row.fields)));
    const next = isObject(body['paging']) && isObject(body['paging']['next']) ? body['paging']['next'] : {};
    after = textOrNull(next['after']) ?? undefined;
  } while (after !== undefined);
  return { since, takenAtMs: takenAtMs ?? session.nowMs(), rows: rows.map((row) => onlyFields(row, fields)).toSorted(byPosition) };
}

function onlyFields(row: RemoteRow, fields: readonly string[]): RemoteRow {
  return { ...row, fields: Object.fromEntries(Object.entries(row.fields).filter(([name]) => fields.includes(name))) };
}
