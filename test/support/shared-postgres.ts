import { writeFileSync } from 'node:fs';
import type { Config } from 'jest';
import { migrateToLatest, openDatabase } from '../../store/database.ts';
import { databaseOn, runOn, startServer, TEMPLATE, type TestServer } from './postgres.ts';

let server: TestServer | undefined;

/** Before all suites of a run: one server for all of them. To start and fill one for each took several seconds, a hundred times. */
export default async function startSharedServer(_run: Config, { globals }: Config): Promise<void> {
  server = await startServer();
  await runOn(server.url, `create database ${TEMPLATE}`);
  const db = openDatabase(databaseOn(server.url, TEMPLATE), 1);
  try {
    await migrateToLatest(db);
  } finally {
    await db.destroy();
  }
  writeFileSync(String(globals?.['sharedPostgresFile']), server.url, { mode: 0o600 });
}

/** After them. */
export async function stopSharedServer(): Promise<void> {
  await server?.stop();
}
