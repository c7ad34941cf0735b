/** How often a line is repeated where the output is not a terminal, in milliseconds. */
const PLAIN_REPEAT_MS = 15_000;

/**
 * Runs `work` and says on standard error that it is under way once it has taken longer than a second.
 *
 * On a terminal one line is repainted every second with the time that has passed; elsewhere a plain line is printed at the first second and every 15 s,
 * so that a log shows that the machine is busy and not stuck. `work` receives `say`, which prints a line of its own in between.
 *
 * @template T
 * @param {string} label what is being done, as people say it: `installing packages`
 * @param {(say: (line: string) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function showProgress(label, work) {
  const terminal = process.stderr.isTTY === true;
  const startedAt = performance.now();
  let lastPlainAt = -Infinity;
  let painted = false;
  const clear = () => {
    if (painted) process.stderr.write('\r\u001b[K');
    painted = false;
  };
  const paint = () => {
    const elapsedMs = performance.now() - startedAt;
    const line = `${label} … ${formatDuration(elapsedMs)}`;
    if (terminal) {
      process.stderr.write(`\r\u001b[K${line}`);
      painted = true;
    } else if (elapsedMs - lastPlainAt >= PLAIN_REPEAT_MS) {
      lastPlainAt = elapsedMs;
      process.stderr.write(`${line}\n`);
    }
  };
  const timer = setInterval(paint, 1000);
  timer.unref();
  try {
    return await work((line) => {
      clear();
      process.stderr.write(`${line}\n`);
    });
  } finally {
    clearInterval(timer);
    clear();
  }
}

/**
 * A duration as people read it: `0.4 s`, `12 s`, `3 min 05 s`.
 *
 * @param {number} durationMs
 */
export function formatDuration(durationMs) {
  const seconds = durationMs / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
