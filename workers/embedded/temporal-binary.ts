import { accessSync, chmodSync, constants, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { inheritedEnvironment, type Configuration } from '../config.ts';
import { cacheFolder } from './cache-folder.ts';
import { EmbeddedFailure } from './embedded-failure.ts';
import { waitForLock } from './process-lock.ts';
import type { Progress } from './progress.ts';
import { downloadWithSdk } from './sdk-download.ts';
import { runTool } from './tool-run.ts';

/** What is built where nothing is found. Later tags carry a replace directive, with which `go install` refuses to work. */
const BUILT_VERSION = '1.5.1';
const GO_PACKAGE = `github.com/temporalio/cli/cmd/temporal@v${BUILT_VERSION}`;
/** The oldest program that knows all the options and messages that are used here. */
const LEAST_VERSION = [1, 5] as const;
/** A program that was built from source without a version says 0.0.0-DEV; then its server's version decides. */
const LEAST_SERVER_VERSION = [1, 29] as const;

export interface TemporalSearch {
  readonly machine: Configuration['machine'];
  readonly projectRoot: string;
  readonly progress: Progress;
}

/**
 * The path of a `temporal` program that can start the development server. Looked for in this order: on the PATH (1.5 or newer), in the cache folder, by the
 * SDK's own download (given up after 20 s), by `go install` into the cache folder, which takes some minutes and is done by one process at a time.
 *
 * @throws EmbeddedFailure with what was tried, when the machine can have none
 */
export async function findTemporal(search: TemporalSearch): Promise<string> {
  const onPath = findOnPath('temporal', search.machine.path);
  if (onPath !== null && isRecentTemporal(await versionOf(onPath))) return onPath;
  const cache = cacheFolder(search.machine);
  const built = join(cache, `temporal-${BUILT_VERSION}`, process.platform === 'win32' ? 'temporal.exe' : 'temporal');
  if (existsSync(built)) return built;
  mkdirSync(cache, { recursive: true });
  const release = await waitForLock(join(cache, 'temporal.lock'), (holder) =>
    search.progress.say(`Another process (${holder}) is getting the Temporal server; waiting for it.`),
  );
  try {
    if (existsSync(built)) return built;
    const downloaded = await search.progress.during('downloading the Temporal server', () =>
      downloadWithSdk('development', cache, search.projectRoot),
    );
    if (downloaded !== null) return downloaded;
    await buildWithGo(built, search, onPath !== null);
    return built;
  } finally {
    release();
  }
}

/** The first executable file `name` in the folders of `path`, or null. */
export function findOnPath(name: string, path: string): string | null {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`, name] : [name];
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const candidate of names.map((file) => join(folder, file))) {
      try {
        accessSync(candidate, constants.X_OK);
        if (statSync(candidate).isFile()) return candidate;
      } catch {
        // Not there, or not for us: the next folder.
      }
    }
  }
  return null;
}

/** Whether `temporal --version` names 1.5 or newer, such as `temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)`. */
export function isRecentTemporal(versionLine: string): boolean {
  const program = /version v?(\d+)\.(\d+)/.exec(versionLine);
  if (program === null) return false;
  if (/version v?0\.0\.0-DEV/.test(versionLine)) {
    const server = /Server v?(\d+)\.(\d+)/.exec(versionLine);
    return server !== null && isAtLeast(server, LEAST_SERVER_VERSION);
  }
  return isAtLeast(program, LEAST_VERSION);
}

function isAtLeast(found: RegExpExecArray, least: readonly [number, number]): boolean {
  const [major, minor] = [Number(found[1]), Number(found[2])];
  return major > least[0] || (major === least[0] && minor >= least[1]);
}

async function versionOf(program: string): Promise<string> {
  const outcome = await runTool(program, ['--version'], { timeoutMs: 10_000 });
  return outcome.code === 0 ? outcome.said : '';
}

async function buildWithGo(target: string, search: TemporalSearch, isOldOnPath: boolean): Promise<void> {
  const go = findOnPath('go', search.machine.path);
  const remedy = `install the Temporal program (https://docs.temporal.io/cli) or Go, see that it is on the PATH, or set TEMPORAL_ADDRESS to a server that runs; then start again.`;
  const seen = isOldOnPath ? `the one on the PATH is older than ${LEAST_VERSION.join('.')}` : 'none is on the PATH';
  if (go === null)
    throw new EmbeddedFailure(`A Temporal server is needed: ${seen}, its download failed, and there is no Go to build one.`, remedy);
  search.progress.say(`Building the Temporal server with Go (${GO_PACKAGE}); once, it takes 3 to 7 minutes.`);
  const draft = `${target}.${process.pid}.build`;
  mkdirSync(draft, { recursive: true });
  try {
    const env = goEnvironment(draft, cacheFolder(search.machine), search.machine.home);
    // Without symbols the program is a third smaller; the version is what `--version` shows.
    const flags = `-s -w -X github.com/temporalio/cli/temporalcli.Version=${BUILT_VERSION}`;
    const outcome = await search.progress.during('building the Temporal server', () =>
      runTool(go, ['install', '-ldflags', flags, GO_PACKAGE], { env }),
    );
    const program = join(draft, process.platform === 'win32' ? 'temporal.exe' : 'temporal');
    if (outcome.code !== 0 || !existsSync(program)) {
      throw new EmbeddedFailure(
        `A Temporal server is needed: ${seen}, its download failed, and Go could not build it:\n${outcome.said}`,
        remedy,
      );
    }
    mkdirSync(join(target, '..'), { recursive: true });
    chmodSync(program, 0o755);
    renameSync(program, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Go keeps its own caches below HOME; where there is none, they go beside ours. */
function goEnvironment(binFolder: string, cache: string, home: string | null): Readonly<Record<string, string>> {
  const homeless: Record<string, string> = home === null ? { GOPATH: join(cache, 'go'), GOCACHE: join(cache, 'go-build') } : {};
  return { ...homeless, ...inheritedEnvironment(), GOBIN: binFolder, GOFLAGS: '' };
}
