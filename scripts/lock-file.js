import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How often a waiting process looks whether the lock is free, in milliseconds. */
const RETRY_MS = 200;

/**
 * Waits until this process holds the lock file at `path`, and answers how to give it back.
 *
 * The file holds the process id of its holder. A lock whose holder is dead is taken over. The lock is made by linking a finished file into place, so that
 * nobody ever reads one that is half written.
 *
 * @param {string} path
 * @param {(holder: number) => void} [onWait] called once, with the process id that is waited for
 * @returns {Promise<() => void>} releases the lock
 */
export async function holdLock(path, onWait) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${process.pid}\n`, { mode: 0o600 });
  let told = false;
  try {
    for (;;) {
      if (linkIfFree(draft, path)) return () => rmSync(path, { force: true });
      const holder = holderOf(path);
      if (holder !== null && !isAlive(holder)) {
        dropStaleLock(path, holder);
        continue;
      }
      if (holder !== null && !told) {
        told = true;
        onWait?.(holder);
      }
      await delay(RETRY_MS);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** @param {string} draft @param {string} path */
function linkIfFree(draft, path) {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} path */
function holderOf(path) {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Two waiting processes may both see the same dead holder: the file is moved away first, and put back where it turns out to be the other's new lock.
 *
 * @param {string} path @param {number} deadHolder
 */
function dropStaleLock(path, deadHolder) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (holderOf(aside) !== deadHolder) linkIfFree(aside, path);
  rmSync(aside, { force: true });
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error.code === 'EPERM';
  }
}
