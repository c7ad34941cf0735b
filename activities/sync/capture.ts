import { setTimeout as delay } from 'node:timers/promises';
import { fitsConditions, type CapturePage, type CapturePosition, type CaptureRequest, type RemoteRow } from '../../crm/port.ts';
import { remoteFieldsOf, type ObjectMapping } from '../../mappings/field-mapping.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { ChangedRecord, WantedSweep } from '../../store/changed-record.ts';
import type { SweepPosition, SyncCursor } from '../../store/sync-cursor.ts';
import { firstRound, sweepLookups, type LookupSource } from './lookup-sweep.ts';
import { MOST_MARKS, type ToldChanges } from './told-change.ts';

const PAGE_ROWS = 500;
const SWEEP_PAGE_ROWS = 2_000;
/** Rows that commit late carry stamps from before: this far behind the last sweep the ids and stamps are read again. Seen in Salesforce: some minutes. */
const OVERLAP_MS = 10 * 60_000;
const SWEEP_EVERY_MS = 60_000;
/** Stamps have the resolution of a second: a row that is younger may change again without a new stamp. */
const SETTLED_AFTER_MS = 2_000;

/** Where rows come from, and which of them we hold: the stamps by id. */
export interface Source extends LookupSource {
  readonly knownStamps: (ids: readonly string[]) => Promise<ReadonlyMap<string, Instant | null>>;
  readonly told: ToldChanges;
  /** Where pages come late: rows of which that would decide something, since they differ from what was agreed a moment ago. They are read again by their ids. */
  readonly findDoubtful?: (rows: readonly RemoteRow[]) => Promise<ReadonlySet<string>>;
  /** Where the CRM has jobs: what reads very many rows for us. */
  readonly jobs?: CaptureJobs;
}

/** Reads a long stretch of changes as a job of the CRM, in place of page after page. */
export interface CaptureJobs {
  /** Goes on with the job that is under way; null where none is. */
  goOn(cursor: SyncCursor, keep: KeepRows): Promise<Pulled | null>;
  /** Begins one where so many rows are left behind `position` that it is worth it. */
  beginWhereMany(position: CapturePosition | null, before: Instant): Promise<void>;
}

/** What a call brought. `drained`: there is nothing to do for now, or not before `nextInMs` milliseconds have passed. */
export interface Pulled {
  readonly rows: number;
  readonly drained: boolean;
  readonly nextInMs?: number;
}

/** Stores rows in one transaction, with the cursor where one is given; `looked`: the marks of events that this answers are taken off with it. */
export type KeepRows = (rows: readonly RemoteRow[], cursor: SyncCursor | null, looked: readonly ChangedRecord[]) => Promise<void>;

/**
 * Reads the next page of changes and hands it to `keep` with the cursor behind it. At the end of a drain, at most once a minute, the overlap is swept for rows
 * that were committed late, a page a call: the sweep goes on where it ended, so that neither time nor memory grows with the number of rows.
 *
 * The cursor never passes a row that was read while its second was still running: it may have been changed again under the same stamp. Rows that events named
 * and no page brought (they were committed late, or are behind the cursor) are read by their ids; a sweep that events asked for reaches back as far as they say.
 * Lookups that change without their rows are compared last, where all else is done.
 */
export async function pullChanges(source: Source, cursor: SyncCursor, now: () => Instant, keep: KeepRows): Promise<Pulled> {
  const read = (await source.jobs?.goOn(cursor, keep)) ?? null;
  if (read !== null) return read;
  // Marks that come while the page is read are of changes that it may not show.
  const marks = await source.told.marks();
  const page = await readPage(source, cursor.position);
  const pageRows = await asTheyAre(source, page.rows);
  const brought = new Map(pageRows.map((row) => [row.id, row.stamp]));
  const isBrought = ({ remoteId, changedAt }: ChangedRecord): boolean => {
    const stamp = brought.get(remoteId);
    return stamp !== undefined && (source.port.capturesLate !== true || stamp >= changedAt);
  };
  const serverTime = new Date(page.serverTimeMs).toISOString();
  const behind: SyncCursor = {
    position: positionBehind(page, cursor.position),
    // Before the first page nothing was read, so nothing can have been missed.
    sweptAt: cursor.sweptAt ?? serverTime,
    sweep: cursor.sweep,
    pulledAt: page.drained ? now() : cursor.pulledAt,
    lookups: cursor.lookups ?? firstRound(source, serverTime),
  };
  await keep(pageRows, behind, marks.filter(isBrought));
  if (!page.drained) {
    await source.jobs?.beginWhereMany(behind.position, new Date(page.serverTimeMs - SETTLED_AFTER_MS).toISOString());
    return { rows: pageRows.length, drained: false };
  }
  const lookedAt = await lookAt(
    source,
    marks.filter((mark) => !isBrought(mark)),
    keep,
  );
  const rows = pageRows.length + lookedAt;
  const isAllLookedAt = marks.length < MOST_MARKS;
  const wanted = cursor.sweep === null ? await source.told.wantedSweep() : null;
  const sweep = cursor.sweep ?? wantedSweep(wanted, serverTime) ?? dueSweep(cursor.sweptAt, serverTime);
  if (sweep === null) return { rows: rows + (await compareLookups(source, behind, serverTime, keep)), drained: isAllLookedAt };

  const { suspects, next } = await readSweepPage(source, sweep, new Set(page.rows.map((row) => row.id)));
  for (let first = 0; first < suspects.length; first += PAGE_ROWS) {
    const { port, mapping } = source;
    await keep(await port.read(mapping.object, suspects.slice(first, first + PAGE_ROWS), remoteFieldsOf(mapping)), null, []);
  }
  const swept = next === null ? { ...behind, sweptAt: sweep.startedAt, sweep: null } : { ...behind, sweep: next };
  await keep([], swept, []);
  if (wanted !== null) await source.told.forgetSweep(wanted);
  const compared = next === null ? await compareLookups(source, swept, serverTime, keep) : 0;
  return { rows: rows + suspects.length + compared, drained: isAllLookedAt && next === null };
}

/** Compares a page of lookups where one is due, and says how many rows were read again for it. */
async function compareLookups(source: Source, cursor: SyncCursor, serverTime: Instant, keep: KeepRows): Promise<number> {
  const compared = await sweepLookups(source, cursor.lookups ?? null, serverTime, (rows) => keep(rows, null, []));
  if (compared === null) return 0;
  await keep([], { ...cursor, lookups: compared.round }, []);
  return compared.rows;
}

/**
 * Reads rows by their ids that events named, unless we hold them from after the change already, and says how many. Of an object of which not every row is ours,
 * those are left out that are not.
 */
async function lookAt({ port, mapping, knownStamps }: Source, marks: readonly ChangedRecord[], keep: KeepRows): Promise<number> {
  if (marks.length === 0) return 0;
  const known = await knownStamps(marks.map(({ remoteId }) => remoteId));
  const stale = marks.filter(({ remoteId, changedAt }) => (known.get(remoteId) ?? '') <= changedAt).map(({ remoteId }) => remoteId);
  const read = stale.length === 0 ? [] : await port.read(mapping.object, stale, remoteFieldsOf(mapping));
  const { whereNotNull, where = [] } = mapping;
  const isOurs = ({ fields }: RemoteRow): boolean =>
    (whereNotNull === null || (fields[whereNotNull] ?? null) !== null) && fitsConditions(where, fields);
  const rows = read.filter((row) => known.has(row.id) || isOurs(row));
  await keep(rows, null, marks);
  return rows.length;
}

/**
 * Where a page may show what was before: rows of which we hold a later version are left out, since they come again once the CRM's index knows of it; those that are in
 * doubt are read as they are now, so that what was written a moment ago is not taken for undone.
 */
async function asTheyAre({ port, mapping, knownStamps, findDoubtful }: Source, rows: readonly RemoteRow[]): Promise<readonly RemoteRow[]> {
  if (port.capturesLate !== true || rows.length === 0) return rows;
  const known = await knownStamps(rows.map((row) => row.id));
  const latest = rows.filter((row) => row.deleted || (known.get(row.id) ?? '') <= row.stamp);
  const doubtful = (await findDoubtful?.(latest)) ?? new Set();
  if (doubtful.size === 0) return latest;
  const now = await port.read(mapping.object, [...doubtful], remoteFieldsOf(mapping));
  const byId = new Map(now.map((row) => [row.id, row]));
  return latest.flatMap((row) => (doubtful.has(row.id) ? (byId.get(row.id) ?? []) : [row]));
}

/** A full page in which every row is young is read again when they are not: one that changes then moves behind the others, and none is passed unseen. */
async function readPage({ port, mapping }: Source, after: CapturePosition | null): Promise<CapturePage> {
  const request = { ...filterOf(mapping), object: mapping.object, fields: remoteFieldsOf(mapping), after, limit: PAGE_ROWS };
  const page = await port.capture(request);
  if (page.drained || lastSettled(page) !== undefined) return page;
  await delay(SETTLED_AFTER_MS);
  return port.capture(request);
}

function positionBehind(page: CapturePage, before: CapturePosition | null): CapturePosition | null {
  const last = page.rows.at(-1);
  if (last === undefined) return before;
  const young = page.rows.find((row) => !isSettled(row, page));
  if (young === undefined) return { stamp: last.stamp, id: last.id };
  if (page.drained) return { stamp: young.stamp, id: '' };
  const { stamp, id } = lastSettled(page) ?? last;
  return { stamp, id };
}

function lastSettled(page: CapturePage): RemoteRow | undefined {
  return page.rows.findLast((row) => isSettled(row, page));
}

function isSettled(row: RemoteRow, page: CapturePage): boolean {
  return page.serverTimeMs - Date.parse(row.stamp) >= SETTLED_AFTER_MS;
}

/** What was committed after the last sweep carries a stamp that is at most the overlap older than it. Due also when the CRM's clock was set back. */
function dueSweep(sweptAt: Instant | null, serverTime: Instant): SweepPosition | null {
  if (sweptAt === null || Math.abs(Date.parse(serverTime) - Date.parse(sweptAt)) < SWEEP_EVERY_MS) return null;
  return { after: { stamp: overlapBegin(sweptAt), id: '' }, startedAt: serverTime };
}

function wantedSweep(wanted: WantedSweep | null, serverTime: Instant): SweepPosition | null {
  return wanted === null ? null : { after: { stamp: overlapBegin(wanted.fromAt), id: '' }, startedAt: serverTime };
}

function overlapBegin(sweptAt: Instant): Instant {
  return new Date(Date.parse(sweptAt) - OVERLAP_MS).toISOString();
}

/**
 * The next ids and stamps of a sweep, and of them the rows that have to be read in full. `next` null: it was the last page.
 *
 * Ids and stamps tell what we do not know yet, but not an edit that was committed late under the very stamp that we hold: so a row is read once more in full when
 * it leaves the overlap and the next sweep does not see it any more.
 */
async function readSweepPage(
  { port, mapping, knownStamps }: Source,
  { after, startedAt }: SweepPosition,
  seen: ReadonlySet<string>,
): Promise<{ readonly suspects: readonly string[]; readonly next: SweepPosition | null }> {
  const page = await port.capture({ ...filterOf(mapping), object: mapping.object, fields: [], after, limit: SWEEP_PAGE_ROWS });
  const candidates = page.rows.filter((row) => !seen.has(row.id));
  const known = await knownStamps(candidates.map((row) => row.id));
  const nextBegin = overlapBegin(startedAt);
  const suspects = candidates.filter((row) => row.stamp < nextBegin || known.get(row.id) !== row.stamp).map((row) => row.id);
  const last = page.rows.at(-1);
  const isLast = page.drained || last === undefined;
  return { suspects, next: isLast ? null : { after: { stamp: last.stamp, id: last.id }, startedAt } };
}

export function filterOf({ whereNotNull, where }: ObjectMapping): Pick<CaptureRequest, 'whereNotNull' | 'where'> {
  return { ...(whereNotNull === null ? {} : { whereNotNull }), ...(where === undefined ? {} : { where }) };
}
