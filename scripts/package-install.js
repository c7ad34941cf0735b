import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdLock } from './lock-file.js';
import { formatDuration, showProgress } from './progress.js';

/** How many of npm's first lines a failed installation shows. */
const SHOWN_LINES = 12;

/** The Node that runs everything but `scripts/`: the one that the npm package `node` brings. */
export function bundledNode(root) {
  return process.platform === 'win32'
    ? join(root, 'node_modules', 'node', 'bin', 'node.exe')
    : join(root, 'node_modules', 'node', 'bin', 'node');
}

/**
 * Installs the packages of `package-lock.json` where they are missing or others than it names; does nothing, in milliseconds, where all is there.
 *
 * Only one process of a clone installs at a time; the others wait for it and find the work done.
 *
 * @param {string} root the root of the clone
 * @throws {InstallFailure} with a sentence and a remedy for people
 */
export async function ensurePackages(root) {
  if (missingReason(root) === null) return;
  const owner = process.getuid?.() ?? 'user';
  const lockName = `dealkeeper-install-${createHash('sha256').update(root).digest('hex').slice(0, 12)}-${owner}.lock`;
  const release = await holdLock(join(tmpdir(), lockName), (holder) =>
    process.stderr.write(`Another process (${holder}) is installing the packages; waiting for it.\n`),
  );
  try {
    const reason = missingReason(root);
    if (reason === null) return;
    await install(root, reason);
  } finally {
    release();
  }
}

export class InstallFailure extends Error {
  /** @param {string} message @param {string} [said] all that npm said */
  constructor(message, said) {
    super(message);
    this.said = said;
  }
}

/** Why an installation is needed, or null. Compares what npm wrote about the installed packages with the lock file: times of files say nothing after a checkout. */
function missingReason(root) {
  const installedList = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedList)) return 'they are not there yet';
  if (!existsSync(bundledNode(root))) return 'the Node they bring is missing';
  let wanted;
  let installed;
  try {
    wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    installed = JSON.parse(readFileSync(installedList, 'utf8')).packages;
  } catch {
    return 'their list cannot be read';
  }
  for (const [path, entry] of Object.entries(wanted)) {
    // What is optional may be absent: it is for other platforms.
    if (path === '' || entry.optional || entry.devOptional || entry.peer) continue;
    if (installed[path]?.version !== entry.version)
      return `${path.replace(/^node_modules\//, '')} is not the version that package-lock.json names`;
  }
  return null;
}

async function install(root, reason) {
  process.stderr.write(`Installing the packages with npm ci: ${reason}. This takes about a minute.\n`);
  const startedAt = performance.now();
  await showProgress('installing packages', (say) => installPackages(root, say));
  // A configuration of npm that ignores install scripts leaves the package `node` without its program.
  if (!existsSync(bundledNode(root))) {
    await showProgress('fetching Node 24', () => runNpm(root, ['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']));
  }
  if (!existsSync(bundledNode(root))) {
    throw new InstallFailure(
      `The packages are installed, but the npm package "node" brought no program for ${process.platform} ${process.arch}.\n` +
        'Remedy: allow install scripts (npm config delete ignore-scripts), delete node_modules and run the command again.',
    );
  }
  process.stderr.write(`Packages installed in ${formatDuration(performance.now() - startedAt)}.\n`);
}

/**
 * A lock file names the packages for all platforms only where the registry that it was made with had them all; npm ci refuses one that does not. The versions that
 * it does name then still hold: npm install takes them, adds what this platform needs (exact versions, given by the packages themselves) and writes nothing.
 */
async function installPackages(root, say) {
  const options = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await runNpm(root, ['ci', ...options]);
  } catch (error) {
    if (!/\bEUSAGE\b/.test(error.said ?? '')) throw error;
    say('package-lock.json does not name the packages of every platform: installing with npm install instead.');
    await runNpm(root, ['install', '--no-save', ...options]);
  }
}

/** Runs npm and keeps its first lines for the case that it fails: the cause comes first, advice follows. */
function runNpm(root, args) {
  const windows = process.platform === 'win32';
  return new Promise((resolve, reject) => {
    const child = spawn(windows ? 'npm.cmd' : 'npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: windows });
    const lines = [];
    const keep = (chunk) => {
      lines.push(...String(chunk).split('\n').filter(Boolean));
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) =>
      reject(
        new InstallFailure(
          `npm cannot be started (${error.message}).\nRemedy: install Node 20 or newer together with npm, and see that npm is on the PATH.`,
        ),
      ),
    );
    child.on('close', (code) => {
      if (code === 0) return resolve(undefined);
      const shown = lines
        .slice(0, SHOWN_LINES)
        .map((line) => `  ${line}`)
        .join('\n');
      reject(
        new InstallFailure(
          `npm ${args[0]} failed with exit code ${code}. What it said:\n${shown}\n` +
            `Remedy: see that the package registry can be reached (npm ping) and that ${root} can be written to with room on the disk, then run the command again.`,
          lines.join('\n'),
        ),
      );
    });
  });
}
