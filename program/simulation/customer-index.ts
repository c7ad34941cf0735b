import type { CustomerDetails, CustomerMatch } from '../claim.ts';
import { identify, matchIdentities, type Identity, type MatchThresholds } from '../customer-identity.ts';
import { trigramsOf } from '../name-similarity.ts';
import { mayReach, prefixLength, similarity } from './trigram-set.ts';

export interface IndexedCustomer {
  readonly id: string;
  readonly details: CustomerDetails;
}

export interface CustomerPair {
  readonly one: string;
  readonly other: string;
  readonly match: CustomerMatch;
}

/**
 * Every pair of records that certainly or probably are one customer, each once, `one` being the earlier in the list.
 *
 * Candidates are found by whatever may make a match: an equal domain, label under another suffix, company number, DUNS number or form of the name; or names in one
 * country that are alike enough, where a domain is missing on a side. Weak matches are left out: they decide nothing.
 */
export function findPairs(
  customers: readonly IndexedCustomer[],
  freeMailDomains: ReadonlySet<string>,
  thresholds: MatchThresholds,
): readonly CustomerPair[] {
  const entries = customers.map(({ id, details }) => entryOf(id, details, freeMailDomains));
  const frequency = countTrigrams(entries);
  const least = thresholds.probableSimilarity;
  const byKey = new Map<string, number[]>();
  const byTrigram = new Map<string, number[]>();
  const withoutDomain = new Map<string, number[]>();
  /** By entry: the last one that it was compared with by trigrams, so that no pair is compared twice. */
  const lookedAt = new Int32Array(entries.length).fill(-1);
  const entryAt = (at: number): Entry => entries[at] as Entry;
  const pairs: CustomerPair[] = [];
  entries.forEach((entry, at) => {
    const rare = rarest(entry, frequency, least);
    const hasDomain = entry.identity.domains.length > 0;
    const candidates = new Map<number, number>();
    lookUp(byKey, entry.keys, (earlier) => candidates.set(earlier, similarity(entryAt(earlier).trigrams, entry.trigrams)));
    lookUp(hasDomain ? withoutDomain : byTrigram, rare, (earlier) => {
      if (lookedAt[earlier] === at) return;
      lookedAt[earlier] = at;
      const { trigrams } = entryAt(earlier);
      if (!mayReach(least, trigrams.size, entry.trigrams.size)) return;
      const alike = similarity(trigrams, entry.trigrams);
      if (alike >= least) candidates.set(earlier, alike);
    });
    for (const [earlier, alike] of [...candidates].sort(([left], [right]) => left - right)) {
      const other = entryAt(earlier);
      const match = other.id === entry.id ? null : matchIdentities(other.identity, entry.identity, alike, thresholds);
      if (match !== null && match.band !== 'weak') pairs.push({ one: other.id, other: entry.id, match });
    }
    post(byKey, entry.keys, at);
    post(byTrigram, rare, at);
    if (!hasDomain) post(withoutDomain, rare, at);
  });
  return pairs;
}

interface Entry {
  readonly id: string;
  readonly identity: Identity;
  readonly keys: readonly string[];
  readonly trigrams: ReadonlySet<string>;
}

function entryOf(id: string, details: CustomerDetails, freeMailDomains: ReadonlySet<string>): Entry {
  const identity = identify(details, freeMailDomains);
  const { domains, country, companyNumber, duns, names } = identity;
  const keys = [
    ...domains.flatMap(({ name, label }) => [`domain ${name}`, `label ${label}`]),
    ...(companyNumber === null ? [] : [`number ${country} ${companyNumber}`]),
    ...(duns === null ? [] : [`duns ${duns}`]),
    ...names.map((name) => `name ${name}`),
  ];
  return { id, identity, keys: [...new Set(keys)], trigrams: trigramsOf(names[0] ?? '') };
}

function lookUp(index: ReadonlyMap<string, readonly number[]>, places: readonly string[], take: (at: number) => void): void {
  for (const place of places) for (const at of index.get(place) ?? []) take(at);
}

function post(index: Map<string, number[]>, places: readonly string[], at: number): void {
  for (const place of places) {
    const posted = index.get(place);
    if (posted === undefined) index.set(place, [at]);
    else posted.push(at);
  }
}

function countTrigrams(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { trigrams } of entries) for (const trigram of trigrams) counts.set(trigram, (counts.get(trigram) ?? 0) + 1);
  return counts;
}

/** Where names that are at least `least` alike would lie: names of two countries are never probable for being alike. */
function rarest({ identity, trigrams }: Entry, frequency: ReadonlyMap<string, number>, least: number): readonly string[] {
  if (identity.country === null) return [];
  const byRarity = [...trigrams].sort(
    (left, right) => (frequency.get(left) ?? 0) - (frequency.get(right) ?? 0) || (left < right ? -1 : left > right ? 1 : 0),
  );
  return byRarity.slice(0, prefixLength(byRarity.length, least)).map((trigram) => `${identity.country} ${trigram}`);
}
