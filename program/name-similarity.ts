/**
 * How alike two normalised names are, and how to find the alike among many.
 *
 * Both are computed here and not by the database, whose notion of a letter depends on its locale: under `C` it finds none in a name of another script.
 */

/**
 * The trigrams of a normalised name: of each word, with two blanks before and one behind it, as PostgreSQL's pg_trgm forms them.
 * https://www.postgresql.org/docs/current/pgtrgm.html
 */
export function trigramsOf(normalizedName: string): ReadonlySet<string> {
  const grams = new Set<string>();
  if (normalizedName === '') return grams;
  for (const word of normalizedName.split(' ')) {
    const letters = [' ', ' ', ...word, ' '];
    for (let at = 0; at + 3 <= letters.length; at += 1) grams.add(`${letters[at]}${letters[at + 1]}${letters[at + 2]}`);
  }
  return grams;
}

/** Shared trigrams over all trigrams of both names, 0 to 1. Symmetric; two names without any letter are not alike. */
export function nameSimilarity(left: string, right: string): number {
  return trigramSimilarity(trigramsOf(left), trigramsOf(right));
}

/** The same of trigrams, for a name that is compared with many. */
export function trigramSimilarity(ours: ReadonlySet<string>, theirs: ReadonlySet<string>): number {
  let shared = 0;
  for (const gram of ours) if (theirs.has(gram)) shared += 1;
  const all = ours.size + theirs.size - shared;
  return all === 0 ? 0 : shared / all;
}

/**
 * MinHash with bands (Broder 1997; Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, chapter 3): names whose similarity is s share at least one band with
 * probability 1 − (1 − s⁶)²⁰. That misses one pair in 13,000 at 0.85, two in five at 0.6, and leaves out nearly all below 0.3:
 * an index on bands is asked for a few entries, where one on trigrams reads long lists for every common syllable.
 */
const BANDS = 20;
const ROWS = 6;

/** What an index of names holds for each of them: `BANDS` whole numbers of 32 bits, or none for an empty name. Part of what is stored: a change needs a migration. */
export function nameBands(normalizedName: string): readonly number[] {
  const grams = [...trigramsOf(normalizedName)].map(hashOf);
  if (grams.length === 0) return [];
  return Array.from({ length: BANDS }, (_unused, band) => {
    let combined = mix(band + 1);
    for (let row = 0; row < ROWS; row += 1) combined = mix(combined ^ leastUnder(mix(0x9e3779b9 * (band * ROWS + row + 1)), grams));
    return combined | 0;
  });
}

/** The least value of the set under one of the hash functions. */
function leastUnder(seed: number, grams: readonly number[]): number {
  let least = 0xffffffff;
  for (const gram of grams) {
    const value = mix(gram ^ seed);
    if (value < least) least = value;
  }
  return least;
}

/** FNV-1a over the code units. */
function hashOf(gram: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < gram.length; at += 1) hash = Math.imul(hash ^ gram.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** The finaliser of MurmurHash3: every bit of the input changes half of the output. */
function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
