/** What the org offers: versions, resources, objects, limits. Source: REST API Developer Guide, "Versions", "Resources by Version", "Describe Global", "Limits". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from '../org.ts';
import { ORG_ID_15 } from '../session.ts';
import { completeId } from '../store/record-id.ts';
import { describeBrief, describeFull } from '../wire/describe.ts';
import { parseHttpDate } from '../wire/instant.ts';
import { callerOf, NEWEST_VERSION, objectOf, OLDEST_VERSION, paramsOf, schemaFor, unknownResource } from './exchange.ts';

const SEASONS = ['Spring', 'Summer', 'Winter'] as const;

/** v45 is Spring '19; three versions a year follow, and Winter carries the next year's number. */
function versionEntry(version: number): Record<string, string> {
  const step = version - OLDEST_VERSION;
  const season = SEASONS[step % 3] ?? 'Spring';
  const year = 19 + Math.floor(step / 3) + (season === 'Winter' ? 1 : 0);
  return { label: `${season} '${year}`, url: `/services/data/v${version}.0`, version: `${version}.0` };
}

/** Needs no session and is not counted. */
export function registerVersionRoute(app: FastifyInstance): void {
  const versions = Array.from({ length: NEWEST_VERSION - OLDEST_VERSION + 1 }, (_each, index) => versionEntry(OLDEST_VERSION + index));
  app.get('/services/data', async () => versions);
}

export function registerDiscoveryRoutes(data: FastifyInstance, org: Org): void {
  data.get('/', async (request) => resources(org, request));
  data.get('/limits', async () => limits(org));
  data.get('/sobjects', async (request, reply) =>
    sendDefinition(org, request, reply, () => ({
      encoding: 'UTF-8',
      maxBatchSize: 200,
      sobjects: [...schemaFor(org, request).values()].map((definition) => describeBrief(definition, paramsOf(request).version)),
    })),
  );
  data.get('/sobjects/:object', async (request, reply) => {
    const definition = objectOf(org, request);
    if (definition === null) return unknownResource(reply);
    const recent = org.store.select(`SELECT "Id" FROM "${definition.name}" ORDER BY "Id" DESC LIMIT 5`);
    const base = `/services/data/${paramsOf(request).version}/sobjects/${definition.name}`;
    return {
      objectDescribe: describeBrief(definition, paramsOf(request).version),
      recentItems: recent.map((row) => ({ attributes: { type: definition.name, url: `${base}/${String(row['Id'])}` }, Id: row['Id'] })),
    };
  });
  data.get('/sobjects/:object/describe', async (request, reply) => describe(org, request, reply));
}

function describe(org: Org, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const definition = objectOf(org, request);
  if (definition === null) return unknownResource(reply);
  return sendDefinition(org, request, reply, () => describeFull(definition, paramsOf(request).version));
}

/** Honours If-Modified-Since and If-Unmodified-Since: definitions change when metadata is deployed or permissions are given. */
function sendDefinition(org: Org, request: FastifyRequest, reply: FastifyReply, body: () => object): FastifyReply {
  const definedAtMs = Math.floor(Math.max(org.metadata.definedAtMs(), org.access.changedAtMs()) / 1000) * 1000;
  reply.header('last-modified', new Date(definedAtMs).toUTCString());
  const modifiedSince = parseHttpDate(request.headers['if-modified-since']);
  if (modifiedSince !== null && definedAtMs <= modifiedSince) return reply.code(304).send();
  const unmodifiedSince = parseHttpDate(request.headers['if-unmodified-since']);
  if (unmodifiedSince !== null && definedAtMs > unmodifiedSince) return reply.code(412).send();
  return reply.send(body());
}

function resources(org: Org, request: FastifyRequest): Record<string, string> {
  const base = `/services/data/${paramsOf(request).version}`;
  const names = [
    'sobjects',
    'query',
    'queryAll',
    'limits',
    'composite',
    'jobs',
    'search',
    'tooling',
    'process',
    'actions',
    'recent',
    'analytics',
    'chatter',
  ];
  const identity = `${org.publicUrl()}/id/${completeId(ORG_ID_15)}/${callerOf(request).userId}`;
  return { ...Object.fromEntries(names.map((name) => [name, `${base}/${name}`])), identity };
}

function limits(org: Org): Record<string, { Max: number; Remaining: number }> {
  const whole = (max: number) => ({ Max: max, Remaining: max });
  return {
    DailyApiRequests: { Max: org.usage.limit(), Remaining: Math.max(0, org.usage.limit() - org.usage.used()) },
    DailyAsyncApexExecutions: whole(250_000),
    DailyBulkApiBatches: whole(15_000),
    DailyBulkV2QueryFileStorageMB: whole(976_562),
    DailyBulkV2QueryJobs: whole(10_000),
    DailyDurableStreamingApiEvents: whole(200_000),
    DailyStreamingApiEvents: whole(200_000),
    DataStorageMB: whole(10_240),
    FileStorageMB: whole(10_240),
    HourlyTimeBasedWorkflow: whole(1_000),
    SingleEmail: whole(5_000),
    StreamingApiConcurrentClients: whole(2_000),
  };
}
