import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { previewClaim } from '../../activities/decision/preview-claim.ts';
import type { CardConnection } from '../../api/crm-card/connection.ts';
import { createApi } from '../../api/server.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Database } from '../../store/database.ts';
import { expectWebhooks } from '../../store/event-stream.ts';
import { signatureCheck } from './hubspot-signed.ts';
import { openHubspotWebhooks, type HubspotWebhooks } from './hubspot-webhooks.ts';
import { openProgramShelf, type ShelfLog } from './program-shelf.ts';
import { createReadiness } from './readiness.ts';
import { createCalendars, loadFreeMailDomains } from './reference-data.ts';
import { watchPrograms } from './watch-programs.ts';

export interface OpenApi {
  readonly app: FastifyInstance;
  /** Waits for the requests that are being answered, and stops looking for changed programs. */
  close(): Promise<void>;
}

/** Puts the HTTP API together over a store and a Temporal client: to listen, or to be called in the process. */
export async function openApi(options: {
  readonly db: Database;
  readonly temporal: Client;
  readonly connections: readonly string[];
  readonly apiToken: string;
  /** The portals that send webhooks and show the card, by the name of the connection. */
  readonly hubspotPortals?: ReadonlyMap<string, HubspotWebhooks>;
  /** The id of the program that decides. */
  readonly programId: string;
  readonly logger: Logger | false;
}): Promise<OpenApi> {
  const { db, temporal, connections, programId, logger, hubspotPortals: portals = new Map<string, HubspotWebhooks>() } = options;
  const now = () => new Date().toISOString();
  const log: ShelfLog = logger === false ? SILENT : logger;
  const programs = await openProgramShelf({ folder: join(process.cwd(), 'programs'), programId, db, now, log });
  for (const name of portals.keys()) await expectWebhooks(db, name, now());
  const freeMailDomains = loadFreeMailDomains();
  const calendarOf = createCalendars(() => new Date());
  const api = await createApi({
    ...options,
    hubspotWebhooks: openHubspotWebhooks({ db, portals, now, log }),
    hubspotCards: new Map([...portals].map(([name, portal]) => [name, cardOf(portal, now)])),
    programs,
    freeMailDomains,
    calendarOf,
    now,
    newId: () => randomUUID(),
    metrics: new Registry(),
    readiness: createReadiness(db, temporal, connections),
    preview: (claim) => previewClaim({ db, programs, freeMailDomains, calendarOf, now }, claim),
  });
  const watch = watchPrograms(programs, log);
  return {
    app: api,
    async close() {
      await api.close();
      await watch.stop();
    },
  };
}

/** The card is asked for and signed as webhooks are. */
function cardOf({ portalId, mapping, ...signing }: HubspotWebhooks, now: () => Instant): CardConnection {
  const { object } = mapping.registration;
  return {
    portalId: portalId === undefined ? null : String(portalId),
    // Custom objects have numbers of the portal's own.
    isRegistration: (objectTypeId) => (object === 'deals' ? objectTypeId === DEALS : objectTypeId.startsWith('2-')),
    refusalOf: signatureCheck(signing, now),
  };
}

/** https://developers.hubspot.com/docs/api-reference/latest/crm/understanding-the-crm ("Object type IDs") */
const DEALS = '0-3';

const SILENT: ShelfLog = { error: () => undefined, info: () => undefined };
