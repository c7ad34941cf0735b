import { CrmFailure } from '../../../crm/failures.ts';
import type { BulkPort, BulkReadRequest, RemoteRow } from '../../../crm/port.ts';
import { remoteFieldsOf } from '../../../mappings/field-mapping.ts';
import type { Instant, ObjectType } from '../../../program/vocabulary.ts';
import { addBulkJob, changeBulkJob, findReadJob, removeBulkJob, type BulkJob } from '../../../store/bulk-job.ts';
import type { ActivityDependencies } from '../../decision/dependencies.ts';
import { filterOf } from '../capture.ts';
import type { PullSource } from '../pull-source.ts';

/** So many rows are kept in one transaction. */
const ROWS_AT_A_TIME = 500;
/** So many come with one call, and are read again where it breaks off. */
const PAGE_ROWS = 2_000;
/** A step ends soon after this, so that it is over long before the server gives it up. */
const STEP_MS = 15_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Where no job could be had, pages are read meanwhile. */
const REFUSED_FOR_MS = 10 * 60_000;

export interface JobReader {
  readonly deps: Pick<ActivityDependencies, 'db' | 'newId' | 'log'>;
  readonly connection: string;
  readonly objectType: ObjectType;
  readonly work: 'capture' | 'backfill';
  readonly bulk: BulkPort;
  readonly source: Pick<PullSource, 'port' | 'mapping' | 'isOrdered' | 'findOutdated'>;
  /** Runs what keeps some rows while nobody else moves records of this type; where the whole step is run so, nothing needs to be done. */
  readonly alone?: (work: () => Promise<void>) => Promise<void>;
}

/** `refused`: the CRM gave none, or did not end it well; it is not asked for another one for a while. */
export type ReadStep =
  | { readonly kind: 'none' | 'refused' }
  | { readonly kind: 'waits'; readonly pauseMs: number }
  | { readonly kind: 'read'; readonly rows: number; readonly beforeStamp: Instant | null; readonly isDone: boolean };

/**
 * Takes the next step of the read that is under way: asks whether it is done, or hands the next rows to `keep`. Where a step was cut off, its last page is read again.
 *
 * A job shows rows as they were when it ran. What is outdated by then is read again just before it is kept, so that a write of ours that came in between is
 * not undone.
 */
export async function goOnReading(reader: JobReader, keep: (rows: readonly RemoteRow[]) => Promise<void>): Promise<ReadStep> {
  const { deps, connection, objectType, work } = reader;
  const job = await findReadJob(deps.db, connection, objectType, work);
  if (job === null) return { kind: 'none' };
  if (job.phase === 'refused' && job.pauseMs > 0) return { kind: 'refused' };
  // One whose id nobody could keep has no effect in the CRM, which forgets it.
  if (job.phase === 'refused' || job.remoteId === null) {
    await removeBulkJob(deps.db, job.id);
    return { kind: 'none' };
  }
  if (job.pauseMs > 0) return { kind: 'waits', pauseMs: job.pauseMs };
  return job.phase === 'reading' ? readPages(reader, job, job.remoteId, keep) : ask(reader, job, job.remoteId, keep);
}

/** Begins a read. The job is in the store before the CRM is asked for it, with the time from which on its rows may be outdated. */
export async function beginReading(reader: JobReader, range: Pick<BulkReadRequest, 'from' | 'before'>): Promise<'begun' | 'refused'> {
  const { deps, connection, objectType, work, bulk, source } = reader;
  const id = deps.newId();
  const { mapping, isOrdered } = source;
  await addBulkJob(deps.db, { id, connection, objectType, work, phase: 'asking', beforeStamp: range.before });
  try {
    const request = { ...filterOf(mapping), ...range, object: mapping.object, fields: remoteFieldsOf(mapping), isOrdered };
    const remoteId = await bulk.startRead(request);
    await changeBulkJob(deps.db, id, { remoteId, pauseMs: 0 });
    deps.log.info({ connection, objectType, job: remoteId }, 'a bulk read was begun');
    return 'begun';
  } catch (error) {
    if (!(error instanceof CrmFailure)) throw error;
    await refuse(reader, { id, remoteId: null }, error.code);
    return 'refused';
  }
}

async function ask(
  reader: JobReader,
  job: BulkJob,
  remoteId: string,
  keep: (rows: readonly RemoteRow[]) => Promise<void>,
): Promise<ReadStep> {
  const { deps, bulk } = reader;
  const { state } = await bulk.readStatus(remoteId);
  if (state === 'complete') {
    await changeBulkJob(deps.db, job.id, { phase: 'reading' });
    return readPages(reader, job, remoteId, keep);
  }
  if (state !== 'open' && state !== 'working') return refuse(reader, job, state);
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(job.polls, 20));
  await changeBulkJob(deps.db, job.id, { polls: job.polls + 1, pauseMs });
  return { kind: 'waits', pauseMs };
}

async function readPages(
  reader: JobReader,
  job: BulkJob,
  remoteId: string,
  keep: (rows: readonly RemoteRow[]) => Promise<void>,
): Promise<ReadStep> {
  const { deps, bulk, source } = reader;
  const request = { object: source.mapping.object, fields: remoteFieldsOf(source.mapping) };
  const until = performance.now() + STEP_MS;
  let { position, rowCount } = job;
  let rows = 0;
  do {
    const page = await bulk.readRows(request, remoteId, position, PAGE_ROWS);
    let some: RemoteRow[] = [];
    const keepSome = async (): Promise<void> => {
      if (some.length > 0) await (reader.alone ?? atOnce)(async () => keep(await upToDate(reader, job, some)));
      rows += some.length;
      rowCount += some.length;
      some = [];
    };
    for await (const row of page.rows) if (some.push(row) === ROWS_AT_A_TIME) await keepSome();
    await keepSome();
    if (page.next === null) return { kind: 'read', rows, beforeStamp: job.beforeStamp, isDone: true };
    position = page.next;
    await changeBulkJob(deps.db, job.id, { position, rowCount });
  } while (performance.now() < until);
  return { kind: 'read', rows, beforeStamp: job.beforeStamp, isDone: false };
}

function atOnce(work: () => Promise<void>): Promise<void> {
  return work();
}

/** The rows are kept, and so is where to go on behind them. */
export async function endReading({ deps, connection, objectType, work }: JobReader): Promise<void> {
  const job = await findReadJob(deps.db, connection, objectType, work);
  if (job !== null) await removeBulkJob(deps.db, job.id);
}

async function upToDate({ source }: JobReader, job: BulkJob, rows: readonly RemoteRow[]): Promise<readonly RemoteRow[]> {
  const outdated = await source.findOutdated(rows, job.begunAt);
  if (outdated.size === 0) return rows;
  const read = await source.port.read(source.mapping.object, [...outdated], remoteFieldsOf(source.mapping));
  const current = new Map(read.map((row) => [row.id, row]));
  return rows.flatMap((row) => (outdated.has(row.id) ? (current.get(row.id) ?? []) : [row]));
}

async function refuse({ deps, connection, objectType }: JobReader, job: Pick<BulkJob, 'id' | 'remoteId'>, why: string): Promise<ReadStep> {
  deps.log.warn({ connection, objectType, job: job.remoteId, why }, 'a bulk read came to nothing; pages are read instead');
  await changeBulkJob(deps.db, job.id, { phase: 'refused', pauseMs: REFUSED_FOR_MS });
  return { kind: 'refused' };
}
