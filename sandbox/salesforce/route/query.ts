/** SOQL over HTTP, page by page. Source: REST API Developer Guide, "Query", "QueryAll", "Query More Results". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from '../org.ts';
import { explainQuery } from '../soql/explain-query.ts';
import type { QueryInput } from '../soql/open-query.ts';
import { describeColumns } from '../soql/query-column.ts';
import { runQuery } from '../soql/run-query.ts';
import type { QueryOutcome } from '../soql/run-query.ts';
import { LOCATOR_INVALID, notBuilt } from '../wire/api-error.ts';
import { keepIds, keepRest, readPage } from './query-locator.ts';
import type { KeptQuestion } from './query-locator.ts';
import { callerOf, paramsOf, queryParam, refuse, refuseQuery, schemaFor } from './exchange.ts';
import { askSetup } from './tooling.ts';

/** Rows on a page where the client asks for none, and the range within which it may ask. */
const DEFAULT_BATCH = 2000;
const SMALLEST_BATCH = 200;
const LARGEST_BATCH = 2000;

/** Definitions and code that the data API shows too; other objects of the Tooling API are unknown to it. */
const SETUP_OBJECTS =
  /\bFROM\s+(EntityDefinition|FieldDefinition|Apex(Class|Trigger|Page|Component|Log|TestQueueItem|TestResult|TestRunResult)|AsyncApexJob|AuraDefinitionBundle|StaticResource)\b/i;

type Resource = 'query' | 'queryAll';

export function registerQueryRoutes(data: FastifyInstance, org: Org): void {
  for (const resource of ['query', 'queryAll'] as const) {
    data.get(`/${resource}`, async (request, reply) => answerQuery(org, request, reply, resource));
    data.get(`/${resource}/:locator`, async (request, reply) => {
      const page = readPage(org, paramsOf(request).locator ?? '', batchSize(request), (question) =>
        inputOf(org, request, resource, question),
      );
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

function answerQuery(org: Org, request: FastifyRequest, reply: FastifyReply, resource: Resource): FastifyReply {
  const explained = queryParam(request, 'explain');
  const soql = queryParam(request, 'q') ?? explained;
  if (soql === undefined || soql.trim() === '') {
    return refuse(reply, { status: 400, errorCode: 'MALFORMED_QUERY', message: 'A query string has to be specified' });
  }
  if (explained !== undefined && /^[0-9A-Za-z]{15,18}$/.test(soql)) return refuse(reply, notBuilt('The plan of a report or list view'));
  const question = { soql, includeDeleted: resource === 'queryAll', userId: callerOf(request).userId, place: [] };
  const input = inputOf(org, request, resource, question);
  if (explained !== undefined) {
    const outcome = explainQuery(input);
    return outcome.kind === 'error' ? refuseQuery(reply, outcome) : reply.send(outcome.answer);
  }
  if (queryParam(request, 'columns')?.toLowerCase() === 'true') {
    const outcome = describeColumns(input);
    return outcome.kind === 'error' ? refuseQuery(reply, outcome) : reply.send(outcome.answer);
  }
  return sendQuery(org, request, reply, resource, soql);
}

/** Answers with the first page of `soql`, and where the next one is. */
export function sendQuery(org: Org, request: FastifyRequest, reply: FastifyReply, resource: Resource, soql: string): FastifyReply {
  const question = { soql, includeDeleted: resource === 'queryAll', userId: callerOf(request).userId, place: [] };
  const input = inputOf(org, request, resource, question);
  const first = askAnywhere(org, request, input);
  if (first.kind === 'error') return refuseQuery(reply, first);
  const { totalSize, records, more } = first;
  if (!more) return reply.send({ totalSize, done: true, records });
  return reply.send({
    totalSize,
    done: false,
    nextRecordsUrl: nextUrl(request, resource, keepRest(org, question, input, totalSize)),
    records,
  });
}

/** Runs the query over the records, or over the org's definitions where it names one of those: `EntityDefinition` and its kind. */
function askAnywhere(org: Org, request: FastifyRequest, input: QueryInput): QueryOutcome {
  const outcome = runQuery(input);
  if (outcome.kind !== 'error' || outcome.errorCode !== 'INVALID_TYPE' || !SETUP_OBJECTS.test(input.soql)) return outcome;
  const ofSetup = askSetup(org, request, input.soql, input.basePath);
  return ofSetup.kind === 'error' && ofSetup.errorCode === 'INVALID_TYPE' ? outcome : ofSetup;
}

/** What the query engine needs to answer `question` as one of this request's pages. */
function inputOf(org: Org, request: FastifyRequest, resource: Resource, question: KeptQuestion): QueryInput {
  return {
    soql: question.soql,
    includeDeleted: question.includeDeleted,
    userId: question.userId,
    schema: schemaFor(org, request),
    db: org.store.db,
    now: org.clock.now(),
    basePath: `/services/data/${paramsOf(request).version}`,
    limitRows: batchSize(request),
    keepChildren: (place, firstRow, ids) =>
      nextUrl(request, resource, keepIds(org, { ...question, place }, firstRow + ids.length, firstRow, ids)),
  };
}

function nextUrl(request: FastifyRequest, resource: Resource, locator: string): string {
  return `/services/data/${paramsOf(request).version}/${resource}/${locator}`;
}

/** `Sforce-Query-Options: batchSize=500` is a hint, kept within what Salesforce allows. */
function batchSize(request: FastifyRequest): number {
  const header = request.headers['sforce-query-options'];
  const asked = Number(/batchSize\s*=\s*(\d+)/i.exec(String(header ?? ''))?.[1] ?? DEFAULT_BATCH);
  return Math.min(LARGEST_BATCH, Math.max(SMALLEST_BATCH, asked));
}
