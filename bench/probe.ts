import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from './benchmark.ts';
import { timed } from './concurrency.ts';

/** How often a small call is made while something large goes on. */
const PROBE_EVERY_MS = 20;
const PROBES_WHEN_IDLE = 50;

/** A small call to a server, answered whole. */
export type SmallCall = () => Promise<unknown>;

/** How long small calls take when nothing else goes on: 95 of 100, in milliseconds. */
export async function usualWait(smallCall: SmallCall): Promise<number> {
  const waits: number[] = [];
  for (let probe = 0; probe < PROBES_WHEN_IDLE; probe += 1) waits.push(await timed(smallCall));
  return quantile(waits, 0.95);
}

/** Does `work` and makes small calls meanwhile: how long it took, and the longest of their waits. */
export async function whileProbing<Result>(
  smallCall: SmallCall,
  work: () => Promise<Result>,
): Promise<{ readonly ms: number; readonly result: Result; readonly longestWaitMs: number }> {
  const running = { value: true };
  const startedAt = performance.now();
  const working = work().finally(() => (running.value = false));
  let longestWaitMs = 0;
  while (running.value) {
    longestWaitMs = Math.max(longestWaitMs, await timed(smallCall));
    await delay(PROBE_EVERY_MS);
  }
  const result = await working;
  return { ms: performance.now() - startedAt, result, longestWaitMs };
}
