import { asList, asObject, isObject, textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmFailure } from '../failures.ts';
import type { CapturePosition, CaptureRequest, RemoteFields, RemoteRow } from '../port.ts';
import type { ArchivedRecord, ArchivedSnapshot } from './archived-snapshot.ts';
import { readBatches } from './batch-read.ts';
import { callApi } from './call.ts';
import { checkName, instantOf, readValue, type ObjectProperties } from './object-property.ts';
import { byPosition, isBeyond } from './position.ts';
import { askedProperties, readRows } from './remote-row.ts';
import { noteListed } from './restored.ts';
import { filterFields, isWanted } from './row-filter.ts';
import type { Session } from './session.ts';

const MOST_ROWS = 100;
/** Records that are archived while the list is walked may be missing from it. */
const WALK_MS = 60_000;
/** A list of one page is read at every poll; of a longer one, each further page puts off the next reading by this, so that it costs a call in ten seconds at most. */
const PAUSE_PER_PAGE_MS = 10_000;
/** Whoever captures reads an overlap of ten minutes again; what is seen later than this after it was archived counts as of then, or it would be behind every position. */
const LATE_MS = 5 * 60_000;
/** How far back a list reaches beyond what was asked for, so that the next request finds it enough; also how far back a process looks that has read no list before. */
const REACH_MS = 60 * 60_000;

/**
 * Archived records behind the request's position, in the order (stamp, id).
 *
 * HubSpot lists them by id and without a filter for the time, so that every walk reads the whole list (https://developers.hubspot.com/docs/api-reference/crm-objects/guide).
 * One that was taken is used again for a while, the longer the more calls it took, and for pages that end at `upToMs`, some time before it was: whatever was archived
 * until then is in it.
 */
export async function archivedRecords(
  session: Session,
  properties: ObjectProperties,
  request: CaptureRequest,
  upToMs: number | null,
): Promise<readonly CapturePosition[]> {
  const key = listKey(request);
  const held = session.archived.get(key);
  const after = request.after?.stamp ?? '';
  const isEnough =
    held !== undefined && held.since <= after && (isYoung(session, held) || (upToMs !== null && upToMs < held.takenAtMs - WALK_MS));
  const snapshot = isEnough ? held : await takeSnapshot(session, properties, request, held ?? null);
  if (upToMs !== null) session.archived.set(key, snapshot);
  else if (snapshot.pages > 1) session.archived.set(key, trimmed(snapshot, after));
  // A short list is not worth its memory beyond the walk.
  else session.archived.delete(key);
  return snapshot.records.filter((record) => isBeyond(record, request.after));
}

/** What lists of archived records are told apart by. */
export function listKey({ object, whereNotNull, where }: CaptureRequest): string {
  return JSON.stringify([object, whereNotNull ?? null, where ?? []]);
}

/** The records as rows, under their stamps; those that were restored meanwhile are left out. 100 make one call, and none where no fields are asked for. */
export async function readArchived(
  session: Session,
  properties: ObjectProperties,
  records: readonly CapturePosition[],
  fields: readonly string[],
): Promise<readonly RemoteRow[]> {
  const bare = { deleted: true, mergedInto: null, createdBy: null, modifiedBy: null, fields: {} };
  if (fields.length === 0) return records.map(({ id, stamp }) => ({ ...bare, id, stamp }));
  const read = await readBatches(session, {
    operation: 'read',
    object: properties.object,
    ids: records.map(({ id }) => id),
    idProperty: null,
    properties: askedProperties(properties, fields),
    isArchived: true,
  });
  const rows = await readRows(
    session,
    properties,
    read.map((record) => ({ ...record, archived: true })),
    fields,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  // A list that is not true any more is read again for the next page.
  if (records.some(({ id }) => !byId.has(id))) session.archived.clear();
  return records.flatMap(({ id, stamp }) => {
    const row = byId.get(id);
    return row === undefined ? [] : [{ ...row, stamp }];
  });
}

function isYoung(session: Session, { takenAtMs, pages }: ArchivedSnapshot): boolean {
  return Math.abs(session.nowMs() - takenAtMs) < pauseFor(pages);
}

function pauseFor(pages: number): number {
  return (pages - 1) * PAUSE_PER_PAGE_MS;
}

async function takeSnapshot(
  session: Session,
  properties: ObjectProperties,
  request: CaptureRequest,
  before: ArchivedSnapshot | null,
): Promise<ArchivedSnapshot> {
  const { object } = request;
  const asked = [...filterFields(request)];
  const archived: Omit<ArchivedRecord, 'stamp'>[] = [];
  let takenAtMs: number | null = null;
  let after: string | undefined;
  let pages = 0;
  do {
    const from: string | undefined = after;
    const answer = await callApi(session, {
      operation: 'capture_archived',
      isRepeatable: true,
      send: (client) => client.records().getPageWithHttpInfo(checkName(object), MOST_ROWS, from, asked, undefined, undefined, true),
    });
    const body = asObject(answer.body, 'a list');
    takenAtMs ??= answer.serverTimeMs;
    pages += 1;
    for (const record of asList(body['results'], 'a list')) {
      if (isWanted(request, valuesOf(properties, record, asked))) archived.push(archivalOf(record));
    }
    const next = isObject(body['paging']) && isObject(body['paging']['next']) ? body['paging']['next'] : {};
    after = textOrNull(next['after']) ?? undefined;
  } while (after !== undefined);
  const at = takenAtMs ?? session.nowMs();
  // A look at ids and stamps alone takes no records over.
  if (request.fields.length > 0)
    noteListed(
      session,
      listKey(request),
      archived.map(({ id }) => id),
      at,
      request.after,
    );
  const since = earlier(request.after?.stamp ?? '', instant(at - REACH_MS));
  const records = stamped(archived, at, pages, before).filter(({ stamp }) => stamp >= since);
  return { since, takenAtMs: at, pages, records: records.toSorted(byPosition) };
}

/**
 * Gives each record its stamp. What the list before did not have, although it was archived before it counts as prompt, is stamped with the time of this list: positions
 * have gone past the time when it was archived.
 */
function stamped(
  archived: readonly Omit<ArchivedRecord, 'stamp'>[],
  takenAtMs: number,
  pages: number,
  before: ArchivedSnapshot | null,
): readonly ArchivedRecord[] {
  const known = new Map(before?.records.map(({ id, archivedAt, stamp }) => [`${id}@${archivedAt}`, stamp]));
  const isRare = pauseFor(pages) > 0;
  const lastMs = before?.takenAtMs ?? takenAtMs - pauseFor(pages) - REACH_MS;
  return archived.map((record) => {
    const archivedMs = Date.parse(record.archivedAt);
    const isLate = isRare && archivedMs > lastMs - WALK_MS && archivedMs < takenAtMs - LATE_MS;
    return { ...record, stamp: known.get(`${record.id}@${record.archivedAt}`) ?? (isLate ? instant(takenAtMs) : record.archivedAt) };
  });
}

/** Without what only a walk from the beginning needed. */
function trimmed(snapshot: ArchivedSnapshot, after: string): ArchivedSnapshot {
  if (snapshot.since !== '') return snapshot;
  const since = earlier(after, instant(snapshot.takenAtMs - REACH_MS));
  return { ...snapshot, since, records: snapshot.records.filter(({ stamp }) => stamp >= since) };
}

function archivalOf(record: JsonObject): Omit<ArchivedRecord, 'stamp'> {
  const id = textOrNull(record['id']);
  const archivedAt = instantOf(record['archivedAt']);
  if (id === null || archivedAt === null)
    throw new CrmFailure('CRM_UNAVAILABLE', 'An archived record of the answer has no id or no time when it was archived');
  return { id, archivedAt };
}

function valuesOf(properties: ObjectProperties, record: JsonObject, names: readonly string[]): RemoteFields {
  const values = isObject(record['properties']) ? record['properties'] : {};
  return Object.fromEntries(names.map((name) => [name, name in values ? readValue(properties, name, values[name]) : null]));
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
