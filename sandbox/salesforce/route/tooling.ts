/** What of the Tooling API tools ask before they deploy: queries and definitions, nothing that writes. Source: Tooling API Developer Guide, "REST Resources". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from '../org.ts';
import { findObject } from '../schema/catalogue.ts';
import { describeColumns } from '../soql/query-column.ts';
import { runQuery } from '../soql/run-query.ts';
import type { QueryOutcome } from '../soql/run-query.ts';
import type { RecordStore } from '../store/record-store.ts';
import { setupSchema, withSetup } from '../tooling/setup-org.ts';
import { RESOURCE_UNKNOWN } from '../wire/api-error.ts';
import { describeBrief, describeFull } from '../wire/describe.ts';
import { formatRecord } from '../wire/record.ts';
import { callerOf, paramsOf, queryParam, refuse, refuseQuery, unknownResource } from './exchange.ts';

const RESOURCES = ['query', 'sobjects', 'executeAnonymous', 'completions', 'runTestsAsynchronous', 'runTestsSynchronous', 'search'];

export function registerToolingRoutes(data: FastifyInstance, org: Org): void {
  data.get('/tooling', async (request) => Object.fromEntries(RESOURCES.map((name) => [name, `${basePath(request)}/${name}`])));
  data.get('/tooling/query', async (request, reply) => answerQuery(org, request, reply));
  data.get('/tooling/sobjects', async (request) => ({
    encoding: 'UTF-8',
    maxBatchSize: 200,
    sobjects: [...setupSchema(org).values()].map((definition) => describeBrief(definition, `${paramsOf(request).version}/tooling`)),
  }));
  data.get('/tooling/sobjects/:object', async (request, reply) => {
    const definition = findObject(setupSchema(org), paramsOf(request).object ?? '');
    if (definition === null) return unknownResource(reply);
    return reply.send({ objectDescribe: describeBrief(definition, `${paramsOf(request).version}/tooling`), recentItems: [] });
  });
  data.get('/tooling/sobjects/:object/describe', async (request, reply) => {
    const definition = findObject(setupSchema(org), paramsOf(request).object ?? '');
    if (definition === null) return unknownResource(reply);
    return reply.send(describeFull(definition, `${paramsOf(request).version}/tooling`));
  });
  data.get('/tooling/sobjects/:object/:id', async (request, reply) => {
    const { object = '', id = '', version } = paramsOf(request);
    const record = withSetup(org, (setup) => {
      const definition = findObject(setup.schema, object);
      const row = definition === null ? null : setup.find(definition, id);
      return definition === null || row === null ? null : formatRecord(definition, row, definition.fields, `${version}/tooling`);
    });
    return record === null ? refuse(reply, RESOURCE_UNKNOWN) : reply.send(record);
  });
}

/** Asks the set-up a query as the caller of `request`, in one page; `base` is the path of the API that was called. */
export function askSetup(org: Org, request: FastifyRequest, soql: string, base: string): QueryOutcome {
  return withSetup(org, (setup) => runQuery(inputOf(org, request, setup, soql, base)));
}

function answerQuery(org: Org, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const soql = queryParam(request, 'q') ?? '';
  if (queryParam(request, 'columns')?.toLowerCase() === 'true') {
    const columns = withSetup(org, (setup) => describeColumns(inputOf(org, request, setup, soql, basePath(request))));
    return columns.kind === 'error' ? refuseQuery(reply, columns) : reply.send(columns.answer);
  }
  const outcome = askSetup(org, request, soql, basePath(request));
  if (outcome.kind === 'error') return refuseQuery(reply, outcome);
  const { totalSize, records } = outcome;
  const [first] = records as readonly { readonly attributes?: { readonly type?: string } }[];
  const entityTypeName = first?.attributes?.type ?? null;
  return reply.send({ size: records.length, totalSize, done: true, queryLocator: null, entityTypeName, records });
}

function inputOf(org: Org, request: FastifyRequest, setup: RecordStore, soql: string, base: string) {
  return {
    soql,
    includeDeleted: false,
    userId: callerOf(request).userId,
    schema: setup.schema,
    db: setup.db,
    now: org.clock.now(),
    basePath: base,
    limitRows: Infinity,
    keepChildren: () => '',
  };
}

function basePath(request: FastifyRequest): string {
  return `/services/data/${paramsOf(request).version}/tooling`;
}
