/** How often a line is repeated where the output is not a terminal, in milliseconds. */
const PLAIN_REPEAT_MS = 15_000;

/** Prints a line of its own, above what is being repainted. */
export type Say = (line: string) => void;

/**
 * Several pieces of work that run at once, shown as one line: nothing for the first second, then on a terminal what is under way with the time that has
 * passed, repainted every second; elsewhere a plain line at once and every 15 s.
 */
export interface Progress {
  /** Prints a line that stays. */
  readonly say: Say;
  /** Shows `label` as under way until `work` has ended, and answers what it answers. */
  readonly during: <Result>(label: string, work: () => Promise<Result>) => Promise<Result>;
  /** Stops repainting; a later line is printed as it is. */
  readonly close: () => void;
}

/** Shows progress on `output`, which is standard error of a process or a stand-in. */
export function openProgress(output: { readonly isTTY?: boolean; write(text: string): unknown }): Progress {
  const underWay = new Map<symbol, { readonly label: string; readonly startedAt: number; plainAt: number }>();
  let painted = false;
  const clear = () => {
    if (painted) output.write('\r\u001b[K');
    painted = false;
  };
  const tick = () => {
    const now = performance.now();
    const slow = [...underWay.values()].filter((work) => now - work.startedAt >= 1000);
    if (output.isTTY === true) {
      clear();
      if (slow.length === 0) return;
      output.write(slow.map((work) => `${work.label} … ${formatDuration(now - work.startedAt)}`).join(' · '));
      painted = true;
      return;
    }
    for (const work of slow) {
      if (now - work.plainAt < PLAIN_REPEAT_MS) continue;
      work.plainAt = now;
      output.write(`${work.label} … ${formatDuration(now - work.startedAt)}\n`);
    }
  };
  const timer = setInterval(tick, 1000);
  timer.unref();
  return {
    say(line) {
      clear();
      output.write(`${line}\n`);
    },
    async during(label, work) {
      const key = Symbol(label);
      underWay.set(key, { label, startedAt: performance.now(), plainAt: -Infinity });
      try {
        return await work();
      } finally {
        underWay.delete(key);
        clear();
      }
    },
    close() {
      clearInterval(timer);
      clear();
    },
  };
}

/** A duration as people read it: `0.4 s`, `12 s`, `3 min 05 s`. */
export function formatDuration(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
