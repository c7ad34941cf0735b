/** Bulk API 2.0 ingest: jobs that write records from CSV. Source: Bulk API 2.0 Developer Guide, "Bulk API 2.0 Ingest". */

import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formatCsvLine, readCsvRows, UnreadableData } from '../bulk/csv-dialect.ts';
import type { JobRunner } from '../bulk/job-runner.ts';
import { addChunk, addJob, changeJob, dropChunks, findJob, INGEST_OPERATIONS, readChunks, readResults } from '../bulk/job.ts';
import type { IngestSettings, Job, ResultKind } from '../bulk/job.ts';
import { MOST_MULTIPART_CHARS, readMultipartJob } from '../bulk/multipart-job.ts';
import type { Org } from '../org.ts';
import { findField, findObject } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { ApiError } from '../wire/api-error.ts';
import { UNSUPPORTED_BODY } from '../wire/api-error.ts';
import { formatJob } from '../wire/bulk-job.ts';
import { clientOf } from './call-option.ts';
import { bulkError, DIALECT_SHAPE, jobOf, refuseClose, refuseResults, registerJobCalls } from './bulk-job.ts';
import { callerOf, paramsOf, readShape, refuse, schemaFor, unknownResource } from './exchange.ts';

/** "Limits", Bulk API 2.0: 150 MB of data in a job. */
const MOST_UPLOAD_BYTES = 150_000_000;
/** How much of an upload is gathered before it is stored. */
const CHUNK_BYTES = 256 * 1024;

const newIngestJob = z.object({
  ...DIALECT_SHAPE,
  object: z.string(),
  operation: z.enum(INGEST_OPERATIONS),
  externalIdFieldName: z.string().nullish(),
  assignmentRuleId: z.string().nullish(),
});

export function registerBulkIngestRoutes(data: FastifyInstance, org: Org, runner: JobRunner): void {
  data.post('/jobs/ingest', async (request, reply) => {
    const { body, upload } = readNewJob(request);
    if (upload !== null && upload.length > MOST_MULTIPART_CHARS) return refuse(reply, TOO_LONG_FOR_MULTIPART);
    const opened = openJob(org, request, body);
    if (opened.kind === 'refused') return refuse(reply, opened.error);
    if (upload === null) return reply.send(formatJob(addJob(org.store, opened.settings, org.clock.now())));
    const closed = addClosedJob(org, opened.settings, upload);
    runner.wake();
    return reply.send(formatJob(closed));
  });

  registerJobCalls(data, org, 'ingest', (job, request, reply) => {
    const problem = refuseClose(job) ?? (job.upload === 'running' ? bulkError('INVALIDJOBSTATE', 'The upload is still running') : null);
    if (problem !== null) return refuse(reply, problem);
    const lockedRows = request.fault?.fault === 'row_lock' ? (request.fault.rows ?? 'all') : 'none';
    const closed = changeJob(org.store, job, { state: 'UploadComplete', lockedRows }, org.clock.now());
    runner.wake();
    return reply.send(formatJob(closed));
  });

  data.get('/jobs/ingest/:id/successfulResults', async (request, reply) => sendResults(org, request, reply, 'successful'));
  data.get('/jobs/ingest/:id/failedResults', async (request, reply) => sendResults(org, request, reply, 'failed'));
  for (const name of ['unprocessedrecords', 'unprocessedRecords']) {
    data.get(`/jobs/ingest/:id/${name}`, async (request, reply) => sendUnprocessed(org, request, reply));
  }

  // The upload alone is read as it comes; elsewhere CSV is no body that is understood.
  void data.register(async (upload) => {
    upload.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
    upload.put('/jobs/ingest/:id/batches', async (request, reply) => takeUpload(org, request, reply));
  });
}

/** The description of a job, and its data where both come in one call. */
function readNewJob(request: FastifyRequest): { readonly body: unknown; readonly upload: string | null } {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data/i.test(contentType)) return { body: request.body, upload: null };
  const parts = readMultipartJob(contentType, typeof request.body === 'string' ? request.body : '');
  return parts === null ? { body: null, upload: '' } : { body: parseJson(parts.job), upload: parts.content };
}

function openJob(
  org: Org,
  request: FastifyRequest,
  body: unknown,
): { readonly kind: 'job'; readonly settings: IngestSettings } | { readonly kind: 'refused'; readonly error: ApiError } {
  const read = readShape(newIngestJob, body);
  if (read.kind === 'refused') return read;
  const { object, operation, externalIdFieldName = null, assignmentRuleId = null, lineEnding, columnDelimiter } = read.body;
  const definition = findObject(schemaFor(org, request), object);
  if (definition === null) return { kind: 'refused', error: bulkError('INVALIDENTITY', `Unable to find object: ${object}`) };
  const problem = refuseOperation(definition, operation, externalIdFieldName);
  if (problem !== null) return { kind: 'refused', error: problem };
  const settings = {
    kind: 'ingest' as const,
    object: definition.name,
    operation,
    externalIdFieldName: operation === 'upsert' ? externalIdFieldName : null,
    assignmentRuleId,
    dialect: { lineEnding, columnDelimiter },
    apiVersion: paramsOf(request).version.slice(1),
    userId: callerOf(request).userId,
    client: clientOf(request),
  };
  return { kind: 'job', settings };
}

function addClosedJob({ store, clock }: Org, settings: IngestSettings, upload: string): Job {
  let job = addJob(store, settings, clock.now());
  store.transaction(() => {
    addChunk(store, job.id, 0, Buffer.from(upload));
    job = changeJob(store, job, { state: 'UploadComplete', upload: 'done' }, clock.now());
    return true;
  });
  return job;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refuseOperation(definition: SObjectDefinition, operation: string, externalId: string | null): ApiError | null {
  const isDelete = operation === 'delete' || operation === 'hardDelete';
  if (isDelete ? !definition.deletable : !definition.createable)
    return bulkError('INVALIDENTITY', `Entity '${definition.name}' is not supported by the Bulk API.`);
  if (operation !== 'upsert') return null;
  if (externalId === null || externalId === '') {
    const message = `External ID was blank for ${definition.name}. An External ID must be specified for upsert.`;
    return bulkError('INVALIDJOB', `InvalidJob : ${message}`);
  }
  const field = findField(definition, externalId);
  if (field !== null && (field.externalId || field.type === 'id')) return null;
  const message = `Field name provided, ${externalId} does not match an External ID, Salesforce Id, or indexed field for ${definition.name}`;
  return bulkError('INVALIDJOB', `InvalidJob : ${message}`);
}

/** Stores the data as it comes. A call that breaks off leaves the job as if it had never been made. */
async function takeUpload(org: Org, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { store, clock } = org;
  const job = jobOf(org, request, 'ingest');
  if (job === null) return unknownResource(reply);
  if (job.state !== 'Open') return refuse(reply, bulkError('INVALIDJOBSTATE', `Uploading to a Job in the state ${job.state} not allowed`));
  if (job.upload !== 'none') return refuse(reply, secondUpload(job.id));
  if (!(request.body instanceof Readable)) return refuse(reply, UNSUPPORTED_BODY);
  changeJob(store, job, { upload: 'running' }, clock.now());
  const settle = (upload: 'none' | 'done') => {
    const current = findJob(store, job.id, clock.now());
    if (upload === 'none' || current === null) dropChunks(store, job.id);
    if (current !== null) changeJob(store, current, { upload }, clock.now());
  };
  try {
    const isWhole = await storeChunks(org, job.id, request.body);
    settle(isWhole ? 'done' : 'none');
    return isWhole ? await reply.code(201).send() : refuse(reply, TOO_LARGE);
  } catch (error) {
    settle('none');
    throw error;
  }
}

/** False when there is more than a job may hold. */
async function storeChunks(org: Org, jobId: string, body: Readable): Promise<boolean> {
  let gathered: Buffer[] = [];
  let gatheredBytes = 0;
  let totalBytes = 0;
  let position = 0;
  const flush = () => {
    if (gatheredBytes > 0) addChunk(org.store, jobId, position++, Buffer.concat(gathered));
    gathered = [];
    gatheredBytes = 0;
  };
  for await (const piece of body) {
    const bytes = piece as Buffer;
    totalBytes += bytes.length;
    if (totalBytes > MOST_UPLOAD_BYTES) return false;
    gathered.push(bytes);
    gatheredBytes += bytes.length;
    if (gatheredBytes >= CHUNK_BYTES) flush();
  }
  flush();
  return true;
}

const TOO_LARGE: ApiError = {
  status: 413,
  errorCode: 'CLIENTINPUTERROR',
  message: `The data has more than ${MOST_UPLOAD_BYTES} bytes`,
};

const TOO_LONG_FOR_MULTIPART: ApiError = bulkError(
  'CLIENTINPUTERROR',
  `The data in a multipart request has more than ${MOST_MULTIPART_CHARS} characters; upload it with a call of its own`,
);

function secondUpload(jobId: string): ApiError {
  const advice = `please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.`;
  return bulkError('CLIENTINPUTERROR', `Found multiple contents for job: <${jobId}>, ${advice}`);
}

function sendResults(org: Org, request: FastifyRequest, reply: FastifyReply, kind: ResultKind): FastifyReply {
  const job = jobOf(org, request, 'ingest');
  if (job === null) return unknownResource(reply);
  const problem = refuseResults(job);
  if (problem !== null) return refuse(reply, problem);
  const header = formatCsvLine(job.settings.dialect, ['sf__Id', kind === 'failed' ? 'sf__Error' : 'sf__Created', ...(job.columns ?? [])]);
  return sendCsv(reply, headed(header, readResults(org.store, job.id, kind, 0, Infinity)));
}

function sendUnprocessed(org: Org, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const job = jobOf(org, request, 'ingest');
  if (job === null) return unknownResource(reply);
  const problem = refuseResults(job);
  return problem === null ? sendCsv(reply, unprocessed(org, job)) : refuse(reply, problem);
}

/** The rows that the job did not come to, under the header alone; all of the data, as it was sent, where it came to none. */
async function* unprocessed(org: Org, job: Job): AsyncGenerator<string | Uint8Array> {
  const { dialect } = job.settings;
  if (job.state === 'JobComplete') yield formatCsvLine(dialect, job.columns ?? []);
  else if (job.processed === 0) yield* readChunks(org.store, job.id);
  else {
    yield formatCsvLine(dialect, job.columns ?? []);
    let skip = job.processed + 1;
    try {
      for await (const row of readCsvRows(dialect, readChunks(org.store, job.id))) {
        if (skip > 0) skip -= 1;
        else yield formatCsvLine(dialect, row);
      }
    } catch (error) {
      // Behind the place at which the data cannot be read there are no rows.
      if (!(error instanceof UnreadableData)) throw error;
    }
  }
}

export function* headed(header: string, lines: Iterable<string>): Generator<string> {
  yield header;
  yield* lines;
}

export function sendCsv(reply: FastifyReply, parts: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>): FastifyReply {
  return reply.header('content-type', 'text/csv').send(Readable.from(parts, { objectMode: false }));
}
