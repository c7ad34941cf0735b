/** The org's daily allowance of API calls, over the last 24 hours of the sandbox's time. Source: Help, "API Request Limits and Allocations". */

const HOUR_MS = 60 * 60 * 1000;
const WINDOW_HOURS = 24;

/** What an Enterprise org with 400 licences has: enough for a sandbox that is polled every few seconds all day. */
export const DEFAULT_DAILY_CALLS = 500_000;

export interface Usage {
  readonly used: () => number;
  readonly limit: () => number;
  /** Counts one call; false when the allowance is used up, and then nothing is counted. */
  readonly take: () => boolean;
  /** Back to the default allowance with nothing used. */
  readonly clear: () => void;
  /** For tests: sets the allowance, and what of it is used. */
  readonly set: (limit: number, used: number) => void;
}

/** Counts by the hour, so that memory does not grow with the calls. */
export function createUsage(now: () => number): Usage {
  let allowance = DEFAULT_DAILY_CALLS;
  const byHour = new Map<number, number>();
  const used = () => {
    const oldest = Math.floor(now() / HOUR_MS) - WINDOW_HOURS;
    for (const hour of byHour.keys()) if (hour <= oldest) byHour.delete(hour);
    return [...byHour.values()].reduce((sum, count) => sum + count, 0);
  };
  const count = (calls: number) => {
    const hour = Math.floor(now() / HOUR_MS);
    byHour.set(hour, (byHour.get(hour) ?? 0) + calls);
  };
  return {
    used,
    limit: () => allowance,
    take: () => {
      if (used() >= allowance) return false;
      count(1);
      return true;
    },
    clear: () => {
      allowance = DEFAULT_DAILY_CALLS;
      byHour.clear();
    },
    set: (limit, calls) => {
      allowance = limit;
      byHour.clear();
      count(calls);
    },
  };
}
