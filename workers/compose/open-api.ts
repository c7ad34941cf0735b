import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { previewClaim } from '../../activities/decision/preview-claim.ts';
import { createApi } from '../../api/server.ts';
import type { Database } from '../../store/database.ts';
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
  /** Of the portals that send webhooks, by the name of the connection. */
  readonly hubspotWebhooks?: ReadonlyMap<string, HubspotWebhooks>;
  /** The id of the program that decides. */
  readonly programId: string;
  readonly logger: Logger | false;
}): Promise<OpenApi> {
  const { db, temporal, connections, programId, logger, hubspotWebhooks: portals = new Map() } = options;
  const now = () => new Date().toISOString();
  const log: ShelfLog = logger === false ? SILENT : logger;
  const programs = await openProgramShelf({ folder: join(process.cwd(), 'programs'), programId, db, now, log });
  const freeMailDomains = loadFreeMailDomains();
  const calendarOf = createCalendars(() => new Date());
  const api = await createApi({
    ...options,
    hubspotWebhooks: openHubspotWebhooks({ db, portals, now, log }),
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

const SILENT: ShelfLog = { error: () => undefined, info: () => undefined };
