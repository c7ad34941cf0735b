import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './tool-run.ts';

/** How long the SDK's own download may take. */
const GIVE_UP_MS = 20_000;

/** Which server the SDK is asked for: the development server of the `temporal` program, or the one whose time can be skipped. */
export type SdkServer = 'development' | 'time-skipping';

/** Starts the server once in a process of its own, which makes the SDK download it. Killing that process is the only way to give a download up. */
const DOWNLOADING_PROGRAM = `
const { TestWorkflowEnvironment } = require('@temporalio/testing');
const [kind, downloadDir] = process.argv.slice(1);
const server = { executable: { type: 'cached-download', downloadDir, ttl: '3650 days' } };
const started = kind === 'development' ? TestWorkflowEnvironment.createLocal({ server }) : TestWorkflowEnvironment.createTimeSkipping({ server });
started.then((environment) => environment.teardown()).then(() => process.exit(0), (error) => { console.error(String(error)); process.exit(1); });
`;

/**
 * The program that the SDK downloads for `server`, kept in `cache`; null when the download fails or takes longer than 20 s.
 *
 * @param projectRoot the folder in which the SDK is installed
 */
export async function downloadWithSdk(server: SdkServer, cache: string, projectRoot: string): Promise<string | null> {
  const version = sdkVersion(projectRoot);
  // An installation without what is for development has no such SDK.
  if (version === null) return null;
  const folder = join(cache, `sdk-${version}`, server);
  const kept = programIn(folder);
  if (kept !== null) return kept;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    const outcome = await runTool(process.execPath, ['-e', DOWNLOADING_PROGRAM, server, draft], {
      cwd: projectRoot,
      timeoutMs: GIVE_UP_MS,
    });
    if (outcome.code !== 0 || programIn(draft) === null) return null;
    if (!existsSync(folder)) renameSync(draft, folder);
    return programIn(folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function programIn(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const name = readdirSync(folder).find((file) => file.startsWith('temporal') && !file.includes('.downloading'));
  return name === undefined ? null : join(folder, name);
}

function sdkVersion(projectRoot: string): string | null {
  const file = join(projectRoot, 'node_modules', '@temporalio', 'testing', 'package.json');
  if (!existsSync(file)) return null;
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
  return version;
}
