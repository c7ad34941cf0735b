import { textOrNull } from '../answer-shape.ts';
import type { CapturePosition, CaptureRequest, RemoteRow } from '../port.ts';
import { readBatches } from './batch-read.ts';
import type { ObjectProperties } from './object-property.ts';
import { isBeyond } from './position.ts';
import { askedProperties, readRows } from './remote-row.ts';
import { isWanted } from './row-filter.ts';
import type { Session } from './session.ts';

/** Of longer lists it is not remembered what stood in them. */
const MOST_LISTED = 10_000;
/** As long as whoever captures may come back to a position, because keeping a page failed. */
const KEPT_MS = 60 * 60_000;

/**
 * Compares a list of archived records with the one before it: what is no longer in it was restored, merged or purged. Nothing else tells of a record that was restored:
 * HubSpot does not say that its last change moves, and a deletion does not move it (https://developers.hubspot.com/changelog/new-definition-for-archivedat).
 *
 * It counts as of the time of the list, and as behind the position that is being captured from.
 */
export function noteListed(session: Session, key: string, ids: readonly string[], takenAtMs: number, after: CapturePosition | null): void {
  const listed = new Set(ids);
  const before = session.listed.get(key) ?? new Set<string>();
  if (listed.size > MOST_LISTED) session.listed.delete(key);
  else session.listed.set(key, listed);
  const stamp = instant(Math.max(takenAtMs, after === null ? takenAtMs : Date.parse(after.stamp) + 1));
  const since = instant(takenAtMs - KEPT_MS);
  const known = (session.unlisted.get(key) ?? []).filter((position) => position.stamp >= since && !listed.has(position.id));
  const news = [...before].filter((id) => !listed.has(id)).map((id) => ({ id, stamp }));
  session.unlisted.set(key, [...known, ...news]);
}

/** Records behind the request's position that were restored, under the time when that was seen; those that are not there are forgotten. 100 make one call. */
export async function restoredRows(
  session: Session,
  properties: ObjectProperties,
  key: string,
  request: CaptureRequest,
): Promise<readonly RemoteRow[]> {
  const unlisted = session.unlisted.get(key) ?? [];
  const positions = unlisted.filter((position) => isBeyond(position, request.after));
  if (positions.length === 0 || request.fields.length === 0) return [];
  const records = await readBatches(session, {
    operation: 'read',
    object: properties.object,
    ids: positions.map(({ id }) => id),
    idProperty: null,
    properties: askedProperties(properties, request.fields),
  });
  const stamps = new Map(positions.map(({ id, stamp }) => [id, stamp]));
  // An id that leads to another record was merged into that one.
  const there = records.filter((record) => stamps.has(textOrNull(record['id']) ?? ''));
  const thereIds = new Set(there.map((record) => record['id']));
  session.unlisted.set(
    key,
    unlisted.filter(({ id }) => !stamps.has(id) || thereIds.has(id)),
  );
  const rows = await readRows(session, properties, there, request.fields);
  return rows.filter((row) => isWanted(request, row.fields)).map((row) => ({ ...row, stamp: stamps.get(row.id) ?? row.stamp }));
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
