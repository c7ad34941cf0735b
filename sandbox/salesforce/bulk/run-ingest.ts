/** Works through an ingest job: 200 rows in a transaction, each row undone alone when it is refused. */

import type { Org } from '../org.ts';
import { findObject } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { changeOrigin } from '../wire/change-origin.ts';
import { formatCsvLine, readCsvRows, UnreadableData } from './csv-dialect.ts';
import { readHeader } from './ingest-column.ts';
import type { IngestColumn } from './ingest-column.ts';
import { formatRowErrors, writeRow } from './ingest-row.ts';
import type { IngestWork, RowResult } from './ingest-row.ts';
import { errorsOf } from '../write/save-outcome.ts';
import { addResult, changeJob, dropChunks, findRunning, isIngestJob, readChunks } from './job.ts';
import type { IngestSettings, Job } from './job.ts';

/** Salesforce hands triggers 200 rows at a time; external ids must differ within them. */
const CHUNK_ROWS = 200;

/** From this version on failed rows tell the record they are about. */
const FIRST_VERSION_WITH_FAILED_ID = 53;

const MIXED_ROWS = 1024;
const MIXING_FACTOR = 633;

/** Waits until the job may go on; false when it must be left where it is. */
export type Turn = () => Promise<boolean>;

/** Goes on with `job` where its progress stands, and ends it; or stops when `turn` says so or the job was aborted. */
export async function runIngest(org: Org, job: Job<IngestSettings>, turn: Turn): Promise<void> {
  try {
    await writeRows(org, job, turn);
  } catch (error) {
    if (!(error instanceof UnreadableData)) throw error;
    const current = findRunning(org.store, job.id, org.clock.now());
    if (current !== null) changeJob(org.store, current, { state: 'Failed', errorMessage: error.message }, org.clock.now());
  }
}

async function writeRows(org: Org, job: Job<IngestSettings>, turn: Turn): Promise<void> {
  const { store } = org;
  const { schema } = org.access.of(job.settings.userId);
  const definition = findObject(schema, job.settings.object);
  if (definition === null) throw new UnreadableData(`InvalidJob : Unable to find object: ${job.settings.object}`);
  let columns: readonly IngestColumn[] | null = null;
  let width = 0;
  let skip = job.processed;
  let chunk: (readonly string[])[] = [];
  const save = async () => {
    const goesOn = await saveChunk(org, job, definition, columns ?? [], chunk, turn);
    chunk = [];
    return goesOn;
  };
  for await (const row of readCsvRows(job.settings.dialect, readChunks(store, job.id))) {
    if (columns === null) {
      columns = readHeader(schema, definition, row);
      width = row.length;
      const named = findRunning(store, job.id, org.clock.now());
      if (named !== null) changeJob(store, named, { columns: row }, org.clock.now());
      continue;
    }
    if (row.length !== width)
      throw new UnreadableData(`InvalidBatch : Failed to parse CSV. Expected ${width} values in a row and found ${row.length}`);
    if (skip > 0) skip -= 1;
    else if (chunk.push(row) === CHUNK_ROWS && !(await save())) return;
  }
  if (chunk.length > 0 && !(await save())) return;
  const done = findRunning(store, job.id, org.clock.now());
  if (done === null) return;
  if (done.processed === 0) throw new UnreadableData('InvalidBatch : Records not found');
  dropChunks(store, job.id);
  changeJob(store, done, { state: 'JobComplete' }, org.clock.now());
}

/** Writes one chunk with its results and the progress, all or nothing; false when the job is not to go on. */
async function saveChunk(
  org: Org,
  started: Job<IngestSettings>,
  definition: SObjectDefinition,
  columns: readonly IngestColumn[],
  rows: readonly (readonly string[])[],
  turn: Turn,
): Promise<boolean> {
  if (!(await turn())) return false;
  const { store, clock } = org;
  const job = findRunning(store, started.id, clock.now());
  if (job === null || !isIngestJob(job)) return false;
  const { userId, apiVersion, client = null } = job.settings;
  const moment = { userId, nowMs: clock.now(), origin: changeOrigin('bulkapi', apiVersion, client), access: org.access.of(userId) };
  const work: IngestWork = { store, definition, settings: job.settings, columns, moment, seen: new Set() };
  const since = performance.now();
  store.transaction(() => {
    let failed = 0;
    for (const [index, row] of rows.entries()) {
      const position = job.processed + index;
      const result = writeAlone(work, row, isLocked(job, position));
      if (result.outcome.kind === 'refused') failed += 1;
      addResult(store, job.id, result.outcome.kind === 'saved' ? 'successful' : 'failed', turnOf(position), resultLine(job, result, row));
    }
    const busyMs = job.busyMs + Math.ceil(performance.now() - since);
    changeJob(store, job, { processed: job.processed + rows.length, failed: job.failed + failed, busyMs }, clock.now());
    return true;
  });
  return true;
}

/** Writes a row that is undone when it is refused. */
function writeAlone(work: IngestWork, row: readonly string[], locked: boolean): RowResult {
  const results: RowResult[] = [];
  work.store.savepoint(() => {
    const result = writeRow(work, row, locked);
    results.push(result);
    return result.outcome.kind === 'saved';
  });
  const [result] = results;
  if (result === undefined) throw new Error('A row was neither saved nor refused');
  return result;
}

function isLocked(job: Job, position: number): boolean {
  return job.lockedRows === 'all' || (job.lockedRows !== 'none' && job.lockedRows.includes(position));
}

/** Results come in no order (guide, "Get Job Successful Record Results"): every position gets a turn of its own, among a thousand neighbours. */
function turnOf(position: number): number {
  // An odd factor gives every number below the power of two once. Beyond it the order stays, so that storage is written page by page.
  return position - (position % MIXED_ROWS) + ((position * MIXING_FACTOR) % MIXED_ROWS);
}

function resultLine(job: Job, { outcome, recordId }: RowResult, row: readonly string[]): string {
  const { dialect, apiVersion } = job.settings;
  if (outcome.kind === 'saved') return formatCsvLine(dialect, [recordId, String(outcome.created), ...row]);
  const tellsId = Number(apiVersion) >= FIRST_VERSION_WITH_FAILED_ID;
  return formatCsvLine(dialect, [tellsId ? recordId : '', formatRowErrors(errorsOf(outcome)), ...row]);
}
