/**
 * The trigrams of a name as PostgreSQL's pg_trgm forms them: lower case, words of letters and digits,
 * two blanks before and one behind each word.
 */
export function trigrams(name: string): ReadonlySet<string> {
  const grams = new Set<string>();
  const plain = name
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase();
  for (const [word] of plain.matchAll(/[\p{L}\p{N}]+/gu)) {
    const padded = `  ${word} `;
    for (let start = 0; start + 3 <= padded.length; start += 1) grams.add(padded.slice(start, start + 3));
  }
  return grams;
}

/** Shared trigrams over all trigrams of both, from 0 to 1; two names without any are not alike. */
export function trigramSimilarity(ours: ReadonlySet<string>, theirs: ReadonlySet<string>): number {
  let shared = 0;
  for (const gram of ours) if (theirs.has(gram)) shared += 1;
  const all = ours.size + theirs.size - shared;
  return all === 0 ? 0 : shared / all;
}
