/** Bulk API 2.0 query: jobs that answer SOQL as CSV. Source: Bulk API 2.0 Developer Guide, "Bulk API 2.0 Query". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formatCsvLine } from '../bulk/csv-dialect.ts';
import type { JobRunner } from '../bulk/job-runner.ts';
import { addJob, readResults } from '../bulk/job.ts';
import { openBulkQuery } from '../bulk/run-query.ts';
import type { Org } from '../org.ts';
import { LOCATOR_INVALID } from '../wire/api-error.ts';
import { formatJob } from '../wire/bulk-job.ts';
import { headed, sendCsv } from './bulk-ingest.ts';
import { bulkError, DIALECT_SHAPE, jobOf, refuseResults, registerJobCalls } from './bulk-job.ts';
import { callerOf, paramsOf, queryParam, readShape, refuse, unknownResource } from './exchange.ts';

/** Rows on a page where the client asks for no number; Salesforce chooses by size. */
const DEFAULT_PAGE_ROWS = 50_000;

const newQueryJob = z.object({ ...DIALECT_SHAPE, operation: z.enum(['query', 'queryAll']), query: z.string() });

export function registerBulkQueryRoutes(data: FastifyInstance, org: Org, runner: JobRunner): void {
  data.post('/jobs/query', async (request, reply) => {
    const read = readShape(newQueryJob, request.body);
    if (read.kind === 'refused') return refuse(reply, read.error);
    const { operation, query: soql, lineEnding, columnDelimiter } = read.body;
    const { userId } = callerOf(request);
    const opened = openBulkQuery(org, { operation, soql, userId });
    if (opened.kind === 'error') return refuse(reply, bulkError(opened.errorCode, opened.message));
    const settings = {
      kind: 'query' as const,
      object: opened.query.objectName,
      operation,
      soql,
      dialect: { lineEnding, columnDelimiter },
      apiVersion: paramsOf(request).version.slice(1),
      userId,
    };
    const job = addJob(org.store, settings, org.clock.now());
    runner.wake();
    return reply.send(formatJob(job));
  });
  registerJobCalls(data, org, 'query', (job, _request, reply) =>
    refuse(reply, bulkError('INVALIDJOBSTATE', `A query Job cannot be closed; it is in the state ${job.state}`)),
  );
  data.get('/jobs/query/:id/results', async (request, reply) => sendPage(org, request, reply));
}

/** A page of at most `maxRecords` rows under its own header; the locator of the next one, or the word null, is in a header of the answer. */
function sendPage(org: Org, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const job = jobOf(org, request, 'query');
  if (job === null) return unknownResource(reply);
  const problem = refuseResults(job);
  if (problem !== null) return refuse(reply, problem);
  const first = readLocator(queryParam(request, 'locator'));
  const asked = Number(queryParam(request, 'maxRecords') ?? DEFAULT_PAGE_ROWS);
  if (first === null || first > job.processed) return refuse(reply, LOCATOR_INVALID);
  if (!Number.isInteger(asked) || asked < 1)
    return refuse(reply, bulkError('INVALID_PARAMETER', 'maxRecords must be a positive whole number'));
  const end = Math.min(job.processed, first + asked);
  const header = formatCsvLine(job.settings.dialect, job.columns ?? []);
  reply.header('sforce-locator', end < job.processed ? makeLocator(end) : 'null').header('sforce-numberofrecords', end - first);
  return sendCsv(reply, headed(header, readResults(org.store, job.id, 'query', first, end - first)));
}

/** Salesforce's locators are the row in base 64, `MTAwMDAw`; to clients they mean nothing. */
function makeLocator(row: number): string {
  return Buffer.from(String(row)).toString('base64url');
}

/** The row of a locator, 0 where there is none; null for one that was never given out. */
function readLocator(locator: string | undefined): number | null {
  if (locator === undefined || locator === '') return 0;
  const text = Buffer.from(locator, 'base64url').toString();
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}
