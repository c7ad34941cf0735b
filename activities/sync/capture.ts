import { setTimeout as delay } from 'node:timers/promises';
import type { CapturePage, CapturePosition, CrmPort, RemoteRow } from '../../crm/port.ts';
import { remoteFieldsOf, type ObjectMapping } from '../../mappings/field-mapping.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { SyncCursor } from '../../store/sync-cursor.ts';

const PAGE_ROWS = 500;
const SWEEP_PAGE_ROWS = 2_000;
/** Rows that commit late carry stamps from before: this far behind the last sweep the ids and stamps are read again. Seen in Salesforce: some minutes. */
const OVERLAP_MS = 10 * 60_000;
const SWEEP_EVERY_MS = 60_000;
/** Stamps have the resolution of a second: a row that is younger may change again without a new stamp. */
const SETTLED_AFTER_MS = 2_000;

/** Where rows come from, and which of them we hold: the stamps by id. */
export interface Source {
  readonly port: CrmPort;
  readonly mapping: ObjectMapping;
  readonly knownStamps: (ids: readonly string[]) => Promise<ReadonlyMap<string, Instant | null>>;
}

/** Stores rows, and the cursor with them in one transaction where one is given. */
export type KeepRows = (rows: readonly RemoteRow[], cursor: SyncCursor | null) => Promise<void>;

/**
 * Reads the next page of changes and hands it to `keep` with the cursor behind it. At the end of a drain, at most once a minute, the overlap is swept for rows
 * that were committed late; they are handed over a page at a time, so that memory does not grow with their number.
 *
 * The cursor never passes a row that was read while its second was still running: it may have been changed again under the same stamp.
 */
export async function pullChanges(
  source: Source,
  cursor: SyncCursor,
  now: () => Instant,
  keep: KeepRows,
): Promise<{ rows: number; drained: boolean }> {
  const page = await readPage(source, cursor.position);
  const serverTime = new Date(page.serverTimeMs).toISOString();
  const behind: SyncCursor = {
    position: positionBehind(page, cursor.position),
    // Before the first page nothing was read, so nothing can have been missed.
    sweptAt: cursor.sweptAt ?? serverTime,
    pulledAt: page.drained ? now() : cursor.pulledAt,
  };
  await keep(page.rows, behind);
  if (!page.drained || !isSweepDue(cursor.sweptAt, page.serverTimeMs)) return { rows: page.rows.length, drained: page.drained };

  let late = 0;
  for await (const rows of sweep(source, behind.sweptAt ?? serverTime, new Set(page.rows.map((row) => row.id)))) {
    await keep(rows, null);
    late += rows.length;
  }
  await keep([], { ...behind, sweptAt: serverTime });
  return { rows: page.rows.length + late, drained: true };
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

/** Also when the CRM's clock was set back. */
function isSweepDue(sweptAt: Instant | null, serverTimeMs: number): boolean {
  return sweptAt !== null && Math.abs(serverTimeMs - Date.parse(sweptAt)) >= SWEEP_EVERY_MS;
}

/** What was committed after the last sweep carries a stamp that is at most the overlap older than it. Ids and stamps tell what we do not know yet. */
async function* sweep(
  { port, mapping, knownStamps }: Source,
  sweptAt: Instant,
  seen: ReadonlySet<string>,
): AsyncGenerator<readonly RemoteRow[]> {
  const object = mapping.object;
  let after: CapturePosition = { stamp: new Date(Date.parse(sweptAt) - OVERLAP_MS).toISOString(), id: '' };
  for (;;) {
    const page = await port.capture({ ...filterOf(mapping), object, fields: [], after, limit: SWEEP_PAGE_ROWS });
    const candidates = page.rows.filter((row) => !seen.has(row.id));
    const known = await knownStamps(candidates.map((row) => row.id));
    const unknown = candidates.filter((row) => known.get(row.id) !== row.stamp).map((row) => row.id);
    for (let first = 0; first < unknown.length; first += PAGE_ROWS) {
      yield await port.read(object, unknown.slice(first, first + PAGE_ROWS), remoteFieldsOf(mapping));
    }
    const last = page.rows.at(-1);
    if (page.drained || last === undefined) return;
    after = { stamp: last.stamp, id: last.id };
  }
}

function filterOf({ whereNotNull }: ObjectMapping): { readonly whereNotNull?: string } {
  return whereNotNull === null ? {} : { whereNotNull };
}
