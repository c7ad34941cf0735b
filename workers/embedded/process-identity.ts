import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process as it can be recognised later: ids are given again, so the moment of its start belongs to it. `stamp` is null where the system does not tell. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly stamp: string | null;
}

/** The identity of the process `pid` as it runs now, or null when there is none. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  return isAlive(pid) ? { pid, stamp: startStamp(pid) } : null;
}

/** Whether exactly this process still runs, and not another one under its id. */
export function isSameProcess(identity: ProcessIdentity): boolean {
  if (!isAlive(identity.pid)) return false;
  const stamp = startStamp(identity.pid);
  return identity.stamp === null || stamp === null || stamp === identity.stamp;
}

/** Sends `signal`; false when the process had gone already. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Waits until the process has gone; false when it still runs after `timeoutMs`. For processes that are not our children, of which no event tells. */
export async function waitForProcessEnd(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isSameProcess(identity)) {
    if (performance.now() > deadline) return false;
    await delay(50);
  }
  return true;
}

/** A zombie counts as gone: it holds nothing any more. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return processStat(pid)?.state !== 'Z';
}

function startStamp(pid: number): string | null {
  const stat = processStat(pid);
  if (stat !== null) return stat.startTicks;
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || null
    );
  } catch {
    return null;
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: field 3 is the state, field 22 the start in ticks since boot; field 2 may hold blanks and brackets. */
function processStat(pid: number): { readonly state: string; readonly startTicks: string } | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    const [state, startTicks] = [fields[0], fields[19]];
    return state === undefined || startTicks === undefined ? null : { state, startTicks };
  } catch {
    return null;
  }
}
