import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createCaseActivities } from '../activities/decision/case-activities.ts';
import type { ActivityDependencies } from '../activities/decision/dependencies.ts';
import { createRegistrationActivities } from '../activities/decision/registration-activities.ts';
import { asRegistered } from '../activities/failure.ts';
import { createEventActivities } from '../activities/events/event-activities.ts';
import { createNotifyActivities } from '../activities/notify/notify-activities.ts';
import { createSyncActivities } from '../activities/sync/sync-activities.ts';
import { TASK_QUEUE } from '../program/messages.ts';
import { registerConnection } from '../store/connection.ts';
import { connectionOfBackfill } from '../store/backfill.ts';
import { switchEventsOff } from '../store/event-stream.ts';
import { migrateToLatest, openDatabase } from '../store/database.ts';
import { ensureBackfills, startBackfill, watchBackfills } from './backfill-workflows.ts';
import { openChannels } from './compose/channels.ts';
import { findConversionProblems, openConnections } from './compose/connections.ts';
import { signingPortals } from './compose/signing-portals.ts';
import { createLogger, temporalLogger } from './compose/logger.ts';
import { openProgramShelf } from './compose/program-shelf.ts';
import { createCalendars, loadFreeMailDomains } from './compose/reference-data.ts';
import { refuseBadPrograms } from './compose/refuse-bad-programs.ts';
import { stopRequested } from './compose/stop-signal.ts';
import { openTemporalClient, temporalConnectionOptions } from './compose/temporal.ts';
import { watchPrograms } from './compose/watch-programs.ts';
import { configurationOrExit } from './config.ts';
import { startDispatcher } from './dispatcher.ts';
import { ensureEventWorkflows, listenedTo, watchEventWorkflows } from './event-workflows.ts';
import { ensureNotifyWorkflows, nudgeNotify, watchNotifyWorkflows } from './notify-workflows.ts';
import { createDelivery } from './outbox-delivery.ts';
import { startSealer } from './sealer.ts';
import { ensureSyncWorkflows, nudgeSync, watchSyncWorkflows } from './sync-workflows.ts';

/** The production worker: activities, workflows and the dispatcher in one process. Run as many as the load needs. */

const SHUTDOWN_GRACE_MS = 15_000;

const configuration = configurationOrExit(['store', 'temporal', 'metrics', 'sync', 'connections', 'notify', 'program', 'log']);
const log = createLogger(configuration.log.level, 'worker');
const stopping = stopRequested();

Runtime.install({
  logger: temporalLogger(log),
  // Signals are handled here, so that the dispatcher and the store are closed after the worker.
  shutdownSignals: [],
  telemetryOptions: { metrics: { prometheus: { bindAddress: `${configuration.metrics.host}:${configuration.metrics.port}` } } },
});

const db = openDatabase(configuration.store.databaseUrl, 16);
await migrateToLatest(db);
const now = () => new Date().toISOString();
const programs = await openProgramShelf({
  folder: join(process.cwd(), 'programs'),
  programId: configuration.program.id,
  db,
  now,
  log,
}).catch(refuseBadPrograms);

const connections = await openConnections(configuration.connections, log, db);
const channels = openChannels(configuration.notify);
await tellWhatWaits();
for (const name of connections.keys()) await registerConnection(db, name, now());
const listened = listenedTo(connections);
// Of a portal that calls us the API keeps how that stands.
const heard = [...listened, ...signingPortals(configuration.connections).keys()];
for (const name of connections.keys()) if (!heard.includes(name)) await switchEventsOff(db, name, now());

const deps: ActivityDependencies = {
  db,
  programs,
  calendarOf: createCalendars(() => new Date()),
  freeMailDomains: loadFreeMailDomains(),
  connections,
  channels,
  now,
  newId: () => randomUUID(),
  log,
};
const stopListening = new AbortController();
const connection = await NativeConnection.connect(temporalConnectionOptions(configuration.temporal));
const worker = await Worker.create({
  connection,
  namespace: configuration.temporal.namespace,
  taskQueue: TASK_QUEUE,
  workflowsPath: join(process.cwd(), 'workflows', 'index.ts'),
  activities: asRegistered({
    ...createRegistrationActivities(deps),
    ...createCaseActivities(deps),
    ...createSyncActivities(deps),
    ...createNotifyActivities(deps),
    ...createEventActivities(deps, stopListening.signal),
  }),
  shutdownGraceTime: SHUTDOWN_GRACE_MS,
  shutdownForceTime: SHUTDOWN_GRACE_MS + 5_000,
  maxConcurrentActivityTaskExecutions: 14,
});
const temporal = openTemporalClient(configuration.temporal);
const running = worker.run();
await ensureSyncWorkflows(temporal.client, [...connections.keys()], configuration.sync.pollSeconds);
await ensureBackfills(temporal.client, db, [...connections.keys()]);
await ensureNotifyWorkflows(temporal.client, [...channels.keys()]);
await ensureEventWorkflows(temporal.client, listened);
const watchedPrograms = watchPrograms(programs, log);
const watch = watchSyncWorkflows(temporal.client, [...connections.keys()], configuration.sync.pollSeconds, log);
const backfillWatch = watchBackfills(temporal.client, db, [...connections.keys()], log);
const sealer = startSealer({ db, log });
const channelWatch = watchNotifyWorkflows(temporal.client, [...channels.keys()], log);
const eventWatch = watchEventWorkflows(temporal.client, listened, log);
const dispatcher = startDispatcher({
  db,
  databaseUrl: configuration.store.databaseUrl,
  deliver: createDelivery(temporal.client, db),
  nudge: nudgeLane,
  heard: sealer.wake,
  nudgeChannel: async (channel) => {
    if (channels.has(channel)) await nudgeNotify(temporal.client, channel);
  },
  log,
});
log.info({ connections: [...connections.keys()], channels: [...channels.keys()] }, 'ready');

const reason = await Promise.race([stopping, running.then(() => 'the worker ended')]);
log.info({ reason }, 'stopping');
watch.stop();
backfillWatch.stop();
channelWatch.stop();
eventWatch.stop();
await watchedPrograms.stop();
await dispatcher.stop();
if (worker.getState() === 'RUNNING') worker.shutdown();
// Only now: whoever listens next is not to be this worker again.
stopListening.abort();
await running;
await sealer.stop();
for (const channel of channels.values()) await channel.close();
await temporal.close();
await connection.close();
await db.destroy();
log.info('stopped');
process.exit(0);

async function nudgeLane(name: string): Promise<void> {
  const asked = connectionOfBackfill(name);
  if (asked === null) await nudgeSync(temporal.client, name);
  else if (connections.has(asked)) await startBackfill(temporal.client, asked);
}

async function tellWhatWaits(): Promise<void> {
  try {
    const problems = await findConversionProblems(connections);
    if (problems.length > 0) log.warn({ problems }, 'what is to be written on opportunities waits, since the CRM lacks fields for it');
  } catch (error) {
    // A CRM that is away must not keep decisions from being made: sync notices when it is back.
    log.warn({ err: error }, 'what is to be written on opportunities could not be checked, because a CRM did not answer');
  }
}
