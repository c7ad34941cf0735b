import { migrateToLatest, openDatabase } from '../store/database.ts';
import { createLogger } from './compose/logger.ts';
import { openApi } from './compose/open-api.ts';
import { signingPortals } from './compose/signing-portals.ts';
import { stopRequested } from './compose/stop-signal.ts';
import { openTemporalClient } from './compose/temporal.ts';
import { refuseBadPrograms } from './compose/refuse-bad-programs.ts';
import { configurationOrExit, connectionNames } from './config.ts';

/** The production API: HTTP in front of the store and the workflows. It never talks to a CRM. */

const configuration = configurationOrExit(['store', 'temporal', 'api', 'connections', 'program', 'log']);
const log = createLogger(configuration.log.level, 'api');
const stopping = stopRequested();

const db = openDatabase(configuration.store.databaseUrl, 16);
await migrateToLatest(db);
const temporal = openTemporalClient(configuration.temporal);
const connections = connectionNames(configuration.connections);

const api = await openApi({
  db,
  temporal: temporal.client,
  connections,
  hubspotPortals: signingPortals(configuration.connections),
  apiToken: configuration.api.token,
  programId: configuration.program.id,
  logger: log,
}).catch(refuseBadPrograms);
await api.app.listen({ host: configuration.api.host, port: configuration.api.port });
log.info({ port: configuration.api.port }, 'ready');

const reason = await stopping;
log.info({ reason }, 'stopping');
await api.close();
await temporal.close();
await db.destroy();
process.exit(0);
