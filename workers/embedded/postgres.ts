import { spawn, type ChildProcess } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { EmbeddedFailure } from './embedded-failure.ts';
import { requireFreePorts } from './port.ts';
import { keptDataFolder, keptPassword, preparePostgresPlace, type PostgresPlace } from './postgres-place.ts';
import { identifyProcess, signalProcess, waitForProcessEnd, type ProcessIdentity } from './process-identity.ts';
import type { Say } from './progress.ts';
import { runTool } from './tool-run.ts';

const NAME = 'dealkeeper';
/** How long a server may take to accept connections: after a crash it first replays its log. */
const READY_TIMEOUT_MS = 60_000;
/** How long a fast shutdown may take before the server is killed; it writes a checkpoint. */
const STOP_TIMEOUT_MS = 30_000;

export interface PostgresOptions {
  /** The data folder of this installation, as an absolute path. */
  readonly dataDir: string;
  readonly projectRoot: string;
  readonly port: number;
  readonly logFile: string;
  readonly say: Say;
}

export interface EmbeddedPostgres {
  /** With the password: never to be printed. */
  readonly url: string;
  readonly pid: number;
  /** Resolves when the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Fast shutdown: open transactions are rolled back, and nothing that was committed is lost. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts PostgreSQL on the loopback's `port`, with its rows as they were left. The first start makes a database with a random password.
 *
 * A server that an earlier run left behind is stopped first; the lock file of one that died is removed, with a sentence.
 *
 * @throws EmbeddedFailure when the port is in use, or the server does not come up
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const place = preparePostgresPlace(options.dataDir, options.projectRoot);
  await settleEarlierServer(place.dataFolder, options.say);
  await requireFreePorts([{ variable: 'POSTGRES_PORT', purpose: 'PostgreSQL', port: options.port }]);
  if (!existsSync(join(place.dataFolder, 'PG_VERSION'))) await createCluster(place);
  mkdirSync(dirname(options.logFile), { recursive: true });
  const child = spawnServer(place, options);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = () => stopServer(child, ended);
  const url = databaseUrl(place.password, options.port);
  try {
    await waitUntilReady(child, url, options);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid: child.pid ?? 0, ended, stop };
}

/** The address of the server that runs on `port` for the data folder `dataDir`, or null before its first start. */
export function runningDatabaseUrl(dataDir: string, port: number): string | null {
  const password = keptPassword(dataDir);
  return password === null ? null : databaseUrl(password, port);
}

function databaseUrl(password: string, port: number): string {
  return `postgres://${NAME}:${password}@127.0.0.1:${port}/${NAME}`;
}

/** Ends what an earlier run on `dataDir` left behind, so that its port is free; does nothing where there is no such thing. */
export async function settleEarlierPostgres(dataDir: string, say: Say): Promise<void> {
  const dataFolder = keptDataFolder(dataDir);
  if (dataFolder !== null) await settleEarlierServer(dataFolder, say);
}

/** https://www.postgresql.org/docs/18/app-initdb.html. The built-in locale depends on no library of the machine, so that an index sorts alike everywhere. */
async function createCluster(place: PostgresPlace): Promise<void> {
  // Made beside its place and moved there when it is whole: a start that was killed leaves nothing half done.
  const draft = `${place.dataFolder}.draft`;
  const passwordFile = `${place.dataFolder}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, place.password, { mode: 0o600 });
  if (place.user !== null) for (const path of [draft, passwordFile]) chownSync(path, place.user.uid, place.user.gid);
  const args = [
    `--pgdata=${draft}`,
    `--username=${NAME}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
  ];
  try {
    const outcome = await runTool(join(place.programFolder, 'bin', 'initdb'), args, asUser(place));
    if (outcome.code !== 0) {
      throw new EmbeddedFailure(
        `PostgreSQL could not set up its folder:\n${outcome.said}`,
        `see that the disk of ${dirname(draft)} has room, then start again.`,
      );
    }
    rmSync(place.dataFolder, { recursive: true, force: true });
    renameSync(draft, place.dataFolder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
  }
}

function spawnServer(place: PostgresPlace, options: PostgresOptions): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    unix_socket_directories: '',
    max_connections: '100',
    log_timezone: 'UTC',
    timezone: 'UTC',
    // Statements hold people's names and addresses: the log says that one failed and why, not which.
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
  };
  const args = ['-D', place.dataFolder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const log = openSync(options.logFile, 'a', 0o600);
  try {
    // A group of its own: a terminal's Ctrl-C is for us, who stop the parts in order.
    return spawn(join(place.programFolder, 'bin', 'postgres'), args, { ...asUser(place), stdio: ['ignore', log, log], detached: true });
  } finally {
    closeSync(log);
  }
}

function asUser(place: PostgresPlace): {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly uid?: number;
  readonly gid?: number;
} {
  // Nothing of our environment is handed on: variables such as PGDATA or LC_ALL would change what the server does.
  const base = { cwd: dirname(place.dataFolder), env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' } };
  return place.user === null ? base : { ...base, ...place.user };
}

async function waitUntilReady(child: ChildProcess, url: string, options: PostgresOptions): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  let startFailure: string | null = null;
  child.once('error', (error) => (startFailure = error.message));
  const admin = new URL(url);
  admin.pathname = '/postgres';
  for (;;) {
    if (startFailure !== null || child.exitCode !== null || child.signalCode !== null) {
      const said = startFailure ?? lastLines(options.logFile);
      throw new EmbeddedFailure(
        `PostgreSQL did not start. The last it said:\n${said}`,
        `read ${options.logFile}, mend what it names and start again.`,
      );
    }
    if (await ensureDatabase(admin.href)) return;
    if (performance.now() > deadline) {
      throw new EmbeddedFailure(
        `PostgreSQL does not answer on port ${options.port} after ${READY_TIMEOUT_MS / 1000} s.`,
        `read ${options.logFile}, then start again.`,
      );
    }
    await delay(50);
  }
}

/** True when the server answered and the database is there; false while it is still starting. */
async function ensureDatabase(adminUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: adminUrl });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await client.query('select 1 from pg_database where datname = $1', [NAME]);
    if (found.rowCount === 0) await client.query(`create database ${NAME}`);
    return true;
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code;
    // 57P03: the server is starting up. Anything else than "nobody listens yet" is a fault that waiting does not mend.
    if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === '57P03') return false;
    const detail = error instanceof Error ? error.message : String(error);
    throw new EmbeddedFailure(
      `PostgreSQL refuses our connection: ${detail}`,
      'delete the data folder (DATA_DIR) to begin anew, or set DATABASE_URL.',
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function stopServer(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  // SIGINT is the fast shutdown: https://www.postgresql.org/docs/18/server-shutdown.html
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

/**
 * Stops a server that still runs on this folder, and removes the lock file of one that does not.
 *
 * PostgreSQL takes a lock file seriously as long as some process has the id in it, whichever that is: after a restart of the machine or of a container that is
 * often another program. The file also guards against processes that outlive a killed server, so it is only removed when none is left.
 */
async function settleEarlierServer(dataFolder: string, say: Say): Promise<void> {
  const lockFile = join(dataFolder, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number.parseInt(readFileSync(lockFile, 'utf8'), 10);
  const inFolder = processesIn(dataFolder);
  const server = inFolder.find((process) => process.pid === pid);
  if (server === undefined) {
    say(`PostgreSQL was not stopped properly the last time (process ${pid} is gone): its lock file is removed, and it recovers by itself.`);
  } else {
    say(`A PostgreSQL server of an earlier run (process ${pid}) is still there: it is stopped first.`);
    signalProcess(pid, 'SIGINT');
  }
  for (const process of inFolder) {
    if (await waitForProcessEnd(process, STOP_TIMEOUT_MS)) continue;
    throw new EmbeddedFailure(
      `Process ${process.pid} of an earlier PostgreSQL server does not end.`,
      `end process ${process.pid} yourself, then start again.`,
    );
  }
  rmSync(lockFile, { force: true });
}

/** The processes of a server work in its folder. Where the system does not show that, the id in the lock file has to do. */
function processesIn(dataFolder: string): readonly ProcessIdentity[] {
  if (!existsSync('/proc/self/cwd')) {
    const holder = identifyProcess(Number.parseInt(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8'), 10));
    return holder === null ? [] : [holder];
  }
  const real = realpathSync(dataFolder);
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      if (readlinkSync(`/proc/${name}/cwd`) !== real) return [];
    } catch {
      // It has ended, or belongs to somebody else and is then none of ours.
      return [];
    }
    return identifyProcess(Number(name)) ?? [];
  });
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
}
