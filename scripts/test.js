/**
 * Runs the checks and the tests, and ends with a line that counts them: `tests: N passed, N failed`, with `, N skipped` where some were.
 *
 *   node scripts/test.js            everything
 *   node scripts/test.js --checks   formatting, types, lint, unused code
 *   node scripts/test.js --quick    the tests that need no server
 *   node scripts/test.js --browser  the tests of pages, in a browser of this machine
 *
 * A check counts as one test. On CI (the variable CI is set) a skipped test is a failure.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInForeground } from './child-run.js';
import { bundledNode, ensurePackages, InstallFailure } from './package-install.js';
import { formatDuration } from './progress.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const QUICK_TESTS = ['test/program/', 'test/mappings/', 'test/architecture'];
const BROWSER_TESTS = ['test/browser/'];
/** A test of how fast a page is: another test beside them would be measured, too. */
const ALONE_TESTS = ['test/browser/speed'];
/** One PostgreSQL server for all suites; a suite that is run by itself starts its own. */
const SHARED_SERVER = [
  '--globalSetup=<rootDir>/test/support/shared-postgres.ts',
  '--globalTeardown=<rootDir>/test/support/shared-postgres-end.ts',
];
/** More at once do not pay: a test may start a whole system of five programs. */
const MOST_WORKERS = 4;
/** 128 + the number of SIGINT and SIGTERM. */
const INTERRUPTED = new Set([130, 143]);
/** 128 + the number of SIGKILL: ended by us, and counted where that was done. */
const KILLED = 137;
/** How long jest may take to end after it has counted: what it then waits for is something that a test left open. */
const JEST_ENDS_WITHIN_MS = 15_000;

/** A program of an installed package, on the Node that the packages bring. */
const program = (name, bin, args) => [join(root, 'node_modules', name, bin), ...args];

const CHECKS = [
  { name: 'formatting', args: program('prettier', 'bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']) },
  { name: 'types', args: program('typescript', 'bin/tsc', ['-p', 'tsconfig.json']) },
  { name: 'lint', args: program('oxlint', 'bin/oxlint', ['--type-aware', '--deny-warnings', '--report-unused-disable-directives']) },
  { name: 'unused code', args: program('knip', 'bin/knip.js', ['--no-progress']) },
];

const tally = { passed: 0, failed: 0, skipped: 0 };

/** Runs one program with its output on the terminal, between a line that names it and one with its duration. */
async function step(name, args, onStart) {
  console.log(`\n── ${name}`);
  const startedAt = performance.now();
  const code = await runInForeground(bundledNode(root), ['--disable-warning=ExperimentalWarning', ...args], { cwd: root }, onStart);
  const duration = formatDuration(performance.now() - startedAt);
  console.log(`── ${name}: ${code === 0 ? 'good' : `failed (exit code ${code})`}, ${duration}`);
  if (INTERRUPTED.has(code)) throw new Interrupted(code);
  return code;
}

class Interrupted extends Error {
  constructor(code) {
    super('interrupted');
    this.code = code;
  }
}

async function check({ name, args }) {
  const code = await step(name, args);
  if (code === 0) tally.passed += 1;
  else tally.failed += 1;
}

/** Jest counts its tests into a file; a suite that could not even be loaded counts as one failed test, and so does a jest that counted nothing. */
async function jest(name, args) {
  const folder = mkdtempSync(join(tmpdir(), 'dealkeeper-test-'));
  const outputFile = join(folder, 'jest.json');
  try {
    const watch = { timer: undefined };
    // Where a run has one PostgreSQL server for all suites, this file says where it is.
    const globals = JSON.stringify({ sharedPostgresFile: join(folder, 'postgres-url') });
    const onStart = (kill) => (watch.timer = killWhenStuck(outputFile, kill));
    const code = await step(
      name,
      program('jest', 'bin/jest.js', ['--json', `--outputFile=${outputFile}`, `--globals=${globals}`, '--passWithNoTests', ...args]),
      onStart,
    );
    clearInterval(watch.timer);
    let counted;
    try {
      counted = JSON.parse(readFileSync(outputFile, 'utf8'));
    } catch {
      tally.failed += 1;
      return;
    }
    tally.passed += counted.numPassedTests;
    tally.skipped += counted.numPendingTests + counted.numTodoTests;
    const failed = counted.numFailedTests + counted.numRuntimeErrorTestSuites;
    tally.failed += failed === 0 && code !== 0 && code !== KILLED ? 1 : failed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Jest waits for ever for a server or a timer that a test did not close. That is a fault of the test, and must not hang whoever waits for the result. */
function killWhenStuck(outputFile, kill) {
  let countedAt = Infinity;
  const timer = setInterval(() => {
    if (countedAt === Infinity && existsSync(outputFile)) countedAt = performance.now();
    if (performance.now() - countedAt < JEST_ENDS_WITHIN_MS) return;
    clearInterval(timer);
    console.error(
      'A test left something open (a server, a connection, a timer): jest does not end by itself and is ended. --detectOpenHandles tells what it is.',
    );
    tally.failed += 1;
    kill();
  }, 500);
  return timer;
}

async function main(args) {
  const wants = (name) => args.length === 0 || args.includes(name);
  const unknown = args.filter((arg) => !['--checks', '--quick', '--browser'].includes(arg));
  if (unknown.length > 0) {
    console.error(`Unknown: ${unknown.join(' ')}. Usage: node scripts/test.js [--checks] [--quick] [--browser]`);
    return 2;
  }
  await ensurePackages(root);
  const workers = `--maxWorkers=${Math.min(MOST_WORKERS, availableParallelism())}`;
  if (wants('--checks')) for (const one of CHECKS) await check(one);
  if (wants('--quick')) await jest('quick tests', [workers, '--testPathPatterns', ...QUICK_TESTS]);
  // Among the other tests where everything is run.
  if (args.includes('--browser')) await jest('browser tests', ['--maxWorkers=1', '--testPathPatterns', ...BROWSER_TESTS]);
  if (args.length === 0) {
    // Not a test of its own: a test that needs what this cannot get fails or is skipped with the reason.
    await step('servers for the tests', [join(root, 'test', 'support', 'prepare.ts')]);
    const elsewhere = [...QUICK_TESTS, ...ALONE_TESTS].map((path) => `<rootDir>/${path}`);
    await jest('tests', [workers, ...SHARED_SERVER, '--testPathIgnorePatterns', '/node_modules/', ...elsewhere]);
    await jest('tests of speed', ['--maxWorkers=1', '--testPathPatterns', ...ALONE_TESTS]);
  }
  if (process.env.CI && tally.skipped > 0) {
    console.error(`\nOn CI nothing may be skipped, and ${tally.skipped} tests were.`);
    tally.failed += 1;
  }
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
  console.log(`\ntests: ${tally.passed} passed, ${tally.failed} failed${skipped}`);
  return tally.failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof Interrupted) process.exitCode = error.code;
  else {
    console.error(error instanceof InstallFailure ? error.message : error);
    console.log('\ntests: 0 passed, 1 failed');
    process.exitCode = 1;
  }
}
