import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readConfiguration } from '../workers/config.ts';
import { findFreePort } from '../workers/embedded/port.ts';
import { startPostgres } from '../workers/embedded/postgres.ts';
import { openProgress } from '../workers/embedded/progress.ts';
import { findTemporal } from '../workers/embedded/temporal-binary.ts';
import { startTemporal } from '../workers/embedded/temporal-server.ts';
import { figure, type Benchmark } from './benchmark.ts';
import { timed } from './concurrency.ts';
import { isolatedEnvironment, withTemporaryFolder } from './running-system.ts';

/** The last line of a start, when the sample was played. */
const SETTLED = 'Ctrl-C stops everything';

export const start: Benchmark = {
  name: 'start',
  summary: '`npm start` on an installed folder to the line `ready`: the first time, and again on the same data',
  // There is no smaller start: the scale changes nothing.
  run: () =>
    withTemporaryFolder(async (folder) => {
      const parts = { first: await startParts(folder), second: await startParts(folder) };
      const dataDir = join(folder, 'data');
      const first = await startSystem(dataDir);
      const second = await startSystem(dataDir);
      const what = 'node, PostgreSQL and Temporal alone, one after the other';
      return [
        figure('first start', 's', first.readyMs / 1000, what, parts.first / 1000),
        figure('second start', 's', second.readyMs / 1000, what, parts.second / 1000),
        figure('sample played, from ready on', 's', first.playedMs / 1000, 'the first start', first.readyMs / 1000),
        figure('stop', 's', second.stopMs / 1000, 'the second start', second.readyMs / 1000),
      ];
    }),
};

/** The floor, in milliseconds: what the parts take that are not ours. Called again it finds the same data. */
async function startParts(folder: string): Promise<number> {
  const reading = readConfiguration(['machine']);
  if (reading.kind === 'invalid') throw new Error(reading.problems.join('\n'));
  const projectRoot = process.cwd();
  const program = await findTemporal({ machine: reading.configuration.machine, projectRoot, progress: openProgress(process.stderr) });
  const nodeMs = await timed(() => new Promise((resolve) => spawn(process.execPath, ['-e', '0']).once('close', resolve)));
  const stops: (() => Promise<void>)[] = [];
  try {
    const postgres = { dataDir: join(folder, 'parts'), projectRoot, port: await findFreePort(), logFile: join(folder, 'postgres.log') };
    const postgresMs = await timed(async () => stops.push((await startPostgres({ ...postgres, say: () => undefined })).stop));
    const temporal = {
      program,
      databaseFile: join(folder, 'parts', 'temporal.db'),
      namespace: 'default',
      logFile: join(folder, 'temporal.log'),
    };
    const ports = { port: await findFreePort(), uiPort: await findFreePort() };
    const temporalMs = await timed(async () => stops.push((await startTemporal({ ...temporal, ...ports })).stop));
    return nodeMs + postgresMs + temporalMs;
  } finally {
    for (const stop of stops) await stop();
  }
}

/** Starts the system as `npm start` does, lets it play its sample, and stops it as Ctrl-C does. */
async function startSystem(dataDir: string): Promise<{ readonly readyMs: number; readonly playedMs: number; readonly stopMs: number }> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join('scripts', 'launch.js'), 'workers/embedded/main.ts'], {
    env: isolatedEnvironment(dataDir, 5),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const interrupt = (): void => void child.kill('SIGINT');
  process.once('SIGINT', interrupt);
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  try {
    let said = '';
    let readyMs: number | null = null;
    for await (const chunk of child.stdout) {
      said += String(chunk);
      if (readyMs === null && /^ready/m.test(said)) readyMs = performance.now() - startedAt;
      if (said.includes(SETTLED)) break;
    }
    if (readyMs === null || !said.includes(SETTLED)) throw new Error(`the system did not start; it said:\n${said}`);
    const playedMs = performance.now() - startedAt - readyMs;
    const stopMs = await timed(async () => {
      child.kill('SIGINT');
      await ended;
    });
    return { readyMs, playedMs, stopMs };
  } finally {
    child.kill('SIGINT');
    await ended;
    process.off('SIGINT', interrupt);
  }
}
