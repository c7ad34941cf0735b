import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess, isSameProcess, type ProcessIdentity } from './process-identity.ts';

export type LockAttempt =
  /** `staleHolder`: the lock of a process that no longer runs was taken over. */
  | { readonly kind: 'held'; readonly staleHolder: number | null; readonly release: () => void }
  | { readonly kind: 'busy'; readonly holder: number };

/**
 * Takes the lock file at `path` for this process, or says which process has it.
 *
 * The file holds the holder's id and start, so that a lock whose holder died, or whose id was given to another process since, is recognised and taken over.
 * It is linked into place as a finished file: nobody reads a half written one.
 */
export function tryLock(path: string): LockAttempt {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, JSON.stringify(identifyProcess(process.pid)), { mode: 0o600 });
  let staleHolder: number | null = null;
  try {
    for (;;) {
      if (linkIfFree(draft, path)) return { kind: 'held', staleHolder, release: () => rmSync(path, { force: true }) };
      const holder = readHolder(path);
      if (holder === 'gone') continue;
      if (holder !== 'unreadable' && isSameProcess(holder)) return { kind: 'busy', holder: holder.pid };
      if (holder !== 'unreadable') staleHolder = holder.pid;
      dropStaleLock(path, holder);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Waits until this process holds the lock at `path`. `onWait` is called once with the holder that is waited for. */
export async function waitForLock(path: string, onWait: (holder: number) => void): Promise<() => void> {
  let told = false;
  for (;;) {
    const attempt = tryLock(path);
    if (attempt.kind === 'held') return attempt.release;
    if (!told) onWait(attempt.holder);
    told = true;
    await delay(250);
  }
}

type Holder = ProcessIdentity | 'gone' | 'unreadable';

function readHolder(path: string): Holder {
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof read !== 'object' || read === null || !('pid' in read) || typeof read.pid !== 'number') return 'unreadable';
    return { pid: read.pid, stamp: 'stamp' in read && typeof read.stamp === 'string' ? read.stamp : null };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'unreadable';
  }
}

/** Two processes may see the same dead holder: the file is moved aside first, and put back where it turns out to be the other's new lock. */
function dropStaleLock(path: string, seen: Holder): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readHolder(aside);
  if (JSON.stringify(moved) !== JSON.stringify(seen)) linkIfFree(aside, path);
  rmSync(aside, { force: true });
}

function linkIfFree(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
