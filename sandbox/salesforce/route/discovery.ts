/** What the org offers: versions, resources, objects, limits. Source: REST API Developer Guide, "Versions", "Resources by Version", "Describe Global", "Limits". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from '../org.ts';
import { findObject } from '../schema/catalogue.ts';
import { ORG_ID_15 } from '../session.ts';
import { completeId } from '../store/record-id.ts';
import { describeBrief, describeFull } from '../wire/describe.ts';
import { parseHttpDate } from '../wire/instant.ts';
import { callerOf, NEWEST_VERSION, objectOf, OLDEST_VERSION, paramsOf, queryParam, schemaFor, unknownResource } from './exchange.ts';

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
  data.get('/limits/recordCount', async (request) => recordCounts(org, request));
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

/** Of the objects that are named, or of all; names that the caller does not see are left out. Source: REST API Developer Guide, "Record Count". */
function recordCounts(
  org: Org,
  request: FastifyRequest,
): { readonly sObjects: readonly { readonly count: number; readonly name: string }[] } {
  const named = queryParam(request, 'sObjects');
  const seen = schemaFor(org, request);
  const definitions = named === undefined ? [...seen.values()] : named.split(',').flatMap((name) => findObject(seen, name.trim()) ?? []);
  return {
    sObjects: definitions.map(({ name, fields }) => {
      const alive = fields.some((field) => field.name === 'IsDeleted') ? ' WHERE "IsDeleted" = 0' : '';
      const [row] = org.store.select(`SELECT COUNT(*) AS n FROM "${name}"${alive}`);
      return { count: Number(row?.['n']), name };
    }),
  };
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

/** What an Enterprise org has beside its calls: the names that the guide lists ("List Organization Limits"), shown full since nothing here uses them up. */
const WHOLE_LIMITS: Readonly<Record<string, number>> = {
  ActiveScratchOrgs: 40,
  AnalyticsExternalDataSizeMB: 40_960,
  ConcurrentAsyncGetReportInstances: 200,
  ConcurrentEinsteinDataInsightsStoryCreation: 5,
  ConcurrentEinsteinDiscoveryStoryCreation: 2,
  ConcurrentSyncReportRuns: 20,
  DailyAnalyticsDataflowJobExecutions: 60,
  DailyAnalyticsUploadedFilesSizeMB: 51_200,
  DailyAsyncApexExecutions: 250_000,
  DailyAsyncApexTests: 500,
  DailyBulkApiBatches: 15_000,
  DailyBulkV2QueryFileStorageMB: 976_562,
  DailyBulkV2QueryJobs: 10_000,
  DailyDeliveredPlatformEvents: 25_000,
  DailyDurableGenericStreamingApiEvents: 200_000,
  DailyDurableStreamingApiEvents: 200_000,
  DailyFunctionsApiCallLimit: 50_000,
  DailyGenericStreamingApiEvents: 200_000,
  DailyScratchOrgs: 80,
  DailyStandardVolumePlatformEvents: 25_000,
  DailyStreamingApiEvents: 200_000,
  DailyWorkflowEmails: 400_000,
  DataStorageMB: 10_240,
  DurableStreamingApiConcurrentClients: 2_000,
  FileStorageMB: 10_240,
  HourlyAsyncReportRuns: 1_200,
  HourlyDashboardRefreshes: 200,
  HourlyDashboardResults: 5_000,
  HourlyDashboardStatuses: 999_999_999,
  HourlyLongTermIdMapping: 100_000,
  HourlyManagedContentPublicRequests: 50_000,
  HourlyODataCallout: 20_000,
  HourlyPublishedPlatformEvents: 250_000,
  HourlyPublishedStandardVolumePlatformEvents: 100_000,
  HourlyShortTermIdMapping: 100_000,
  HourlySyncReportRuns: 500,
  HourlyTimeBasedWorkflow: 1_000,
  MassEmail: 5_000,
  MonthlyEinsteinDiscoveryStoryCreation: 500,
  MonthlyPlatformEventsUsageEntitlement: 1_500_000,
  Package2VersionCreates: 6,
  Package2VersionCreatesWithoutValidation: 500,
  PermissionSets: 1_500,
  PrivateConnectOutboundCalloutHourlyLimitMB: 0,
  PublishCallbackUsageInApex: 5_242_880,
  SingleEmail: 5_000,
  StreamingApiConcurrentClients: 2_000,
};

function limits(org: Org): Record<string, { Max: number; Remaining: number }> {
  return {
    DailyApiRequests: { Max: org.usage.limit(), Remaining: Math.max(0, org.usage.limit() - org.usage.used()) },
    ...Object.fromEntries(Object.entries(WHOLE_LIMITS).map(([name, max]) => [name, { Max: max, Remaining: max }])),
  };
}
