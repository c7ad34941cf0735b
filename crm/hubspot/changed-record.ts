import { textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmFailure } from '../failures.ts';
import type { CapturePosition, CaptureRequest } from '../port.ts';
import type { ObjectProperties } from './object-property.ts';
import { byPosition } from './position.ts';
import { askedProperties, stampOf } from './remote-row.ts';
import { filterAlternatives } from './row-filter.ts';
import { MOST_ROWS, runSearch, type SearchFilter } from './search.ts';
import type { Session } from './session.ts';

export interface ChangedRecords {
  /** In the order (stamp, id). */
  readonly records: readonly JsonObject[];
  readonly isDrained: boolean;
  readonly serverTimeMs: number;
}

/** How often the records of a stamp may all be changed while they are looked for. */
const MOST_TRIES = 5;

/**
 * Records that changed after a position, by search. Each page begins at the last one's end instead of being paged by HubSpot, whose pages end at 10,000 rows and
 * shift while rows change.
 *
 * HubSpot sorts by the stamp alone, so a page that is full may end amid the rows of its last stamp, in any order: those are left for the next page, and where a page
 * has one stamp only, its rows are walked by their ids.
 */
export async function changedRecords(session: Session, properties: ObjectProperties, request: CaptureRequest): Promise<ChangedRecords> {
  const records: JsonObject[] = [];
  let after = request.after;
  for (;;) {
    const page = await nextPage(session, properties, request, after, Math.min(MOST_ROWS, request.limit - records.length));
    records.push(...page.records);
    // The last few are not worth a search of their own: the caller goes on from here.
    if (page.isDrained || request.limit - records.length < MOST_ROWS) return { ...page, records };
    const last = page.records.at(-1);
    if (last !== undefined) after = positionOf(properties, last);
  }
}

async function nextPage(
  session: Session,
  properties: ObjectProperties,
  request: CaptureRequest,
  after: CapturePosition | null,
  wanted: number,
): Promise<ChangedRecords> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const page = await search(session, properties, request, beyond(properties, after), properties.modified, wanted);
    if (page.records.length < wanted) return { ...page, isDrained: true };
    const lastStamp = positionOf(properties, page.records.at(-1)).stamp;
    const whole = page.records.filter((record) => positionOf(properties, record).stamp < lastStamp);
    if (whole.length > 0) return { ...page, records: whole };
    const sameStamp = await search(session, properties, request, [ofStamp(properties, lastStamp, after)], 'hs_object_id', wanted);
    if (sameStamp.records.length > 0) return sameStamp;
  }
  throw new CrmFailure('CRM_UNAVAILABLE', `${request.object} changes faster than it can be read`);
}

async function search(
  session: Session,
  properties: ObjectProperties,
  request: CaptureRequest,
  alternatives: readonly (readonly SearchFilter[])[],
  sortBy: string,
  limit: number,
): Promise<ChangedRecords> {
  const { object, fields } = request;
  const wanted = filterAlternatives(request);
  const groups = alternatives.flatMap((filters) => wanted.map((more) => [...filters, ...more])).filter((filters) => filters.length > 0);
  const asked = askedProperties(properties, fields);
  const { records, serverTimeMs } = await runSearch(session, { operation: 'capture', object, groups, sortBy, properties: asked, limit });
  const inOrder = records.toSorted((one, other) => byPosition(positionOf(properties, one), positionOf(properties, other)));
  return { records: inOrder, isDrained: false, serverTimeMs };
}

/** The alternatives by which a record is behind `after`; stamps are compared in milliseconds, which is as fine as they are. */
function beyond({ modified }: ObjectProperties, after: CapturePosition | null): readonly (readonly SearchFilter[])[] {
  if (after === null) return [[]];
  const value = epochMs(after.stamp);
  if (after.id === '') return [[{ propertyName: modified, operator: 'GTE', value }]];
  const sameStamp: readonly SearchFilter[] = [
    { propertyName: modified, operator: 'EQ', value },
    { propertyName: 'hs_object_id', operator: 'GT', value: after.id },
  ];
  return [sameStamp, [{ propertyName: modified, operator: 'GT', value }]];
}

function ofStamp({ modified }: ObjectProperties, stamp: string, after: CapturePosition | null): readonly SearchFilter[] {
  const isWithin = after !== null && after.stamp === stamp && after.id !== '';
  return [
    { propertyName: modified, operator: 'EQ', value: epochMs(stamp) },
    ...(isWithin ? [{ propertyName: 'hs_object_id', operator: 'GT', value: after.id } as const] : []),
  ];
}

function positionOf(properties: ObjectProperties, record: JsonObject | undefined): CapturePosition {
  const id = textOrNull(record?.['id']);
  const stamp = record === undefined ? null : stampOf(properties, record);
  if (id === null || stamp === null)
    throw new CrmFailure('CRM_UNAVAILABLE', 'A record of the answer has no id or no time of its last change');
  return { stamp, id };
}

function epochMs(stamp: string): string {
  const ms = Date.parse(stamp);
  if (Number.isNaN(ms))
    throw new CrmFailure('CRM_REQUEST_INVALID', `"${stamp}" is not an instant; expected such as 2026-11-23T10:00:00.000Z`);
  return String(ms);
}
