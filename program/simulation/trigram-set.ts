/** Shared trigrams over all trigrams, 0 to 1; 0 where neither name has any. */
export function similarity(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const [few, many] = one.size <= other.size ? [one, other] : [other, one];
  let shared = 0;
  for (const trigram of few) if (many.has(trigram)) shared += 1;
  const all = one.size + other.size - shared;
  return all === 0 ? 0 : shared / all;
}

/**
 * How many trigrams of a name, the rarest first, have to be looked up so that no name of at least `least` similarity is missed: two sets that share that much
 * cannot differ in all of them.
 */
export function prefixLength(count: number, least: number): number {
  return Math.max(0, count - Math.ceil(least * count - 1e-9) + 1);
}

/** Whether sets of these sizes can be so alike at all: what the larger has beyond the smaller is never shared. */
export function mayReach(least: number, one: number, other: number): boolean {
  return Math.min(one, other) >= least * Math.max(one, other) - 1e-9;
}
