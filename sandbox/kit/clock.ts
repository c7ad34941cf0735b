/** The emulated CRM's own time, which tests move. Everything a sandbox stamps or compares comes from here. */

export interface SandboxClock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From now on the clock runs on from `epochMs`. */
  readonly set: (epochMs: number) => void;
  readonly advance: (byMs: number) => void;
  /** Back to the time beneath. */
  readonly reset: () => void;
  /** How far the clock is ahead of the time beneath; negative when behind. */
  readonly offsetMs: () => number;
}

/** A clock that is `initialOffsetMs` ahead of `base`. */
export function createClock(base: () => number, initialOffsetMs = 0): SandboxClock {
  let offset = initialOffsetMs;
  return {
    now: () => base() + offset,
    set: (epochMs) => {
      offset = epochMs - base();
    },
    advance: (byMs) => {
      offset += byMs;
    },
    reset: () => {
      offset = 0;
    },
    offsetMs: () => offset,
  };
}
