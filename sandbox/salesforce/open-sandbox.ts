/** Brings up the emulated org: storage, sample, routes. */

import { existsSync, mkdirSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { dirname, resolve } from 'node:path';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { createCallLog } from '../kit/call-log.ts';
import { createClock } from '../kit/clock.ts';
import { installCompression } from '../kit/compression.ts';
import { registerControl, CONTROL_PREFIX } from '../kit/control.ts';
import { createFaultBook } from '../kit/fault.ts';
import { installFaults, pathOf } from '../kit/fault-transport.ts';
import { readSample } from '../kit/sample-file.ts';
import { furnishAccess } from './access/furnish.ts';
import { createOrgAccess } from './access/org-access.ts';
import { furnishCurrencies, isMultiCurrency } from './currency.ts';
import { answerOfFault, pageOf } from './fault-answer.ts';
import { installFormulas } from './formula/install-formula.ts';
import type { Org } from './org.ts';
import { runDue } from './automation/run-automation.ts';
import { registerApprovalRoutes } from './route/approval.ts';
import { registerAccessControl } from './route/access-control.ts';
import { registerAuthorizeRoute } from './route/authorize.ts';
import { createJobRunner } from './bulk/job-runner.ts';
import type { JobRunner } from './bulk/job-runner.ts';
import { registerBulkIngestRoutes } from './route/bulk-ingest.ts';
import { registerBulkQueryRoutes } from './route/bulk-query.ts';
import { registerCollectionRoutes } from './route/collection.ts';
import { registerCometdRoutes } from './route/cometd.ts';
import { registerCompositeRoutes } from './route/composite.ts';
import { registerLayoutRoutes } from './route/layout.ts';
import { registerOrgControl } from './route/org-control.ts';
import { registerLeadControl } from './route/lead-control.ts';
import { registerDiscoveryRoutes, registerVersionRoute } from './route/discovery.ts';
import { installBodyParsers } from './route/json-body.ts';
import { overrideMethod } from './route/method-override.ts';
import { registerMetadataSoap } from './route/metadata-soap.ts';
import { registerOAuthRoutes } from './route/oauth.ts';
import { registerPage } from './route/page.ts';
import { registerQueryRoutes } from './route/query.ts';
import { registerRelationshipRoutes } from './route/relationship.ts';
import { registerReplicationRoutes } from './route/replication.ts';
import { registerRetrieveRoutes } from './route/retrieve.ts';
import { routeName } from './route/route-name.ts';
import { registerRowRoutes } from './route/row.ts';
import { installTransactionStart } from './route/transaction-start.ts';
import { registerRuleControl } from './route/rule-control.ts';
import { collectRoutes } from './route/sub-request.ts';
import { installSessionCheck } from './route/session-check.ts';
import { registerToolingRoutes } from './route/tooling.ts';
import { registerTreeRoutes } from './route/tree.ts';
import { belowVersion, installFallbacks, registerUnbuiltOfObject } from './route/unbuilt.ts';
import { registerSignInControl } from './route/sign-in-control.ts';
import { registerStreamControl } from './route/stream-control.ts';
import { registerUpsertRoutes } from './route/upsert.ts';
import { writeSample } from './sample-record.ts';
import { writeSetup } from './sample-user.ts';
import { createMetadataJobs } from './metadata/job-runner.ts';
import { createOrgMetadata } from './metadata/org-metadata.ts';
import type { KeptComponent } from './metadata/org-metadata.ts';
import { writeRecordTypes } from './metadata/record-type-row.ts';
import { readSourceProject } from './metadata/source-project.ts';
import { findObject } from './schema/catalogue.ts';
import type { SObjectDefinition } from './schema/definition.ts';
import { createOpenTransactions } from './open-transaction.ts';
import { createSessions } from './session.ts';
import { createAuthorizationCodes } from './sign-in/authorization-code.ts';
import { createConnectedApps } from './sign-in/connected-app.ts';
import type { ConnectedApp } from './sign-in/connected-app.ts';
import { clearDatabase, openDatabase } from './store/database.ts';
import { createRecordStore } from './store/record-store.ts';
import { createStream } from './stream/stream.ts';
import type { Stream } from './stream/stream.ts';
import { purgeHistory } from './write/history-purge.ts';
import { createUsage } from './usage.ts';
import { setLeadOwner } from './write/lead-assignment.ts';

/** Long enough for an external id of 255 characters, each of them encoded. */
const MOST_PARAM_CHARS = 4096;
/** Salesforce stops at 50 MB for a REST body. */
const MOST_BODY_BYTES = 50 * 1024 * 1024;
/** Room for an address that is refused for its length, beside the other headers. */
const MOST_HEADER_BYTES = 128 * 1024;

export interface SalesforceSandboxOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** The interface to listen on; the loopback where it is left out. */
  readonly host?: string;
  /** The file that keeps the org across restarts, or `:memory:`. */
  readonly dataFile: string;
  /** The Salesforce DX project that the org begins with; null for an org in which nothing was deployed. */
  readonly metadataRoot: string | null;
  /** Projects that are laid over it. */
  readonly moreMetadata?: readonly string[];
  /** The sample's records; null for an org with users and no records. */
  readonly sampleFile: string | null;
  /** An org with several currencies; without it, one that has dollars alone until a control call changes that. */
  readonly multiCurrency?: boolean;
  /** Tells apart the ids of different orgs; equal seeds and equal calls give equal ids. */
  readonly seed: number;
  /** The address that answers name, where something stands in front; without it, the sandbox's own. */
  readonly publicUrl?: string;
  /** Epoch milliseconds beneath the sandbox's clock. */
  readonly now?: () => number;
  /** The connected apps that the org begins with and goes back to; without any, every client id is that of an app. */
  readonly apps?: readonly ConnectedApp[];
  /** The folder of the page for reps. */
  readonly pageFolder?: string;
  /** Certificate and key, PEM, for clients that speak https alone; plain http without them. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface SalesforceSandbox {
  readonly url: string;
  /** Back to the sample: records, faults, calls, sessions and clock. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Opens the sandbox on loopback and answers when it takes calls. An org that is kept in a file goes on where it was,
 * unless it was made from another sample (or from none), in which case it starts anew.
 *
 * @throws Error when the port is taken, or the metadata or the sample cannot be read.
 */
export async function openSalesforceSandbox(options: SalesforceSandboxOptions): Promise<SalesforceSandbox> {
  const shipped = [...(options.metadataRoot === null ? [] : [options.metadataRoot]), ...(options.moreMetadata ?? [])].flatMap(
    readSourceProject,
  );
  const schema = new Map<string, SObjectDefinition>();
  const sampleFile = options.sampleFile !== null && existsSync(options.sampleFile) ? options.sampleFile : null;
  const sample = sampleFile === null ? null : readSample(sampleFile);
  if (options.dataFile !== ':memory:') mkdirSync(dirname(resolve(options.dataFile)), { recursive: true });
  const db = openDatabase(options.dataFile, schema);
  const store = createRecordStore(db, schema, options.seed);
  const clock = createClock(options.now ?? Date.now, Number(store.readMeta('clockOffsetMs') ?? 0));
  installFormulas(db, schema, clock.now);
  // Of a project that the org began with, everybody has been given what it brings; in an org without one, that is still to be done.
  const fieldAccess = options.metadataRoot === null ? 'nobody' : 'profiles';
  const furnish = (components: Iterable<KeptComponent>) => {
    furnishAccess(store, components, fieldAccess, clock.now());
    writeRecordTypes(store, clock.now());
    furnishCurrencies(store, clock.now());
  };
  const hasCurrencies = () => isMultiCurrency(store, options.multiCurrency === true);
  const metadata = createOrgMetadata(store, schema, shipped, clock.now, hasCurrencies, furnish);
  const usage = createUsage(clock.now);
  const calls = createCallLog();
  const faults = createFaultBook(belowVersion);
  const apps = createConnectedApps(store);
  const origin = sample === null ? 'empty' : 'sample';

  const reset = () => {
    clock.reset();
    calls.clear();
    faults.replace([]);
    usage.clear();
    store.transaction(() => {
      clearDatabase(db, schema);
      setLeadOwner(store, null);
      metadata.reset();
      const userIds = writeSetup(store, clock.now());
      furnish(metadata.components().values());
      if (sample !== null) writeSample(store, sample, userIds, clock.now());
      furnishCurrencies(store, clock.now());
      store.writeMeta('origin', origin);
      apps.replace(options.apps ?? []);
      return true;
    });
  };
  if (store.readMeta('origin') !== origin) reset();
  else {
    if (options.apps !== undefined) apps.replace(options.apps);
    furnish(metadata.components().values());
    purgeHistory(store, clock.now());
  }

  const address = { url: '' };
  const org: Org = {
    store,
    schema,
    access: createOrgAccess(store, schema, clock.now),
    clock,
    usage,
    sessions: createSessions(store, clock.now),
    apps,
    codes: createAuthorizationCodes(() => store.nextSerial('token'), clock.now),
    metadata,
    transactions: createOpenTransactions(clock.now),
    publicUrl: () => (options.publicUrl ?? address.url).replace(/\/+$/, ''),
  };
  const runner = createJobRunner(org);
  const deployments = createMetadataJobs(store, metadata, clock.now);
  const stream = createStream(store, schema, metadata.components, org, clock.now);
  const resetAll = () => {
    org.transactions.release();
    runner.forget();
    reset();
    stream.forget();
  };
  const app = Fastify({
    logger: false,
    bodyLimit: MOST_BODY_BYTES,
    forceCloseConnections: true,
    rewriteUrl: overrideMethod,
    routerOptions: { maxParamLength: MOST_PARAM_CHARS, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    http: { maxHeaderSize: MOST_HEADER_BYTES },
    ...(options.tls === undefined ? {} : { serverFactory: secureServer(options.tls) }),
  });
  app.addHook('onRequest', async (request, reply) => {
    // The Date header is the org's time, by which clients reckon.
    reply.header('date', new Date(clock.now()).toUTCString());
    const path = pathOf(request);
    if (isApiPath(path) && !isStreaming(path))
      calls.record(
        request.method,
        routeName(path, (name) => findObject(schema, name)?.name ?? name),
      );
  });
  installFaults(app, {
    book: faults,
    isExempt: (path) => !isApiPath(path),
    answerOf: answerOfFault,
    page: pageOf('Service Unavailable'),
  });
  installCompression(app, isApiPath);
  installSessionCheck(app, org);
  installTransactionStart(app, org);
  const userIdOf = (alias: string) => org.sessions.findUser(alias)?.userId ?? null;
  // After the answer, as an org does what follows a save.
  app.addHook('onResponse', async () => runDue(store, userIdOf, clock.now));
  installBodyParsers(app);
  installFallbacks(app);
  registerControl(app, {
    calls,
    faults,
    clock,
    reset: resetAll,
    clockMoved: (offsetMs) => {
      store.writeMeta('clockOffsetMs', String(offsetMs));
      purgeHistory(store, clock.now());
    },
  });
  registerOrgControl(app, org, runner, deployments);
  registerRuleControl(app, org);
  registerLeadControl(app, org);
  registerSignInControl(app, org);
  registerAccessControl(app, org);
  registerStreamControl(app, org, stream);
  registerPage(app, options.pageFolder ?? resolve('sandbox/salesforce/page'), metadata.screens);
  registerRoutes(app, org, runner, stream);
  registerMetadataSoap(app, org, deployments);

  try {
    const listening = await app.listen({ port: options.port, host: options.host ?? '127.0.0.1' });
    address.url = listening.replace(/^https?:/, options.tls === undefined ? 'http:' : 'https:').replace(/\/+$/, '');
  } catch (error) {
    await runner.close();
    deployments.close();
    stream.close();
    db.close();
    throw error;
  }
  runner.wake();
  deployments.wake();
  return {
    url: address.url,
    reset: async () => resetAll(),
    close: async () => {
      org.transactions.release();
      await runner.close();
      stream.close();
      await app.close();
      deployments.close();
      db.close();
    },
  };
}

/** Routes are the same whatever the server: its type is all that differs. */
function secureServer(tls: { readonly cert: string; readonly key: string }) {
  return (handler: RequestListener): Server =>
    createSecureServer({ ...tls, maxHeaderSize: MOST_HEADER_BYTES }, handler) as unknown as Server;
}

/** True for calls that count and that faults can hit; the page's files and the control calls are neither. */
function isApiPath(path: string): boolean {
  return !path.startsWith(CONTROL_PREFIX) && /^\/(services|id|cometd)(\/|$)/.test(path);
}

/** Streaming has limits of its own, and is no API call. */
function isStreaming(path: string): boolean {
  return path === '/cometd' || path.startsWith('/cometd/');
}

function registerRoutes(app: FastifyInstance, org: Org, runner: JobRunner, stream: Stream): void {
  registerCometdRoutes(app, stream);
  registerVersionRoute(app);
  registerOAuthRoutes(app, org);
  registerAuthorizeRoute(app, org);
  void app.register(
    async (data) => {
      const call = collectRoutes(data);
      registerDiscoveryRoutes(data, org);
      registerLayoutRoutes(data, org);
      registerReplicationRoutes(data, org);
      registerRowRoutes(data, org);
      registerUpsertRoutes(data, org);
      registerRelationshipRoutes(data, org);
      registerCollectionRoutes(data, org);
      registerRetrieveRoutes(data, org);
      registerQueryRoutes(data, org);
      registerCompositeRoutes(data, org, call);
      registerTreeRoutes(data, org);
      registerToolingRoutes(data, org);
      registerBulkIngestRoutes(data, org, runner);
      registerBulkQueryRoutes(data, org, runner);
      registerApprovalRoutes(data, org);
      registerUnbuiltOfObject(data);
    },
    { prefix: '/services/data/:version' },
  );
}
