import { setTimeout as delay } from 'node:timers/promises';

/** Runs `work` on every item with `clients` at a time, each taking the next one when it is done; results in the order of the items. */
export async function withClients<Item, Result>(
  clients: number,
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const client = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: clients }, client));
  return results;
}

/** Begins `work` on every item, one each `everyMs`, without waiting for the one before: waits of the items do not add up. */
export async function atIntervals<Item, Result>(
  everyMs: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const started: Promise<Result>[] = [];
  for (const item of items) {
    started.push(work(item));
    await delay(everyMs);
  }
  return Promise.all(started);
}

/** Asks `question` every `everyMs` until it answers true; throws with `what` after `timeoutMs`. Returns the milliseconds it took. */
export async function until(what: string, question: () => Promise<boolean>, everyMs: number, timeoutMs: number): Promise<number> {
  const startedAt = performance.now();
  while (!(await question())) {
    if (performance.now() - startedAt > timeoutMs) throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
    await delay(everyMs);
  }
  return performance.now() - startedAt;
}

/** How many milliseconds `work` took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
