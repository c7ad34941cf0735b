import { execFileSync } from 'node:child_process';

const SAMPLE_EVERY_MS = 100;

export interface MemoryWatch {
  /** In megabytes (10^6 bytes): when the watch began, at most, and now. */
  readonly stop: () => { readonly beforeMb: number; readonly peakMb: number; readonly afterMb: number };
}

/** Watches the resident memory of a process. */
export function watchMemory(pid: number): MemoryWatch {
  const beforeMb = residentMb(pid);
  let peakMb = beforeMb;
  const sampling = setInterval(() => {
    try {
      peakMb = Math.max(peakMb, residentMb(pid));
    } catch {
      // Whoever was watched has ended: why, whoever waits for it says.
      clearInterval(sampling);
    }
  }, SAMPLE_EVERY_MS);
  return {
    stop: () => {
      clearInterval(sampling);
      const afterMb = residentMb(pid);
      return { beforeMb, peakMb: Math.max(peakMb, afterMb), afterMb };
    },
  };
}

/** `ps` gives it in units of 1,024 bytes. */
function residentMb(pid: number): number {
  return (Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024) / 1_000_000;
}
