import type { CrmPort, LookupValues, RemoteRow } from '../../crm/port.ts';
import { decodeRow, remoteFieldsOf, type ObjectMapping } from '../../mappings/field-mapping.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { StandingRecord } from '../../store/standing-record.ts';
import type { LookupRound } from '../../store/sync-cursor.ts';
import { besidesOf, haveSameBesides, meantFields } from './lookup-holder.ts';

const ROUND_EVERY_MS = 5 * 60_000;
/** A round of many pages is followed by a longer pause, so that on average a page comes once in this time at most. */
const PAUSE_PER_PAGE_MS = 30_000;
/** Rows that are read again at once. */
const READ_ROWS = 500;

/** Records whose lookups may change without their rows. */
export interface LookupSource {
  readonly port: CrmPort;
  readonly mapping: ObjectMapping;
  /** The records to be looked at, at most `limit` of them, behind `after` in the order of their keys. Missing: none are. */
  readonly readStanding?: (after: string, limit: number) => Promise<readonly StandingRecord[]>;
}

/** The round to begin with: what is read for the first time needs no second look. Null where no lookup changes without its row. */
export function firstRound(source: LookupSource, serverTime: Instant): LookupRound | null {
  return unstampedFields(source).length === 0 ? null : { beganAt: serverTime, after: null, pages: 0 };
}

/**
 * Compares a page of lookups with what was agreed on, and hands the rows that say otherwise to `keep`, as they are now. The answer is how many, and the round behind
 * the page, with which it goes on after a restart. Null where nothing was due, which costs no call.
 */
export async function sweepLookups(
  source: LookupSource,
  last: LookupRound | null,
  serverTime: Instant,
  keep: (rows: readonly RemoteRow[]) => Promise<void>,
): Promise<{ readonly rows: number; readonly round: LookupRound } | null> {
  const { port, mapping, readStanding } = source;
  const fields = unstampedFields(source);
  const round = dueRound(last, serverTime);
  if (port.lookups === undefined || readStanding === undefined || fields.length === 0 || round === null) return null;
  const { batchSize } = port.lookups;
  const records = await readStanding(round.after ?? '', batchSize);
  const ids = records.map(({ remoteId }) => remoteId);
  const found: ReadonlyMap<string, LookupValues> = ids.length === 0 ? new Map() : await port.lookups.read(mapping.object, ids, fields);
  const changed = records.filter(({ remoteId, base }) => saysOtherwise(mapping, found.get(remoteId) ?? { fields: {} }, base));
  let rows = 0;
  for (let first = 0; first < changed.length; first += READ_ROWS) {
    const some = changed.slice(first, first + READ_ROWS).map(({ remoteId }) => remoteId);
    const read = await port.read(mapping.object, some, remoteFieldsOf(mapping));
    await keep(read);
    rows += read.length;
  }
  const after = records.length < batchSize ? null : (records.at(-1)?.key ?? null);
  return { rows, round: { ...round, after, pages: round.pages + 1 } };
}

function unstampedFields({ port, mapping, readStanding }: LookupSource): readonly string[] {
  const { lookups } = port;
  return lookups === undefined || readStanding === undefined ? [] : remoteFieldsOf(mapping).filter((field) => lookups.isUnstamped(field));
}

/** The round that is under way, or the next one where it is due; also when the CRM's clock was set back. */
function dueRound(last: LookupRound | null, serverTime: Instant): LookupRound | null {
  if (last === null || last.after !== null) return last;
  const pauseMs = Math.max(ROUND_EVERY_MS, last.pages * PAUSE_PER_PAGE_MS);
  return Math.abs(Date.parse(serverTime) - Date.parse(last.beganAt)) < pauseMs ? null : { beganAt: serverTime, after: null, pages: 0 };
}

/** What was never agreed on is not compared: nothing is known that it could differ from. */
function saysOtherwise(mapping: ObjectMapping, lookups: LookupValues, base: CanonicalRecord): boolean {
  const { values } = decodeRow({ ...mapping, complete: (same) => same }, meantFields(mapping, lookups, base));
  const isMoved = Object.entries(values).some(([field, value]) => base[field] !== undefined && base[field] !== value);
  return isMoved || !haveSameBesides(mapping, besidesOf(mapping, lookups, values), base);
}
