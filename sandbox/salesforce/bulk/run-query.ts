/** Runs a query job: its rows are chosen in one go, their values read and kept a few at a time, so that other calls are answered meanwhile. */

import type { Org } from '../org.ts';
import { openFlatQuery } from '../soql/flat-query.ts';
import type { FlatOutcome, FlatQuery } from '../soql/flat-query.ts';
import { packIds, unpackIds } from '../store/id-list.ts';
import { formatCsvLine } from './csv-dialect.ts';
import { addChunk, addResult, changeJob, dropChunks, findRunning, isQueryJob, takeChunk } from './job.ts';
import type { Job, QuerySettings } from './job.ts';
import type { Turn } from './run-ingest.ts';

export function openBulkQuery(org: Org, query: Pick<QuerySettings, 'soql' | 'operation' | 'userId'>): FlatOutcome {
  return openFlatQuery({
    soql: query.soql,
    includeDeleted: query.operation === 'queryAll',
    schema: org.access.of(query.userId).schema,
    db: org.store.db,
    now: org.clock.now(),
    userId: query.userId,
  });
}

/** Goes on with `started` where its progress stands, and ends it; or stops when `turn` says so or the job was aborted. */
export async function runQueryJob(org: Org, started: Job<QuerySettings>, turn: Turn): Promise<void> {
  const opened = openBulkQuery(org, started.settings);
  for (;;) {
    if (!(await turn())) return;
    const job = findRunning(org.store, started.id, org.clock.now());
    if (job === null || !isQueryJob(job)) return;
    if (opened.kind === 'error') {
      changeJob(org.store, job, { state: 'Failed', errorMessage: `${opened.errorCode} : ${opened.message}` }, org.clock.now());
      return;
    }
    if (job.columns === null) chooseRows(org, job, opened.query);
    else if (!keepRows(org, job, opened.query)) return;
  }
}

/** The ids of the rows take the place that an upload has in other jobs; a stop in between leaves the job as if it had not begun. */
function chooseRows({ store, clock }: Org, job: Job<QuerySettings>, query: FlatQuery): void {
  const since = performance.now();
  const packs = [...packIds(query.ids(), 0)];
  store.transaction(() => {
    dropChunks(store, job.id);
    for (const [index, { pack }] of packs.entries()) addChunk(store, job.id, index, Buffer.from(pack));
    changeJob(store, job, { columns: query.header, busyMs: Math.ceil(performance.now() - since) }, clock.now());
    return true;
  });
}

/** Reads and keeps the next rows; false when there were none left and the job is complete. */
function keepRows({ store, clock }: Org, job: Job<QuerySettings>, query: FlatQuery): boolean {
  const since = performance.now();
  let goesOn = false;
  store.transaction(() => {
    const pack = takeChunk(store, job.id);
    goesOn = pack !== null;
    const rows = pack === null ? [] : query.read(unpackIds(Buffer.from(pack).toString()));
    for (const [index, row] of rows.entries())
      addResult(store, job.id, 'query', job.processed + index, formatCsvLine(job.settings.dialect, row));
    const busyMs = job.busyMs + Math.ceil(performance.now() - since);
    changeJob(store, job, { state: goesOn ? 'InProgress' : 'JobComplete', processed: job.processed + rows.length, busyMs }, clock.now());
    return true;
  });
  return goesOn;
}
