import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrateToLatest, openDatabase, type Database } from '../../store/database.ts';
import { findFreePort } from '../../workers/embedded/port.ts';
import { startPostgres } from '../../workers/embedded/postgres.ts';

/** A PostgreSQL server of a test suite's own, on a free port of the loopback, with its rows in a temporary folder. */
export interface TestPostgres {
  /** A new, migrated database on the server; it is closed with the server. */
  openEmpty(): Promise<{ readonly db: Database; readonly url: string }>;
  stop(): Promise<void>;
}

export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'dealkeeper-postgres-'));
  const server = await startPostgres({
    dataDir: folder,
    projectRoot: process.cwd(),
    port: await findFreePort(),
    logFile: join(folder, 'postgres.log'),
    say: () => undefined,
  });
  const opened: Database[] = [];
  return {
    async openEmpty() {
      const url = new URL(server.url);
      url.pathname = `/test_${opened.length + 1}`;
      await runOn(server.url, `create database test_${opened.length + 1}`);
      const db = openDatabase(url.href, 5);
      opened.push(db);
      await migrateToLatest(db);
      return { db, url: url.href };
    },
    async stop() {
      await Promise.all(opened.map((db) => db.destroy()));
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function runOn(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
