/** Runs a query job: computed whole in one go, as it is at that instant, and kept line by line. */

import type { Org } from '../org.ts';
import { openFlatQuery } from '../soql/flat-query.ts';
import type { FlatOutcome } from '../soql/flat-query.ts';
import { formatCsvLine } from './csv-dialect.ts';
import { addResult, changeJob, findRunning } from './job.ts';
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

export async function runQueryJob(org: Org, started: Job<QuerySettings>, turn: Turn): Promise<void> {
  if (!(await turn())) return;
  const { store, clock } = org;
  const job = findRunning(store, started.id, clock.now());
  if (job === null) return;
  const opened = openBulkQuery(org, started.settings);
  if (opened.kind === 'error') {
    changeJob(store, job, { state: 'Failed', errorMessage: `${opened.errorCode} : ${opened.message}` }, clock.now());
    return;
  }
  const since = performance.now();
  store.transaction(() => {
    let position = 0;
    for (const row of opened.query.rows()) {
      addResult(store, job.id, 'query', position, formatCsvLine(job.settings.dialect, row));
      position += 1;
    }
    const busyMs = Math.ceil(performance.now() - since);
    changeJob(store, job, { state: 'JobComplete', processed: position, columns: opened.query.header, busyMs }, clock.now());
    return true;
  });
}
