import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A program that tests need, or why this machine can have none. */
export type FoundServer = { readonly kind: 'found'; readonly path: string } | { readonly kind: 'missing'; readonly reason: string };

export interface FoundServers {
  /** The `temporal` program with its development server. */
  readonly temporal: FoundServer;
  /** The server whose time can be skipped: `createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`. */
  readonly timeSkipping: FoundServer;
}

/**
 * What this machine has, found as the embedded run would find it. At once, because tests are declared at once; `npm test` has got it before, so that here it
 * is only looked up, in less than a second, and so is what it missed.
 */
export function findServers(): FoundServers {
  const args = ['--disable-warning=ExperimentalWarning', join(process.cwd(), 'test', 'support', 'prepare.ts'), '--json'];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error('the search for the servers of the tests failed; what it said is above');
  return JSON.parse(stdout) as FoundServers;
}

/** `describe` with a program that the machine may not have: without it, the tests are skipped with the reason in their name. */
export function describeWith(server: FoundServer, name: string, body: (path: string) => void): void {
  if (server.kind === 'found') describe(name, () => body(server.path));
  else describe.skip(`${name} (skipped: ${server.reason})`, () => body(''));
}
