/** Counts the API calls a sandbox has received, by route, so that checks can hold a client to a number of calls. */

export interface CallCounts {
  readonly total: number;
  /** Keyed `METHOD /route`, with `{id}` where a path names a record. */
  readonly byRoute: Readonly<Record<string, number>>;
}

export interface CallLog {
  readonly record: (method: string, route: string) => void;
  readonly counts: () => CallCounts;
  readonly clear: () => void;
}

export function createCallLog(): CallLog {
  const byRoute = new Map<string, number>();
  return {
    record: (method, route) => {
      const key = `${method} ${route}`;
      byRoute.set(key, (byRoute.get(key) ?? 0) + 1);
    },
    counts: () => {
      const entries = [...byRoute].sort(([a], [b]) => a.localeCompare(b));
      return { total: entries.reduce((sum, [, count]) => sum + count, 0), byRoute: Object.fromEntries(entries) };
    },
    clear: () => byRoute.clear(),
  };
}
