import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrateToLatest, openDatabase, type Database } from '../../store/database.ts';
import { findFreePort } from '../../workers/embedded/port.ts';
import { startPostgres } from '../../workers/embedded/postgres.ts';

/** On the server that all suites of a run share (`shared-postgres.ts`): the migrated database that is copied. */
export const TEMPLATE = 'migrated';

/** Databases of a test suite's own, on the server of the run or on one that is started for the suite. */
export interface TestPostgres {
  /** A new, migrated database; it is closed, and gone, with `stop`. */
  openEmpty(): Promise<{ readonly db: Database; readonly url: string }>;
  stop(): Promise<void>;
}

export interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startTestPostgres(): Promise<TestPostgres> {
  const shared = sharedServer();
  const server = shared === null ? await startServer() : null;
  const address = server?.url ?? shared ?? '';
  const opened: { readonly name: string; readonly db: Database }[] = [];
  return {
    async openEmpty() {
      const name = `test_${randomUUID()}`;
      await runOn(address, `create database "${name}" ${server === null ? `template ${TEMPLATE}` : ''}`);
      const url = databaseOn(address, name);
      const db = openDatabase(url, 5);
      opened.push({ name, db });
      if (server !== null) await migrateToLatest(db);
      return { db, url };
    },
    async stop() {
      await Promise.all(opened.map(({ db }) => db.destroy()));
      if (server !== null) return server.stop();
      for (const { name } of opened) await runOn(address, `drop database if exists "${name}" with (force)`);
    },
  };
}

/** The address of the server that all suites of this run share; null where there is none. Jest hands every suite the name of the file that tells it. */
function sharedServer(): string | null {
  const { sharedPostgresFile = '' } = globalThis as { readonly sharedPostgresFile?: string };
  return existsSync(sharedPostgresFile) ? readFileSync(sharedPostgresFile, 'utf8') : null;
}

/** A PostgreSQL server on a free port of the loopback, with its rows in a temporary folder. */
export async function startServer(): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'dealkeeper-postgres-'));
  const server = await startPostgres({
    dataDir: folder,
    projectRoot: process.cwd(),
    port: await findFreePort(),
    logFile: join(folder, 'postgres.log'),
    say: () => undefined,
  });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function databaseOn(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export async function runOn(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
