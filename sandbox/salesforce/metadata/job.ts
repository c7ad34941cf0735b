/** Deployments and retrievals under way and done, kept across restarts. Source: Metadata API Developer Guide, "DeployResult", "RetrieveResult". */

import type { RecordStore } from '../store/record-store.ts';
import type { DeployMessage } from './deploy-message.ts';

/** Who asked for the job. */
export interface JobOwner {
  readonly userId: string;
  readonly name: string;
}

export interface DeployOptions {
  readonly checkOnly: boolean;
  readonly rollbackOnError: boolean;
  readonly ignoreWarnings: boolean;
}

export type JobStatus = 'Pending' | 'InProgress' | 'Succeeded' | 'SucceededPartial' | 'Failed' | 'Canceled';

interface JobHead {
  readonly id: string;
  readonly owner: JobOwner;
  readonly status: JobStatus;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly completedAtMs: number | null;
  /** Why nothing of the job could be done; null where it was done, whatever came of it. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface DeployJob extends JobHead {
  readonly kind: 'deploy';
  readonly options: DeployOptions;
  readonly canceledBy: JobOwner | null;
  /** How many components the package has; 0 before it was read. */
  readonly total: number;
  readonly failures: readonly DeployMessage[];
  readonly successes: readonly DeployMessage[];
}

export interface RetrieveJob extends JobHead {
  readonly kind: 'retrieve';
  /** Base64; null before it is done. */
  readonly zipFile: string | null;
  readonly files: readonly { readonly fileName: string; readonly key: string }[];
  readonly messages: readonly { readonly fileName: string; readonly problem: string }[];
}

export type MetadataJob = DeployJob | RetrieveJob;

export function isDone({ status }: MetadataJob): boolean {
  return status !== 'Pending' && status !== 'InProgress';
}

/** `request` is what the job works on: the zip file in base64, or what to retrieve as JSON. */
export function addJob(store: RecordStore, job: MetadataJob, request: string): void {
  store.run(
    'INSERT INTO _metadata_job (id, kind, request, state, result) VALUES (?, ?, ?, ?, ?)',
    job.id,
    job.kind,
    request,
    job.status,
    JSON.stringify(job),
  );
}

/** Keeps `job` as it is now; the request of one that is done is forgotten. */
export function keepJob(store: RecordStore, job: MetadataJob): void {
  const forget = isDone(job) ? ", request = ''" : '';
  store.run(`UPDATE _metadata_job SET state = ?, result = ? ${forget} WHERE id = ?`, job.status, JSON.stringify(job), job.id);
}

export function findJob(store: RecordStore, id: string): MetadataJob | null {
  const [row] = store.select('SELECT result FROM _metadata_job WHERE id = ?', id);
  return row === undefined ? null : (JSON.parse(String(row['result'])) as MetadataJob);
}

/** The job that has waited longest, with its request; null where none is open. */
export function nextJob(store: RecordStore): { readonly job: MetadataJob; readonly request: string } | null {
  const [row] = store.select("SELECT request, result FROM _metadata_job WHERE state IN ('Pending', 'InProgress') ORDER BY rowid LIMIT 1");
  return row === undefined ? null : { job: JSON.parse(String(row['result'])) as MetadataJob, request: String(row['request']) };
}
