import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 100;

/**
 * Asks `look` again and again until it gives a value other than `null`, `undefined` or `false`, and returns that. What `look` throws counts as "not yet",
 * since servers are away now and then.
 *
 * @throws Error naming `what` and what was seen last, when nothing came within `timeoutMs`.
 */
export async function until<Value>(
  what: string,
  look: () => Promise<Value | null | undefined | false>,
  timeoutMs = 60_000,
): Promise<Value> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await look();
      if (value !== null && value !== undefined && value !== false) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      const seen = last instanceof Error ? last.message : JSON.stringify(last);
      throw new Error(`waited ${timeoutMs / 1000} s in vain: ${what}; seen last: ${seen}`, { cause: last });
    }
    await delay(PAUSE_MS);
  }
}

/** Calls `work` for each item, at most `width` at the same time, and returns the answers in the order of the items. */
export async function inParallel<Item, Answer>(
  items: readonly Item[],
  width: number,
  work: (item: Item, index: number) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) answers[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: width }, lane));
  return answers;
}
