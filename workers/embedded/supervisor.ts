import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { migrateToLatest, openDatabase } from '../../store/database.ts';
import { extensionProject, SHIPPED_PROJECT } from '../compose/shipped-project.ts';
import type { EmbeddedContext } from './embedded-context.ts';
import { EmbeddedFailure } from './embedded-failure.ts';
import {
  childEnvironment,
  choosePorts,
  dataFolderOf,
  wantedPorts,
  type EmbeddedConfiguration,
  type EmbeddedPorts,
} from './embedded-plan.ts';
import { startNodeProcess } from './node-process.ts';
import { keepRunning, type Part, type RunningProcess } from './part.ts';
import { requireFreePorts, waitForPort } from './port.ts';
import { settleEarlierPostgres, startPostgres } from './postgres.ts';
import { tryLock } from './process-lock.ts';
import type { Progress } from './progress.ts';
import { provisionSandbox } from './provision-sandbox.ts';
import { operatorToken, removeRunRecord, stopLeftovers, writeRunRecord } from './run-record.ts';
import { findTemporal } from './temporal-binary.ts';
import { startTemporal } from './temporal-server.ts';
import { killRunningTools } from './tool-run.ts';

const READY_TIMEOUT_MS = 90_000;

/** Parts are stopped in this order: first what takes requests, last what keeps the data. */
const STOP_ORDER = ['The API', 'The worker', 'The Salesforce sandbox', 'The HubSpot sandbox', 'The Temporal server', 'PostgreSQL'] as const;
type PartName = (typeof STOP_ORDER)[number];

const LOG_NAMES: Readonly<Record<PartName, string>> = {
  'The API': 'api.log',
  'The worker': 'worker.log',
  'The Salesforce sandbox': 'salesforce-sandbox.log',
  'The HubSpot sandbox': 'hubspot-sandbox.log',
  'The Temporal server': 'temporal.log',
  PostgreSQL: 'postgres.log',
};

export interface Supervisor {
  /** Brings everything up and resolves when `/readyz` answers 200. Throws EmbeddedFailure; what was started by then is still to be stopped. */
  readonly start: () => Promise<EmbeddedContext>;
  /** Resolves with the reason when a part died too often: the run cannot go on. */
  readonly failed: Promise<EmbeddedFailure>;
  /** Stops every part in order, also during a start, and gives the data folder back. */
  readonly stop: () => Promise<void>;
  /** Ends every process at once. */
  readonly kill: () => void;
}

/** The embedded run of one data folder. Only one process may have it at a time. */
export function createSupervisor(configuration: EmbeddedConfiguration, projectRoot: string, progress: Progress): Supervisor {
  const dataDir = dataFolderOf(configuration);
  const logFile = (name: PartName) => join(dataDir, 'logs', LOG_NAMES[name]);
  const parts = new Map<PartName, Part>();
  const starts: Promise<unknown>[] = [];
  const stopping = new AbortController();
  let release: (() => void) | null = null;
  let ports: EmbeddedPorts | null = null;
  let giveUp: (failure: EmbeddedFailure) => void = () => undefined;
  const failed = new Promise<EmbeddedFailure>((resolve) => (giveUp = resolve));

  async function addPart(name: PartName, start: () => Promise<RunningProcess>): Promise<void> {
    stopping.signal.throwIfAborted();
    const starting = keepRunning({
      name,
      start,
      logFile: logFile(name),
      say: progress.say,
      onStarted: () => setImmediate(record),
      onGivenUp: (failure) => giveUp(failure),
    });
    starts.push(starting);
    parts.set(name, await starting);
    record();
  }

  function record(): void {
    if (ports === null || stopping.signal.aborted) return;
    const running = STOP_ORDER.toReversed().flatMap((name) => {
      const pid = parts.get(name)?.pid() ?? null;
      return pid === null ? [] : [{ name, pid }];
    });
    const numbers = Object.fromEntries(wantedPorts(ports).map((want) => [want.variable, want.port]));
    writeRunRecord(dataDir, { pid: process.pid, ports: numbers, urls: addresses(ports) }, running);
  }

  async function start(): Promise<EmbeddedContext> {
    const isFirstRun = !existsSync(dataDir);
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    release = takeDataFolder(dataDir, progress);
    await stopLeftovers(dataDir, progress.say);
    if (configuration.embedded.databaseUrl === null) await settleEarlierPostgres(dataDir, progress.say);
    ports = await choosePorts(configuration);
    await requireFreePorts(wantedPorts(ports));
    const apiToken = operatorToken(dataDir, configuration.embedded.apiToken);
    const [databaseUrl] = await allOrFirstFailure([startDatabase(ports), startTemporalPart(ports), startSandboxes(ports)]);
    await progress.during('bringing the database up to date', () => migrate(databaseUrl));
    const env = childEnvironment(configuration, ports, { databaseUrl, apiToken });
    await addPart('The worker', async () => ourProcess('The worker', 'workers/worker.ts', [], env));
    await addPart('The API', async () => ourProcess('The API', 'workers/api.ts', [], env));
    const urls = addresses(ports);
    await progress.during('waiting until everything is ready', () => waitUntilReady(urls.api ?? ''));
    return {
      dataDir,
      projectRoot,
      apiUrl: urls.api ?? '',
      apiToken,
      temporalUiUrl: urls.temporalUi ?? null,
      temporalAddress: env.TEMPORAL_ADDRESS ?? '',
      temporalNamespace: configuration.embedded.temporalNamespace,
      databaseUrl,
      salesforceSandboxUrl: urls.salesforceSandbox ?? null,
      hubspotSandboxUrl: urls.hubspotSandbox ?? null,
      isFirstRun,
      progress,
      signal: stopping.signal,
    };
  }

  async function startDatabase({ postgres }: EmbeddedPorts): Promise<string> {
    if (postgres === null) return configuration.embedded.databaseUrl ?? '';
    let url = '';
    const options = { dataDir, projectRoot, port: postgres, logFile: logFile('PostgreSQL'), say: progress.say };
    await progress.during('starting PostgreSQL', () =>
      addPart('PostgreSQL', async () => {
        const server = await startPostgres(options);
        url = server.url;
        return server;
      }),
    );
    return url;
  }

  async function startTemporalPart({ temporal, temporalUi }: EmbeddedPorts): Promise<void> {
    if (temporal === null) return;
    const searching = findTemporal({ machine: configuration.machine, projectRoot, progress });
    starts.push(searching);
    const program = await searching;
    const { temporalNamespace: namespace } = configuration.embedded;
    const options = {
      program,
      databaseFile: join(dataDir, 'temporal.db'),
      port: temporal,
      uiPort: temporalUi,
      namespace,
      logFile: logFile('The Temporal server'),
    };
    await progress.during('starting the Temporal server', () => addPart('The Temporal server', () => startTemporal(options)));
  }

  async function startSandboxes({ salesforceSandbox, hubspotSandbox }: EmbeddedPorts): Promise<void> {
    const extension = extensionProject(configuration.embedded.registrationObject);
    const also = extension === null ? [] : ['--also', join(SHIPPED_PROJECT, extension)];
    await allOrFirstFailure([
      startSandbox('The Salesforce sandbox', 'salesforce', salesforceSandbox, also),
      startSandbox('The HubSpot sandbox', 'hubspot', hubspotSandbox, []),
    ]);
    if (hubspotSandbox !== null) await provisionSandbox(hubspotSandbox, configuration.embedded.hubspotRegistrationObject, progress);
  }

  async function startSandbox(name: PartName, crm: string, port: number | null, more: readonly string[]): Promise<void> {
    if (port === null) return;
    const args = [crm, '--port', String(port), '--data', join(dataDir, `${crm}-sandbox`), ...more];
    const env = childEnvironment(configuration, ports ?? (await choosePorts(configuration)), { databaseUrl: '', apiToken: '' });
    await progress.during(`starting ${name.replace('The', 'the')}`, async () => {
      await addPart(name, async () => ourProcess(name, 'sandbox/main.ts', args, env));
      const answers = await waitForPort(port, READY_TIMEOUT_MS, () => stopping.signal.aborted);
      if (!answers) throw notReady(name, `does not listen on port ${port}`);
    });
  }

  function ourProcess(name: PartName, file: string, args: readonly string[], env: Readonly<Record<string, string>>): RunningProcess {
    return startNodeProcess({ projectRoot, file, args, env, logFile: logFile(name) });
  }

  async function waitUntilReady(apiUrl: string): Promise<void> {
    const deadline = performance.now() + READY_TIMEOUT_MS;
    let last = 'it does not listen';
    while (performance.now() < deadline) {
      stopping.signal.throwIfAborted();
      const answer = await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(5000) }).catch(() => null);
      if (answer?.status === 200) return;
      if (answer !== null) last = `it answers ${answer.status}: ${(await answer.text()).slice(0, 400)}`;
      await delay(100);
    }
    throw notReady('The API', `is not ready after ${READY_TIMEOUT_MS / 1000} s: ${last}`);
  }

  function notReady(name: PartName, what: string): EmbeddedFailure {
    return new EmbeddedFailure(`${name} ${what}.`, `read ${logFile(name)}, mend what it names and start again.`);
  }

  function addresses(given: EmbeddedPorts): Readonly<Record<string, string>> {
    const own =
      configuration.embedded.host === '0.0.0.0' || configuration.embedded.host === '::' ? '127.0.0.1' : configuration.embedded.host;
    const optional = (name: string, port: number | null) => (port === null ? {} : { [name]: `http://127.0.0.1:${port}` });
    return {
      api: `http://${own}:${given.api}`,
      ...optional('temporalUi', given.temporalUi),
      ...optional('salesforceSandbox', given.salesforceSandbox),
      ...optional('hubspotSandbox', given.hubspotSandbox),
    };
  }

  async function stop(): Promise<void> {
    stopping.abort(new EmbeddedFailure('The start was interrupted.', 'start again.'));
    killRunningTools();
    await Promise.allSettled(starts);
    for (const name of STOP_ORDER) {
      const part = parts.get(name);
      if (part !== undefined) await progress.during(`stopping: ${name}`, () => part.stop());
    }
    if (release === null) return;
    removeRunRecord(dataDir);
    release();
    release = null;
  }

  function kill(): void {
    stopping.abort();
    killRunningTools();
    for (const part of parts.values()) part.kill();
  }

  return { start, failed, stop, kill };
}

function takeDataFolder(dataDir: string, progress: Progress): () => void {
  const attempt = tryLock(join(dataDir, 'run.lock'));
  if (attempt.kind === 'busy') {
    throw new EmbeddedFailure(
      `Dealkeeper already runs on ${dataDir} (process ${attempt.holder}).`,
      `stop it there (Ctrl-C, or kill ${attempt.holder}), or set DATA_DIR to another folder and other ports.`,
    );
  }
  if (attempt.staleHolder !== null)
    progress.say(`The last run (process ${attempt.staleHolder}) did not end properly: cleaning up after it.`);
  return attempt.release;
}

async function migrate(databaseUrl: string): Promise<void> {
  const database = openDatabase(databaseUrl, 1);
  try {
    await migrateToLatest(database);
  } catch (error) {
    throw new EmbeddedFailure(
      `The database cannot be brought up to date: ${error instanceof Error ? error.message : String(error)}`,
      'see that DATABASE_URL, where it is set, names a PostgreSQL 15 or newer that accepts connections and in which tables may be made, then start again.',
      { cause: error },
    );
  } finally {
    await database.destroy();
  }
}

/** Waits for all, so that nothing is under way any more when the first failure is thrown. */
async function allOrFirstFailure<const Work extends readonly Promise<unknown>[]>(
  work: Work,
): Promise<{ -readonly [Index in keyof Work]: Awaited<Work[Index]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
