import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnvironment } from '../../workers/config.ts';
import { findFreePort } from '../../workers/embedded/port.ts';
import { isSameProcess } from '../../workers/embedded/process-identity.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** Polls of a second keep stories short. */
const POLL_SECONDS = 1;
const READY_TIMEOUT_MS = 120_000;
/** As long as the parts together may take to stop, and some. */
const STOP_TIMEOUT_MS = 60_000;
const PORT_VARIABLES = [
  'PORT',
  'METRICS_PORT',
  'POSTGRES_PORT',
  'TEMPORAL_PORT',
  'TEMPORAL_UI_PORT',
  'SALESFORCE_SANDBOX_PORT',
  'HUBSPOT_SANDBOX_PORT',
] as const;
/** A story plays in one CRM unless it says otherwise: two of them cost twice the polls. */
const CONNECTIONS = 'salesforce';

export type PartName = 'The API' | 'The worker' | 'The Salesforce sandbox' | 'The HubSpot sandbox' | 'The Temporal server' | 'PostgreSQL';

export interface SystemPart {
  readonly name: PartName;
  readonly pid: number;
  readonly stamp: string | null;
}

/** The embedded system as a person starts it, on ports and in a folder of its own; both stay the same when it is started again. */
export interface EmbeddedSystem {
  readonly dataDir: string;
  readonly apiUrl: string;
  readonly apiToken: string;
  readonly salesforceUrl: string;
  /** Where the story has `CONNECTIONS` name it. */
  readonly hubspotUrl: string;
  readonly temporalUiUrl: string;
  /** Starts it, in an environment with these changes, and answers when it says `ready`: how long that took. */
  start(changes?: Readonly<Record<string, string>>): Promise<{ readonly readyAfterMs: number }>;
  /** Sends `signal` to the process that was started and waits for its end. */
  stop(signal: 'SIGINT' | 'SIGTERM'): Promise<{ readonly exitCode: number | null; readonly afterMs: number }>;
  /** The processes that run now, as the system itself says. */
  parts(): readonly SystemPart[];
  /** Ids of all processes that know the data folder, by their arguments or their environment. */
  processes(): readonly number[];
  /** What was printed since the last start. */
  output(): string;
  /** Stops it where it runs, and removes its folder. */
  close(): Promise<void>;
}

/** A user of the machine who has a clone of its own, and what its environment says otherwise. */
export interface Starter {
  readonly clone: string;
  readonly uid: number;
  readonly gid: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** `sample`: whether the sample deals are played after the start, as at the very first start of a new folder. */
export async function createSystem(
  purpose: string,
  { sample = false, starter }: { readonly sample?: boolean; readonly starter?: Starter } = {},
): Promise<EmbeddedSystem> {
  const folder = makeTemporaryFolder(purpose);
  const dataDir = starter === undefined ? join(folder.path, 'data') : join(starter.clone, '.data');
  if (!sample) {
    mkdirSync(dataDir, { mode: 0o700 });
    writeFileSync(join(dataDir, 'sample-played.json'), JSON.stringify({ inReview: null }));
    if (starter !== undefined) chownSync(dataDir, starter.uid, starter.gid);
  }
  const ports = await choosePorts();
  const apiToken = 'a-token-for-stories-0123456789';
  let running: ChildProcess | null = null;
  let printed = '';

  async function start(changes: Readonly<Record<string, string>> = {}): Promise<{ readonly readyAfterMs: number }> {
    const startedAt = performance.now();
    printed = '';
    const node = starter === undefined ? process.execPath : join(starter.clone, 'node_modules', 'node', 'bin', 'node');
    const child = spawn(node, ['--disable-warning=ExperimentalWarning', join('workers', 'embedded', 'main.ts')], {
      cwd: starter?.clone ?? process.cwd(),
      ...(starter === undefined ? {} : { uid: starter.uid, gid: starter.gid }),
      env: {
        ...ownEnvironment(),
        ...starter?.environment,
        ...ports,
        API_TOKEN: apiToken,
        DATA_DIR: dataDir,
        SYNC_POLL_SECONDS: String(POLL_SECONDS),
        CONNECTIONS,
        ...changes,
      },
      // The channel lets the system stop by itself when the test's process is killed.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    running = child;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(failure(`is not ready after ${READY_TIMEOUT_MS / 1000} s`)), READY_TIMEOUT_MS);
      const listen = (chunk: Buffer): void => {
        printed += chunk.toString('utf8');
        if (!/^ready/m.test(printed)) return;
        clearTimeout(timer);
        resolve();
      };
      child.stdout?.on('data', listen);
      child.stderr?.on('data', listen);
      child.once('exit', (code) => {
        clearTimeout(timer);
        if (running === child) running = null;
        reject(failure(`ended with exit code ${code} before it was ready`));
      });
    });
    return { readyAfterMs: performance.now() - startedAt };
  }

  function failure(what: string): Error {
    return new Error(`the embedded system ${what}; it printed:\n${printed}\n${tailOfLogs(join(dataDir, 'logs'))}`);
  }

  async function stop(signal: 'SIGINT' | 'SIGTERM'): Promise<{ readonly exitCode: number | null; readonly afterMs: number }> {
    const child = running;
    if (child === null) throw new Error('the embedded system does not run');
    running = null;
    const startedAt = performance.now();
    const ended = new Promise<number | null>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
      else child.once('exit', resolve);
    });
    child.kill(signal);
    const timer = setTimeout(() => killAll(child), STOP_TIMEOUT_MS);
    const exitCode = await ended;
    clearTimeout(timer);
    return { exitCode, afterMs: performance.now() - startedAt };
  }

  function killAll(child: ChildProcess): void {
    for (const part of readParts(dataDir)) if (isSameProcess(part)) process.kill(part.pid, 'SIGKILL');
    child.kill('SIGKILL');
  }

  return {
    dataDir,
    apiUrl: `http://127.0.0.1:${ports.PORT}`,
    apiToken,
    salesforceUrl: `http://127.0.0.1:${ports.SALESFORCE_SANDBOX_PORT}`,
    hubspotUrl: `http://127.0.0.1:${ports.HUBSPOT_SANDBOX_PORT}`,
    temporalUiUrl: `http://127.0.0.1:${ports.TEMPORAL_UI_PORT}`,
    start,
    stop,
    parts: () => readParts(dataDir),
    processes: () => findProcesses(dataDir),
    output: () => printed,
    async close() {
      if (running !== null) await stop('SIGINT');
      folder.remove();
    },
  };
}

async function choosePorts(): Promise<Readonly<Record<(typeof PORT_VARIABLES)[number], string>>> {
  const chosen = new Set<number>();
  while (chosen.size < PORT_VARIABLES.length) chosen.add(await findFreePort());
  const numbers = [...chosen];
  return Object.fromEntries(PORT_VARIABLES.map((variable, index) => [variable, String(numbers[index])])) as Record<
    (typeof PORT_VARIABLES)[number],
    string
  >;
}

/** What belongs to another system must not reach this one. */
function ownEnvironment(): Readonly<Record<string, string>> {
  const foreign = /^(DATABASE_URL|TEMPORAL_|SALESFORCE_|HUBSPOT_|PORTAL_|SMTP_|MAIL_|NODE_OPTIONS$|NODE_ENV$|JEST_)/;
  return Object.fromEntries(Object.entries(inheritedEnvironment()).filter(([name]) => !foreign.test(name)));
}

function readParts(dataDir: string): readonly SystemPart[] {
  const file = join(dataDir, 'run.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly parts: readonly SystemPart[] }).parts : [];
}

/** From Linux's `/proc`; without it, only what the system itself recorded is known. */
function findProcesses(dataDir: string): readonly number[] {
  if (!existsSync('/proc/self/environ'))
    return readParts(dataDir)
      .filter(isSameProcess)
      .map(({ pid }) => pid);
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return ids.filter((id) => ['cmdline', 'environ'].some((file) => readOrEmpty(`/proc/${id}/${file}`).includes(dataDir))).map(Number);
}

/** Processes of other users cannot be read, and others end while they are looked at. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function tailOfLogs(folder: string): string {
  if (!existsSync(folder)) return '';
  const tail = (name: string): string => readFileSync(join(folder, name), 'utf8').split('\n').slice(-15).join('\n');
  return readdirSync(folder)
    .map((name) => `── ${name}\n${tail(name)}`)
    .join('\n');
}
