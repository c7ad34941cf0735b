import { migrateToLatest, openDatabase } from '../../store/database.ts';
import { databaseOn, runOn, SHARED_SERVER, startServer, TEMPLATE, type TestServer } from './postgres.ts';

let server: TestServer | undefined;

/** Before all suites of a run: one server for all of them. To start and fill one for each took several seconds, a hundred times. */
export default async function startSharedServer(): Promise<void> {
  server = await startServer();
  await runOn(server.url, `create database ${TEMPLATE}`);
  const db = openDatabase(databaseOn(server.url, TEMPLATE), 1);
  try {
    await migrateToLatest(db);
  } finally {
    await db.destroy();
  }
  process.env[SHARED_SERVER] = server.url;
}

/** After them. */
export async function stopSharedServer(): Promise<void> {
  await server?.stop();
}
