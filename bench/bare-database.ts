import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProgram } from '../program/definition/parse.ts';
import type { Program } from '../program/definition/program.ts';
import { migrateToLatest, openDatabase, type Database } from '../store/database.ts';
import { findFreePort } from '../workers/embedded/port.ts';
import { startPostgres } from '../workers/embedded/postgres.ts';
import { withTemporaryFolder } from './running-system.ts';

/** Enough for what a benchmark does at a time. */
const CONNECTIONS = 16;

/** Runs `work` on a new, migrated PostgreSQL database with nothing else of the system, and throws it away afterwards. */
export async function withBareDatabase<Result>(work: (db: Database, url: string) => Promise<Result>): Promise<Result> {
  return withTemporaryFolder(async (folder) => {
    const logFile = join(folder, 'postgres.log');
    const server = await startPostgres({
      dataDir: folder,
      projectRoot: process.cwd(),
      port: await findFreePort(),
      logFile,
      say: () => undefined,
    });
    const db = openDatabase(server.url, CONNECTIONS);
    try {
      await migrateToLatest(db);
      return await work(db, server.url);
    } finally {
      await db.destroy();
      await server.stop();
    }
  });
}

/** The sample program, as it is kept. */
export function readAcme(): Program {
  const file = join('programs', 'acme.yaml');
  const parsed = parseProgram(readFileSync(file, 'utf8'), file);
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return parsed.program;
}
