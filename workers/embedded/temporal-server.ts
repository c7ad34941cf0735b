import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { inheritedEnvironment } from '../config.ts';
import { EmbeddedFailure } from './embedded-failure.ts';
import { requireFreePorts, waitForPort } from './port.ts';

/** What operators filter by. The production server is given the same ones by its deployment. */
export const SEARCH_ATTRIBUTES = {
  RegistrationStatus: 'Keyword',
  PartnerId: 'Keyword',
  Step: 'Keyword',
  Connection: 'Keyword',
  ObjectType: 'Keyword',
  FailureCode: 'Keyword',
  DueAt: 'Datetime',
  NeedsAttention: 'Bool',
} as const;

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

export interface TemporalOptions {
  /** The `temporal` program (`temporal-binary.ts`). */
  readonly program: string;
  /** Where the server keeps its histories; a file that is not there is made. */
  readonly databaseFile: string;
  readonly port: number;
  /** Null: without the UI. */
  readonly uiPort: number | null;
  readonly namespace: string;
  readonly logFile: string;
}

export interface EmbeddedTemporal {
  readonly address: string;
  readonly uiUrl: string | null;
  readonly pid: number;
  /** Resolves when the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the Temporal development server on the loopback, with the histories of its database file, and waits until the namespace answers.
 *
 * @throws EmbeddedFailure when a port is in use, or the server does not come up
 */
export async function startTemporal(options: TemporalOptions): Promise<EmbeddedTemporal> {
  const uiPort = options.uiPort === null ? [] : [{ variable: 'TEMPORAL_UI_PORT', purpose: 'the Temporal UI', port: options.uiPort }];
  await requireFreePorts([{ variable: 'TEMPORAL_PORT', purpose: 'the Temporal server', port: options.port }, ...uiPort]);
  for (const file of [options.logFile, options.databaseFile]) mkdirSync(dirname(file), { recursive: true });
  const child = spawnServer(options);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = () => stopServer(child, ended);
  try {
    await waitUntilReady(child, options);
  } catch (error) {
    await stop();
    throw error;
  }
  const uiUrl = options.uiPort === null ? null : `http://127.0.0.1:${options.uiPort}`;
  return { address: `127.0.0.1:${options.port}`, uiUrl, pid: child.pid ?? 0, ended, stop };
}

function spawnServer(options: TemporalOptions): ChildProcess {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port), '--db-filename', options.databaseFile];
  args.push('--namespace', options.namespace, '--log-format', 'json', '--log-level', 'warn');
  // SQLite's write-ahead log: several times the transactions a second of its default journal, and as safe when the process is killed.
  // https://www.sqlite.org/wal.html
  args.push('--sqlite-pragma', 'journal_mode=wal');
  args.push(...(options.uiPort === null ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(options.uiPort)]));
  for (const [name, type] of Object.entries(SEARCH_ATTRIBUTES)) args.push('--search-attribute', `${name}=${type}`);
  const log = openSync(options.logFile, 'a', 0o600);
  try {
    // The program reads a settings file of the user and TEMPORAL_ variables, which are meant for its client commands and could send it elsewhere.
    const env = Object.fromEntries(Object.entries(inheritedEnvironment()).filter(([name]) => !name.startsWith('TEMPORAL_')));
    const cwd = dirname(options.databaseFile);
    return spawn(options.program, args, {
      cwd,
      env: { ...env, TEMPORAL_CONFIG_FILE: join(cwd, 'temporal.toml') },
      stdio: ['ignore', log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

async function waitUntilReady(child: ChildProcess, options: TemporalOptions): Promise<void> {
  let startFailure: string | null = null;
  child.once('error', (error) => (startFailure = error.message));
  const hasEnded = () => startFailure !== null || child.exitCode !== null || child.signalCode !== null;
  const deadline = performance.now() + READY_TIMEOUT_MS;
  let answers = await waitForPort(options.port, READY_TIMEOUT_MS, hasEnded);
  // The port opens before the namespace is made.
  if (answers) answers = await namespaceAnswers(options, deadline, hasEnded);
  if (answers) return;
  const said = startFailure ?? readFileSync(options.logFile, 'utf8').trimEnd().split('\n').slice(-6).join('\n');
  const what = hasEnded() ? 'did not start' : `does not answer on port ${options.port} after ${READY_TIMEOUT_MS / 1000} s`;
  throw new EmbeddedFailure(
    `The Temporal server ${what}. The last it said:\n${said}`,
    `read ${options.logFile}, mend what it names and start again.`,
  );
}

async function namespaceAnswers(options: TemporalOptions, deadline: number, hasEnded: () => boolean): Promise<boolean> {
  while (!hasEnded() && performance.now() < deadline) {
    const connection = await Connection.connect({ address: `127.0.0.1:${options.port}`, connectTimeout: 2000 }).catch(() => null);
    if (connection !== null) {
      try {
        await connection.withDeadline(Date.now() + 2000, () =>
          connection.workflowService.describeNamespace({ namespace: options.namespace }),
        );
        return true;
      } catch {
        // Not made yet.
      } finally {
        await connection.close();
      }
    }
    await delay(50);
  }
  return false;
}

async function stopServer(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
