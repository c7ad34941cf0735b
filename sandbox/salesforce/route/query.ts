/** SOQL over HTTP, page by page. Source: REST API Developer Guide, "Query", "QueryAll", "Query More Results". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from '../org.ts';
import { runQuery } from '../soql/run-query.ts';
import { LOCATOR_INVALID, notBuilt } from '../wire/api-error.ts';
import { keepResult, readPage } from './query-locator.ts';
import { callerOf, paramsOf, queryParam, refuse, schemaFor } from './exchange.ts';

/** Rows on a page where the client asks for none, and the range within which it may ask. */
const DEFAULT_BATCH = 2000;
const SMALLEST_BATCH = 200;
const LARGEST_BATCH = 2000;

/** How many rows are computed at a time behind the first page. */
const CHUNK_ROWS = 20_000;

export function registerQueryRoutes(data: FastifyInstance, org: Org): void {
  for (const [resource, includeDeleted] of [
    ['query', false],
    ['queryAll', true],
  ] as const) {
    data.get(`/${resource}`, async (request, reply) => answerQuery(org, request, reply, resource, includeDeleted));
    data.get(`/${resource}/:locator`, async (request, reply) => {
      const page = readPage(org, paramsOf(request).locator ?? '', batchSize(request));
      if (page === null) return refuse(reply, LOCATOR_INVALID);
      return reply.send({
        totalSize: page.totalSize,
        done: page.next === null,
        ...(page.next === null ? {} : { nextRecordsUrl: nextUrl(request, resource, page.next) }),
        records: page.records,
      });
    });
  }
}

function answerQuery(org: Org, request: FastifyRequest, reply: FastifyReply, resource: string, includeDeleted: boolean): FastifyReply {
  const soql = queryParam(request, 'q');
  if (queryParam(request, 'explain') !== undefined) return refuse(reply, notBuilt('Query plan (explain)'));
  if (queryParam(request, 'columns') !== undefined) return refuse(reply, notBuilt('Query columns'));
  if (soql === undefined || soql.trim() === '') {
    return refuse(reply, { status: 400, errorCode: 'MALFORMED_QUERY', message: 'A query string has to be specified' });
  }
  const size = batchSize(request);
  const run = (offsetRows: number, limitRows: number) =>
    runQuery({
      soql,
      includeDeleted,
      schema: schemaFor(org, request),
      db: org.store.db,
      now: org.clock.now(),
      userId: callerOf(request).userId,
      apiVersion: paramsOf(request).version.slice(1),
      limitRows,
      offsetRows,
    });
  const first = run(0, size);
  if (first.kind === 'error') return refuse(reply, { status: 400, errorCode: first.errorCode, message: first.message });
  if (!first.more) return reply.send({ totalSize: first.totalSize, done: true, records: first.records });
  const rest = keepResult(org, first.totalSize, size, (offset) => {
    const chunk = run(offset, CHUNK_ROWS);
    return chunk.kind === 'rows' ? { records: chunk.records, more: chunk.more } : { records: [], more: false };
  });
  return reply.send({ totalSize: first.totalSize, done: false, nextRecordsUrl: nextUrl(request, resource, rest), records: first.records });
}

function nextUrl(request: FastifyRequest, resource: string, locator: string): string {
  return `/services/data/${paramsOf(request).version}/${resource}/${locator}`;
}

/** `Sforce-Query-Options: batchSize=500` is a hint, kept within what Salesforce allows. */
function batchSize(request: FastifyRequest): number {
  const header = request.headers['sforce-query-options'];
  const asked = Number(/batchSize\s*=\s*(\d+)/i.exec(String(header ?? ''))?.[1] ?? DEFAULT_BATCH);
  return Math.min(LARGEST_BATCH, Math.max(SMALLEST_BATCH, asked));
}
