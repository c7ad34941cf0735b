const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 15 * 60_000;

/**
 * How long to wait after the attempt number `attempts` (1 is the first): 5 s, doubled each time, at most 15 minutes. Of that, between half and all by `jitter` (0 to 1),
 * so that what failed together is not tried again together.
 */
export function retryPauseMs(attempts: number, jitter: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(30, Math.max(0, attempts - 1)));
  return Math.round(longest / 2 + (longest / 2) * Math.min(1, Math.max(0, jitter)));
}
