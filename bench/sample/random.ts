/** A seeded source of choices. The same seed and the same calls give the same answers on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Picks by weight; weights need not add up to one. */
  pickWeighted<T>(items: readonly (readonly [T, number])[]): T;
  shuffle<T>(items: readonly T[]): T[];
  /** A draw from the standard normal distribution (Box–Muller). */
  normal(): number;
}

/**
 * Opens the stream named `topic` of the sample with this seed.
 * Each topic has a stream of its own, so that a new draw in one does not change what another produces.
 */
export function openRandom(seed: number, topic: string): Random {
  let state = hashTopic(seed, topic);
  // mulberry32: 32 bits of state, passes the usual small batteries, and needs no library.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(items: readonly T[]): T => {
    const item = items[integer(0, items.length - 1)];
    if (item === undefined) throw new RangeError(`${topic}: nothing to pick from`);
    return item;
  };
  return {
    next,
    integer,
    pick,
    chance: (probability) => next() < probability,
    pickWeighted: (items) => {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return pick(items)[0];
    },
    shuffle: (items) => {
      const shuffled = [...items];
      for (let last = shuffled.length - 1; last > 0; last -= 1) {
        const other = integer(0, last);
        [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
      }
      return shuffled;
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** FNV-1a over the topic, started from the seed. */
function hashTopic(seed: number, topic: string): number {
  let hash = (0x811c9dc5 ^ seed) | 0;
  for (const character of topic) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash;
}
