/** Brings up the emulated portal: storage, sample, routes. */

import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Fastify from 'fastify';
import { createCallLog } from '../kit/call-log.ts';
import { createClock } from '../kit/clock.ts';
import { CONTROL_PREFIX, registerControl } from '../kit/control.ts';
import { createFaultBook } from '../kit/fault.ts';
import { installFaults, pathOf } from '../kit/fault-transport.ts';
import { isPagePath, registerPageFiles } from '../kit/page-file.ts';
import { readSample } from '../kit/sample-file.ts';
import { withoutVersion } from './api-version.ts';
import { createAssociationTypes } from './association/association-type.ts';
import { answerOfFault, pageOf } from './fault-answer.ts';
import { furnish } from './furnish.ts';
import { createLimits, PROFESSIONAL } from './limit.ts';
import type { Allowance } from './limit.ts';
import { createApps } from './oauth/app.ts';
import { createAuthorizationCodes } from './oauth/authorization-code.ts';
import { createTokenStore } from './oauth/token-store.ts';
import { PORTAL_ID } from './portal-id.ts';
import { defineOwn, readOwnDefinition } from './own-definition.ts';
import type { Portal } from './portal.ts';
import { installAdmission } from './route/admission.ts';
import { registerChangeControl } from './route/change-control.ts';
import { installBodyParsers } from './route/body.ts';
import { registerRestoreControl } from './route/merge.ts';
import { registerPortalControl } from './route/portal-control.ts';
import { registerRuleControl } from './route/rule-control.ts';
import { routeName } from './route/route-name.ts';
import { registerTokenControl } from './route/token-control.ts';
import { registerWebhookControl } from './route/webhook-control.ts';
import { registerRoutes } from './route/register.ts';
import { installFallbacks } from './route/unbuilt.ts';
import { writeSample } from './sample-record.ts';
import { createCatalogue } from './store/catalogue.ts';
import { openDatabase } from './store/database.ts';
import { createMergeStore } from './store/merge-store.ts';
import { createRecordStore } from './store/record-store.ts';
import { createDelivery } from './webhook/delivery.ts';
import { createEventQueue } from './webhook/event-queue.ts';
import { createSubscriptionStore } from './webhook/subscription.ts';

/** Room for a batch of a hundred records with long texts. */
const MOST_BODY_BYTES = 50 * 1024 * 1024;
/** "A few moments", as HubSpot puts it. */
const INDEX_DELAY_MS = 1000;

export interface HubspotSandboxOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** The interface to listen on; the loopback where it is left out. */
  readonly host?: string;
  /** The file that keeps the portal across restarts, or `:memory:`. */
  readonly dataFile: string;
  /** The sample's records; null for a portal with people and no records. */
  readonly sampleFile: string | null;
  /** Tells apart the ids of different portals; equal seeds and equal calls give equal ids. */
  readonly seed: number;
  /** Epoch milliseconds beneath the sandbox's clock. */
  readonly now?: () => number;
  /** Calls that the account allows; those of a Professional one where it is left out. */
  readonly allowance?: Allowance;
  /** At whose midnight the allowance of a day begins anew. */
  readonly timeZone?: string;
  /** How long searches see what was there before; a second where it is left out. */
  readonly indexDelayMs?: number;
  /** Events may be sent to other machines; to this one alone where it is left out. */
  readonly webhooksAnywhere?: boolean;
  /** What people of the portal have defined, as JSON: an object, properties, labels. Nothing where it is left out. */
  readonly definitionFile?: string;
  /** The files of the page for reps; those of the working folder where it is left out. */
  readonly pageFolder?: string;
}

export interface HubspotSandbox {
  readonly url: string;
  /** Back to the sample: records, definitions, faults, calls, limits and clock. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Opens the sandbox on loopback and answers when it takes calls. A portal that is kept in a file goes on where it was,
 * unless it was made from another sample (or from none), in which case it starts anew.
 *
 * @throws Error when the port is taken, or the sample cannot be read.
 */
export async function openHubspotSandbox(options: HubspotSandboxOptions): Promise<HubspotSandbox> {
  const sample = options.sampleFile !== null && existsSync(options.sampleFile) ? readSample(options.sampleFile) : null;
  if (options.dataFile !== ':memory:') mkdirSync(dirname(resolve(options.dataFile)), { recursive: true });
  const db = openDatabase(options.dataFile);
  const clock = createClock(options.now ?? Date.now, Number(db.readMeta('clockOffsetMs') ?? 0));
  const timeZone = options.timeZone ?? 'America/New_York';
  const limits = createLimits(options.allowance ?? PROFESSIONAL, clock.now, timeZone);
  const calls = createCallLog();
  const faults = createFaultBook(withoutVersion);
  const address = { url: '' };
  let delayMs = options.indexDelayMs ?? INDEX_DELAY_MS;
  const catalogue = createCatalogue(db);
  const subscriptions = createSubscriptionStore(db);
  const apps = createApps(db);
  const singularOf = (objectTypeId: string) => catalogue.find(objectTypeId)?.type.singular ?? objectTypeId;
  const delivery = createDelivery(db, subscriptions, { now: clock.now, signedAt: Date.now, secretOf: apps.secretOf, seed: options.seed });
  const portal: Portal = {
    id: PORTAL_ID,
    timeZone,
    db,
    catalogue,
    records: createRecordStore(db, options.seed, () => delayMs),
    merges: createMergeStore(db),
    events: createEventQueue(db, subscriptions, { portalId: PORTAL_ID, now: clock.now, singularOf }),
    associationTypes: createAssociationTypes(db),
    clock,
    limits,
    apps,
    codes: createAuthorizationCodes(() => db.nextSerial('code'), clock.now),
    tokens: createTokenStore(db, clock.now),
    url: () => address.url,
  };
  const definition = options.definitionFile === undefined ? null : readOwnDefinition(options.definitionFile);
  const origin = `${sample === null ? 'empty' : 'sample'}${definition === null ? '' : ', defined'}`;
  const reset = () => {
    clock.reset();
    calls.clear();
    faults.replace([]);
    limits.clear();
    portal.codes.clear();
    delivery.clear();
    delayMs = options.indexDelayMs ?? INDEX_DELAY_MS;
    db.transaction(() => {
      db.clear();
      portal.catalogue.reload();
      furnish(portal);
      if (definition !== null) defineOwn(portal, definition);
      if (sample !== null) writeSample(portal, sample);
      db.writeMeta('origin', origin);
      return true;
    });
    // The sample has been there for long.
    portal.records.bringIndexUpTo(clock.now() + delayMs);
  };
  if (db.readMeta('origin') !== origin) reset();

  const app = Fastify({
    logger: false,
    bodyLimit: MOST_BODY_BYTES,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4096, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
  });
  app.addHook('onRequest', async (request) => {
    const path = pathOf(request);
    if (isApiPath(path)) calls.record(request.method, routeName(path));
  });
  installFaults(app, { book: faults, isExempt: (path) => !isApiPath(path), answerOf: answerOfFault, page: pageOf('Bad Gateway') });
  installAdmission(app, portal, isApiPath);
  installBodyParsers(app);
  installFallbacks(app);
  app.addHook('onResponse', async () => delivery.wake());
  const clockMoved = (offsetMs: number) => db.writeMeta('clockOffsetMs', String(offsetMs));
  registerControl(app, { calls, faults, clock, reset, clockMoved });
  registerRuleControl(app, portal);
  registerPortalControl(app, limits, {
    delayMs: () => delayMs,
    setDelay: (wanted) => {
      delayMs = wanted;
    },
  });
  registerPageFiles(app, { folder: options.pageFolder ?? resolve('sandbox/hubspot/page'), notThere: (reply) => reply.code(404).send() });
  registerTokenControl(app, portal);
  registerRestoreControl(app, portal);
  registerChangeControl(app, portal);
  registerWebhookControl(app, delivery);
  registerRoutes(app, portal, { subscriptions, anywhere: options.webhooksAnywhere === true });
  try {
    address.url = (await app.listen({ port: options.port, host: options.host ?? '127.0.0.1' })).replace(/\/+$/, '');
  } catch (error) {
    db.close();
    throw error;
  }
  // Events may have waited for a restart.
  delivery.wake();
  return {
    url: address.url,
    reset: async () => reset(),
    close: async () => {
      await app.close();
      await delivery.close();
      db.close();
    },
  };
}

/** True for calls that count and that faults can hit; the page's files and the control calls are neither. */
function isApiPath(path: string): boolean {
  return !isPagePath(path) && path !== CONTROL_PREFIX && !path.startsWith(`${CONTROL_PREFIX}/`);
}
