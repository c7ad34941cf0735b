import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { createApi } from '../api/server.ts';
import { migrateToLatest, openDatabase } from '../store/database.ts';
import { previewClaim } from '../activities/decision/preview-claim.ts';
import { createLogger } from './compose/logger.ts';
import { openProgramShelf } from './compose/program-shelf.ts';
import { createReadiness } from './compose/readiness.ts';
import { createCalendars, loadFreeMailDomains } from './compose/reference-data.ts';
import { stopRequested } from './compose/stop-signal.ts';
import { openTemporalClient } from './compose/temporal.ts';
import { configurationOrExit } from './config.ts';

/** The production API: HTTP in front of the store and the workflows. It never talks to a CRM. */

const configuration = configurationOrExit(['store', 'temporal', 'api', 'connections', 'log']);
const log = createLogger(configuration.log.level, 'api');
const stopping = stopRequested();

const db = openDatabase(configuration.store.databaseUrl, 16);
await migrateToLatest(db);
const temporal = openTemporalClient(configuration.temporal);
const programs = openProgramShelf(join(process.cwd(), 'programs'));
const freeMailDomains = loadFreeMailDomains();
const calendarOf = createCalendars(() => new Date());
const connections = Object.values(configuration.connections).flatMap((connection) => (connection === null ? [] : [connection.connection]));

const api = await createApi({
  db,
  temporal: temporal.client,
  programs,
  connections,
  apiToken: configuration.api.token,
  freeMailDomains,
  calendarOf,
  now: () => new Date().toISOString(),
  newId: () => randomUUID(),
  logger: log,
  metrics: new Registry(),
  readiness: createReadiness(db, temporal.client, connections),
  preview: (claim) => previewClaim({ db, programs, freeMailDomains, calendarOf, now: () => new Date().toISOString() }, claim),
});
await api.listen({ host: configuration.api.host, port: configuration.api.port });
log.info({ port: configuration.api.port }, 'ready');

const reason = await stopping;
log.info({ reason }, 'stopping');
await api.close();
await temporal.close();
await db.destroy();
process.exit(0);
