/**
 * Transactions that stay open: a write is stamped when it begins and can be read when it commits, so that later stamps are seen before it.
 * Source: Salesforce Help, article 000199029 (`latestDateCovered`); Object Reference, "System Fields".
 */

export interface OpenTransactions {
  /** From now on writes of the user, or of everybody for null, stay open until they are released. */
  readonly hold: (userId: string | null) => void;
  /** Lets all that are open commit, in the order in which they began, and holds no more. */
  readonly release: () => void;
  /** When the write of this user began: at once where nothing holds it, and otherwise when it may commit. */
  readonly begin: (userId: string) => Promise<number>;
  /** When the oldest open transaction began, epoch milliseconds; null where none is open. */
  readonly oldestMs: () => number | null;
  readonly count: () => number;
}

interface Open {
  readonly beganMs: number;
  readonly commit: () => void;
}

export function createOpenTransactions(now: () => number): OpenTransactions {
  let held: { readonly userId: string | null } | null = null;
  let open: readonly Open[] = [];
  return {
    hold: (userId) => {
      held = { userId };
    },
    release: () => {
      held = null;
      for (const each of open) each.commit();
      open = [];
    },
    begin: async (userId) => {
      const beganMs = now();
      if (held === null || (held.userId !== null && held.userId !== userId)) return beganMs;
      const { promise, resolve } = Promise.withResolvers<void>();
      open = [...open, { beganMs, commit: resolve }];
      await promise;
      return beganMs;
    },
    oldestMs: () => open[0]?.beganMs ?? null,
    count: () => open.length,
  };
}
