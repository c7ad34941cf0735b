/** What the routes of ingest and query jobs share. Source: Bulk API 2.0 Developer Guide. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { COLUMN_DELIMITERS, LINE_ENDINGS } from '../bulk/csv-dialect.ts';
import { changeJob, findJob, listJobs, removeJob } from '../bulk/job.ts';
import type { Job, JobKind, JobState } from '../bulk/job.ts';
import type { Org } from '../org.ts';
import { parseId } from '../store/record-id.ts';
import type { ApiError } from '../wire/api-error.ts';
import { formatJob, formatJobInfo, formatListedJob } from '../wire/bulk-job.ts';
import { paramsOf, queryParam, readShape, refuse, unknownResource } from './exchange.ts';

/** Jobs on a page of the list. */
const PAGE_JOBS = 1000;

function names<Key extends string>(table: Readonly<Record<Key, string>>): readonly Key[] {
  return Object.keys(table) as Key[];
}

/** The part of a new job's body that says how its CSV is written. */
export const DIALECT_SHAPE = {
  contentType: z.literal('CSV').default('CSV'),
  columnDelimiter: z.enum(names(COLUMN_DELIMITERS)).default('COMMA'),
  lineEnding: z.enum(names(LINE_ENDINGS)).default('LF'),
};

const stateChange = z.strictObject({ state: z.enum(['UploadComplete', 'Aborted']) });

/** 400 INVALIDJOB and the like: bulk codes are spelled without underscores. */
export function bulkError(errorCode: string, message: string): ApiError {
  return { status: 400, errorCode, message };
}

/** The job that the path names, if it is of this kind. */
export function jobOf(org: Org, request: FastifyRequest, kind: JobKind): Job | null {
  const id = parseId(paramsOf(request).id ?? '');
  const job = id === null ? null : findJob(org.store, id, org.clock.now());
  return job?.settings.kind === kind ? job : null;
}

/** The calls that both kinds answer alike. `close` carries out `UploadComplete`; a query has nothing to close. */
export function registerJobCalls(
  data: FastifyInstance,
  org: Org,
  kind: JobKind,
  close: (job: Job, request: FastifyRequest, reply: FastifyReply) => FastifyReply,
): void {
  data.get(`/jobs/${kind}`, async (request, reply) => {
    const after = parseId(queryParam(request, 'queryLocator') ?? '') ?? '';
    const found = listJobs(org.store, kind, after, PAGE_JOBS + 1, org.clock.now());
    const wanted = queryParam(request, 'jobType');
    const page = found.slice(0, PAGE_JOBS);
    const next = found.length > PAGE_JOBS ? page.at(-1) : undefined;
    const records = page.map(formatListedJob).filter((job) => wanted === undefined || job['jobType'] === wanted);
    const address = `/services/data/${paramsOf(request).version}/jobs/${kind}?queryLocator=${next?.id ?? ''}`;
    return reply.send({ done: next === undefined, records, nextRecordsUrl: next === undefined ? null : address });
  });
  data.get(`/jobs/${kind}/:id`, async (request, reply) => {
    const job = jobOf(org, request, kind);
    return job === null ? unknownResource(reply) : reply.send(formatJobInfo(job));
  });
  data.patch(`/jobs/${kind}/:id`, async (request, reply) => {
    const job = jobOf(org, request, kind);
    if (job === null) return unknownResource(reply);
    const read = readShape(stateChange, request.body);
    if (read.kind === 'refused') return refuse(reply, read.error);
    if (read.body.state === 'UploadComplete') return close(job, request, reply);
    if (hasEnded(job.state)) return refuse(reply, bulkError('INVALIDJOBSTATE', `Aborting already ${wordOf(job.state)} Job not allowed`));
    return reply.send(formatJob(changeJob(org.store, job, { state: 'Aborted' }, org.clock.now())));
  });
  data.delete(`/jobs/${kind}/:id`, async (request, reply) => {
    const job = jobOf(org, request, kind);
    if (job === null) return unknownResource(reply);
    if (job.state === 'Open' || job.state === 'InProgress')
      return refuse(reply, bulkError('INVALIDJOBSTATE', `Deleting a Job in the state ${job.state} not allowed`));
    removeJob(org.store, job.id);
    return reply.code(204).send();
  });
}

/** The refusal to close a job that is not open; null for one that is. */
export function refuseClose(job: Job): ApiError | null {
  return job.state === 'Open' ? null : bulkError('INVALIDJOBSTATE', `Closing already ${wordOf(job.state)} Job not allowed`);
}

/** The refusal to give out results before there are any; null when they can be had. */
export function refuseResults(job: Job): ApiError | null {
  return hasEnded(job.state) ? null : bulkError('INVALIDJOBSTATE', `Results of a Job in the state ${job.state} are not available`);
}

function hasEnded(state: JobState): boolean {
  return state === 'JobComplete' || state === 'Failed' || state === 'Aborted';
}

function wordOf(state: JobState): string {
  return state === 'JobComplete' ? 'Completed' : state === 'UploadComplete' || state === 'InProgress' ? 'Closed' : state;
}
