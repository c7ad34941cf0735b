/** Bulk jobs and what belongs to them: the data that was uploaded, and the lines of the results. Kept like the records, so that they outlive a restart. */

import type { RecordStore, StoredRow } from '../store/record-store.ts';
import type { CsvDialect } from './csv-dialect.ts';

/** "Limits", Bulk API 2.0: jobs and their results are kept for seven days. */
const JOB_LIFE_MS = 7 * 24 * 60 * 60 * 1000;

export const INGEST_OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete'] as const;
export type IngestOperation = (typeof INGEST_OPERATIONS)[number];

export type JobKind = 'ingest' | 'query';
export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

interface JobSettings {
  /** The object's own spelling. */
  readonly object: string;
  readonly dialect: CsvDialect;
  /** Of the path under which the job was made, such as `66.0`. */
  readonly apiVersion: string;
  readonly userId: string;
}

export interface IngestSettings extends JobSettings {
  readonly kind: 'ingest';
  readonly operation: IngestOperation;
  readonly externalIdFieldName: string | null;
  readonly assignmentRuleId: string | null;
  /** The client that made the job and named itself; missing in jobs that were kept by an earlier version. */
  readonly client?: string | null;
}

export interface QuerySettings extends JobSettings {
  readonly kind: 'query';
  readonly operation: 'query' | 'queryAll';
  readonly soql: string;
}

export interface JobProgress {
  readonly state: JobState;
  readonly processed: number;
  readonly failed: number;
  /** The header of the data or of the results; null until it was read. */
  readonly columns: readonly string[] | null;
  readonly errorMessage: string | null;
  readonly upload: 'none' | 'running' | 'done';
  /** Rows that are refused because they cannot be locked, counted from 0; a fault asked for them. */
  readonly lockedRows: 'none' | 'all' | readonly number[];
  /** How long the job has been worked on. */
  readonly busyMs: number;
}

export interface Job<Settings extends IngestSettings | QuerySettings = IngestSettings | QuerySettings> extends JobProgress {
  readonly id: string;
  readonly settings: Settings;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
}

const FRESH: JobProgress = {
  state: 'Open',
  processed: 0,
  failed: 0,
  columns: null,
  errorMessage: null,
  upload: 'none',
  lockedRows: 'none',
  busyMs: 0,
};

export function isIngestJob(job: Job): job is Job<IngestSettings> {
  return job.settings.kind === 'ingest';
}

export function isQueryJob(job: Job): job is Job<QuerySettings> {
  return job.settings.kind === 'query';
}

/** A new job: `Open` for ingest, and for queries, which have nothing to upload, ready to run. */
export function addJob(store: RecordStore, settings: IngestSettings | QuerySettings, nowMs: number): Job {
  const state: JobState = settings.kind === 'ingest' ? 'Open' : 'UploadComplete';
  const job: Job = { ...FRESH, state, id: store.newId('750'), settings, createdAtMs: nowMs, changedAtMs: nowMs };
  dropExpired(store, nowMs);
  store.run(
    'INSERT INTO _bulk_job (id, kind, state, settings, progress, created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    job.id,
    settings.kind,
    state,
    JSON.stringify(settings),
    JSON.stringify(progressOf(job)),
    nowMs,
    nowMs,
  );
  return job;
}

/** The job with this id; null when there is none, or none any more. */
export function findJob(store: RecordStore, id: string, nowMs: number): Job | null {
  const row = store.select('SELECT * FROM _bulk_job WHERE id = ? AND created_at > ?', id, nowMs - JOB_LIFE_MS)[0];
  return row === undefined ? null : readJob(row);
}

/** The job as it is now, while it is worked on; null once it was aborted, ended or forgotten. */
export function findRunning(store: RecordStore, id: string, nowMs: number): Job | null {
  const job = findJob(store, id, nowMs);
  return job?.state === 'InProgress' ? job : null;
}

/** At most `limit` jobs behind the one with the id `afterId`, in the order in which they were made. */
export function listJobs(store: RecordStore, kind: JobKind, afterId: string, limit: number, nowMs: number): readonly Job[] {
  const sql = 'SELECT * FROM _bulk_job WHERE kind = ? AND id > ? AND created_at > ? ORDER BY id LIMIT ?';
  return store.select(sql, kind, afterId, nowMs - JOB_LIFE_MS, limit).map(readJob);
}

/** The job that is worked on, else the oldest that waits for it. */
export function nextJob(store: RecordStore, nowMs: number): Job | null {
  const sql = `SELECT * FROM _bulk_job WHERE state IN ('InProgress', 'UploadComplete') AND created_at > ? ORDER BY state, id LIMIT 1`;
  const row = store.select(sql, nowMs - JOB_LIFE_MS)[0];
  return row === undefined ? null : readJob(row);
}

/** Changes what is named and gives the job as it then is. */
export function changeJob<Settings extends IngestSettings | QuerySettings>(
  store: RecordStore,
  job: Job<Settings>,
  changes: Partial<JobProgress>,
  nowMs: number,
): Job<Settings> {
  const changed = { ...job, ...changes, changedAtMs: nowMs };
  const sql = 'UPDATE _bulk_job SET state = ?, progress = ?, changed_at = ? WHERE id = ?';
  store.run(sql, changed.state, JSON.stringify(progressOf(changed)), nowMs, job.id);
  return changed;
}

export function removeJob(store: RecordStore, id: string): void {
  store.transaction(() => {
    for (const table of ['_bulk_chunk', '_bulk_result']) store.run(`DELETE FROM ${table} WHERE job = ?`, id);
    store.run('DELETE FROM _bulk_job WHERE id = ?', id);
    return true;
  });
}

/** Uploads that a stop cut off are as if they had never begun. */
export function forgetBrokenUploads(store: RecordStore, nowMs: number): void {
  for (const row of store.select(`SELECT * FROM _bulk_job WHERE state = 'Open'`)) {
    const job = readJob(row);
    if (job.upload !== 'running') continue;
    dropChunks(store, job.id);
    changeJob(store, job, { upload: 'none' }, nowMs);
  }
}

export function addChunk(store: RecordStore, jobId: string, position: number, body: Uint8Array): void {
  store.db.prepare('INSERT INTO _bulk_chunk (job, position, body) VALUES (?, ?, ?)').run(jobId, position, body);
}

/** What was uploaded, chunk by chunk. */
export function* readChunks(store: RecordStore, jobId: string): Generator<Uint8Array> {
  const statement = store.db.prepare('SELECT body FROM _bulk_chunk WHERE job = ? AND position = ?');
  for (let position = 0; ; position += 1) {
    const body = statement.get(jobId, position)?.['body'];
    if (!(body instanceof Uint8Array)) return;
    yield body;
  }
}

/** The first chunk, which is then gone; null where there is none left. */
export function takeChunk(store: RecordStore, jobId: string): Uint8Array | null {
  const first = store.db.prepare('SELECT position, body FROM _bulk_chunk WHERE job = ? ORDER BY position LIMIT 1').get(jobId);
  const body = first?.['body'];
  if (first === undefined || !(body instanceof Uint8Array)) return null;
  store.run('DELETE FROM _bulk_chunk WHERE job = ? AND position = ?', jobId, Number(first['position']));
  return body;
}

export function dropChunks(store: RecordStore, jobId: string): void {
  store.run('DELETE FROM _bulk_chunk WHERE job = ?', jobId);
}

export type ResultKind = 'successful' | 'failed' | 'query';

/** Keeps one line of a result. Lines are given out by their `turn`. */
export function addResult(store: RecordStore, jobId: string, kind: ResultKind, turn: number, line: string): void {
  store.run('INSERT INTO _bulk_result (job, kind, turn, line) VALUES (?, ?, ?, ?)', jobId, kind, turn, line);
}

const LINES_AT_A_TIME = 1000;

/** The lines from `turn` on, at most `limit`; read a thousand at a time. */
export function* readResults(store: RecordStore, jobId: string, kind: ResultKind, turn: number, limit: number): Generator<string> {
  const sql = 'SELECT turn, line FROM _bulk_result WHERE job = ? AND kind = ? AND turn >= ? ORDER BY turn LIMIT ?';
  let from = turn;
  for (let left = limit; left > 0;) {
    const rows = store.select(sql, jobId, kind, from, Math.min(left, LINES_AT_A_TIME));
    yield rows.map((row) => String(row['line'])).join('');
    const last = rows.at(-1);
    if (last === undefined || rows.length < LINES_AT_A_TIME) return;
    left -= rows.length;
    from = Number(last['turn']) + 1;
  }
}

function readJob(row: StoredRow): Job {
  return {
    ...(JSON.parse(String(row['progress'])) as JobProgress),
    id: String(row['id']),
    settings: JSON.parse(String(row['settings'])) as IngestSettings | QuerySettings,
    createdAtMs: Number(row['created_at']),
    changedAtMs: Number(row['changed_at']),
  };
}

function progressOf(job: JobProgress): JobProgress {
  const { state, processed, failed, columns, errorMessage, upload, lockedRows, busyMs } = job;
  return { state, processed, failed, columns, errorMessage, upload, lockedRows, busyMs };
}

function dropExpired(store: RecordStore, nowMs: number): void {
  const sql = 'SELECT id FROM _bulk_job WHERE created_at <= ?';
  for (const row of store.select(sql, nowMs - JOB_LIFE_MS)) removeJob(store, String(row['id']));
}
