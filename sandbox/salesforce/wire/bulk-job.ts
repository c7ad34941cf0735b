/** A bulk job as the API shows it. Source: Bulk API 2.0 Developer Guide, "Create a Job", "Get Information About an Ingest Job", "Get Information About a Query Job". */

import type { Job } from '../bulk/job.ts';
import { restInstant, storedInstant } from './instant.ts';

/** What is answered when a job is made, changed or listed. */
export function formatJob(job: Job): Record<string, unknown> {
  const { settings } = job;
  const isIngest = settings.kind === 'ingest';
  return {
    id: job.id,
    operation: settings.operation,
    object: settings.object,
    createdById: settings.userId,
    createdDate: restInstant(storedInstant(job.createdAtMs)),
    systemModstamp: restInstant(storedInstant(job.changedAtMs)),
    state: job.state,
    ...(isIngest && settings.externalIdFieldName !== null ? { externalIdFieldName: settings.externalIdFieldName } : {}),
    ...(isIngest && settings.assignmentRuleId !== null ? { assignmentRuleId: settings.assignmentRuleId } : {}),
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(settings.apiVersion),
    ...(isIngest ? { contentUrl: `services/data/v${settings.apiVersion}/jobs/ingest/${job.id}/batches` } : {}),
    lineEnding: settings.dialect.lineEnding,
    columnDelimiter: settings.dialect.columnDelimiter,
  };
}

/** One job among others: as `formatJob`, with its type and without the address of its data. */
export function formatListedJob(job: Job): Record<string, unknown> {
  const { contentUrl: _address, ...shown } = formatJob(job);
  return { ...shown, jobType: jobType(job) };
}

/** One job by itself, with its progress. */
export function formatJobInfo(job: Job): Record<string, unknown> {
  const isIngest = job.settings.kind === 'ingest';
  return {
    ...formatJob(job),
    jobType: jobType(job),
    numberRecordsProcessed: job.processed,
    ...(isIngest ? { numberRecordsFailed: job.failed } : {}),
    retries: 0,
    totalProcessingTime: job.busyMs,
    ...(isIngest ? { apiActiveProcessingTime: job.busyMs, apexProcessingTime: 0 } : {}),
    isPkChunkingSupported: !isIngest,
    ...(job.errorMessage === null ? {} : { errorMessage: job.errorMessage }),
  };
}

function jobType(job: Job): string {
  return job.settings.kind === 'ingest' ? 'V2Ingest' : 'V2Query';
}
