import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openDatabase, type Database } from '../store/database.ts';
import { inheritedEnvironment, readConfiguration } from '../workers/config.ts';
import type { EmbeddedContext } from '../workers/embedded/embedded-context.ts';
import { openProgress } from '../workers/embedded/progress.ts';
import { createSupervisor } from '../workers/embedded/supervisor.ts';
import { openPartnerPortal, type PartnerPortal } from './partner-portal.ts';
import { openRepDesk, type RepDesk } from './rep-desk.ts';

/** The embedded system while a benchmark runs, with the doors through which it is used. */
export interface RunningSystem {
  readonly context: EmbeddedContext;
  readonly db: Database;
  readonly portal: PartnerPortal;
  readonly desk: RepDesk;
  /** The CRM that it is connected with. */
  readonly connection: Crm;
  readonly workerPid: () => number;
}

/** Temporal's and our variables that say where things are would lead to a system that is none of this benchmark's. */
const KEPT_VARIABLES = new Set(['PATH', 'HOME', 'XDG_CACHE_HOME']);
const FREE_PORTS = [
  'PORT',
  'METRICS_PORT',
  'POSTGRES_PORT',
  'TEMPORAL_PORT',
  'TEMPORAL_UI_PORT',
  'SALESFORCE_SANDBOX_PORT',
  'HUBSPOT_SANDBOX_PORT',
];
/** Figures are those of one CRM: what another costs beside it is another figure. */
export type Crm = 'salesforce' | 'hubspot';

/** The environment of an embedded system of its own: free ports, a folder of its own, and nothing else of ours that is set here. */
export function isolatedEnvironment(dataDir: string, pollSeconds: number, crm: Crm = 'salesforce'): Readonly<Record<string, string>> {
  const kept = Object.entries(inheritedEnvironment()).filter(([name]) => KEPT_VARIABLES.has(name));
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(FREE_PORTS.map((name) => [name, '0'])),
    CONNECTIONS: crm,
    DATA_DIR: dataDir,
    SYNC_POLL_SECONDS: String(pollSeconds),
  };
}

/** A folder for one benchmark, gone when `work` is done. */
export async function withTemporaryFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'dealkeeper-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs `work` on an embedded system with the sample's CRM, without the played sample, and stops it afterwards, also on Ctrl-C.
 * `pollSeconds`: a day keeps the polls out of what is counted; sync then moves when it is told that something changed.
 */
export async function withSystem<Result>(
  pollSeconds: number,
  work: (system: RunningSystem) => Promise<Result>,
  crm: Crm = 'salesforce',
): Promise<Result> {
  return withTemporaryFolder(async (folder) => {
    const reading = readConfiguration(
      ['embedded', 'connections', 'machine', 'log'],
      isolatedEnvironment(join(folder, 'data'), pollSeconds, crm),
    );
    if (reading.kind === 'invalid') throw new Error(reading.problems.join('\n'));
    const progress = openProgress(process.stderr);
    const supervisor = createSupervisor(reading.configuration, process.cwd(), progress);
    const interrupt = (): void =>
      void supervisor.stop().then(() => {
        rmSync(folder, { recursive: true, force: true });
        process.exit(130);
      });
    process.once('SIGINT', interrupt);
    process.once('SIGTERM', interrupt);
    try {
      const context = await Promise.race([supervisor.start(), supervisor.failed.then((failure) => Promise.reject(failure))]);
      const db = openDatabase(context.databaseUrl, 8);
      try {
        const portal = await openPartnerPortal(context.apiUrl, context.apiToken);
        const system = {
          context,
          db,
          portal,
          desk: openRepDesk(context.salesforceSandboxUrl ?? ''),
          connection: crm,
          workerPid: () => workerPid(context),
        };
        return await Promise.race([work(system), supervisor.failed.then((failure) => Promise.reject(failure))]);
      } finally {
        await db.destroy();
      }
    } finally {
      await supervisor.stop();
      progress.close();
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    }
  });
}

const runRecord = z.object({ parts: z.array(z.object({ name: z.string(), pid: z.number() })) });

function workerPid({ dataDir }: EmbeddedContext): number {
  const { parts } = runRecord.parse(JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')));
  const worker = parts.find(({ name }) => name === 'The worker');
  if (worker === undefined) throw new Error('run.json names no worker');
  return worker.pid;
}
