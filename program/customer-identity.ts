import type { CustomerDetails, CustomerMatch } from './claim.ts';
import { customerDomains, normalizeCompanyNumber, normalizeCountry, normalizePostalCode, type RegistrableDomain } from './customer-key.ts';
import { customerNameForms, wordsWithDigits } from './customer-name.ts';
import { dunsNumber } from './duns-number.ts';
import { matchOf, WEIGHTS, type Signal } from './match-score.ts';
import { hasLookalikes } from './script.ts';

/** Similarities from 0 to 1 (trigrams of the normalised names) from which on a band applies. */
export interface MatchThresholds {
  /** Same label under another suffix (`contoso.de`, `contoso.fr`): how alike the names have to be at least. */
  readonly twinSimilarity: number;
  /** The shortest label that twins may share; shorter ones meet by chance. */
  readonly twinLabelLength: number;
  /** A domain is missing on a side: how alike the names have to be for a human to look. */
  readonly probableSimilarity: number;
  readonly weakSimilarity: number;
}

export const MATCH_THRESHOLDS: MatchThresholds = { twinSimilarity: 0.5, twinLabelLength: 4, probableSimilarity: 0.85, weakSimilarity: 0.6 };

/**
 * Whether two records name the same customer, and how sure that is. Symmetric in `a` and `b`.
 *
 * exact: same registrable domain; or same company number in the same country; or same DUNS number; or same normalised name, country and postal code where neither
 * domains nor company numbers contradict. probable: same name and country otherwise, or same name where a country is missing and domains do not contradict; or twins
 * under two suffixes; or very similar names where a domain is missing. weak: similar names.
 * Two different domains with merely similar names are never probable. Company numbers of one country that differ rule out whatever names alone suggest; where a
 * domain says that it is the same customer they are shown as a contradiction. That companies belong to one group never makes them one customer.
 *
 * `nameSimilarity` is the caller's (`nameSimilarity` of the normalised names); for names that share a form it counts as 1.
 */
export function matchCustomers(
  a: CustomerDetails,
  b: CustomerDetails,
  nameSimilarity: number,
  freeMailDomains: ReadonlySet<string>,
  thresholds: MatchThresholds = MATCH_THRESHOLDS,
): CustomerMatch | null {
  return matchIdentities(identify(a, freeMailDomains), identify(b, freeMailDomains), nameSimilarity, thresholds);
}

/** The same for records that are compared with many others: each is normalised only once. */
export function matchIdentities(a: Identity, b: Identity, nameSimilarity: number, thresholds: MatchThresholds): CustomerMatch | null {
  const pair = comparePair(a, b, nameSimilarity);
  const exact = exactSignals(pair);
  if (exact.length > 0) return matchOf('exact', [...exact, ...contradictions(pair), ...lookalikes(pair)]);
  const probable = probableSignals(pair, thresholds);
  if (probable.length > 0) return matchOf('probable', [...probable, ...lookalikes(pair)]);
  if (pair.similarity < thresholds.weakSimilarity) return null;
  return matchOf('weak', [alike('similar names', WEIGHTS.similarName, pair.similarity), ...lookalikes(pair)]);
}

/** Whether two records have keys of one kind and share none: two domains, or two company numbers of one country. */
export function doKeysContradict(a: CustomerDetails, b: CustomerDetails, freeMailDomains: ReadonlySet<string>): boolean {
  const { domains, companyNumbers } = comparePair(identify(a, freeMailDomains), identify(b, freeMailDomains), 0);
  return companyNumbers === 'differ' || (companyNumbers === 'unknown' && domains === 'differ');
}

/** A customer's record, normalised. */
export interface Identity {
  readonly domains: readonly RegistrableDomain[];
  readonly country: string | null;
  readonly companyNumber: string | null;
  readonly duns: string | null;
  readonly postalCode: string | null;
  /** The normalised name first, then its other forms; empty where the name says nothing. */
  readonly names: readonly string[];
  readonly hasLookalikes: boolean;
}

export function identify(details: CustomerDetails, freeMailDomains: ReadonlySet<string>, names?: readonly string[]): Identity {
  const country = normalizeCountry(details.country);
  return {
    domains: customerDomains(details.domain, freeMailDomains),
    country,
    companyNumber: country === null ? null : normalizeCompanyNumber(details.companyNumber, country),
    duns: dunsNumber(details.companyNumber),
    postalCode: country === null ? null : normalizePostalCode(details.postalCode, country),
    names: names ?? customerNameForms(details.name),
    hasLookalikes: hasLookalikes(details.name),
  };
}

interface Pair {
  readonly a: Identity;
  readonly b: Identity;
  readonly sameCountry: boolean;
  /** A form that both names have; the first in order where there are several. */
  readonly sharedName: string | null;
  readonly sharedDomain: string | null;
  readonly domains: 'same' | 'differ' | 'missing';
  readonly companyNumbers: 'same' | 'differ' | 'unknown';
  readonly similarity: number;
}

function comparePair(a: Identity, b: Identity, nameSimilarity: number): Pair {
  const sameCountry = a.country !== null && a.country === b.country;
  const sharedName = firstShared(a.names, b.names);
  const sharedDomain = firstShared(
    a.domains.map(({ name }) => name),
    b.domains.map(({ name }) => name),
  );
  return {
    a,
    b,
    sameCountry,
    sharedName,
    sharedDomain,
    domains: a.domains.length === 0 || b.domains.length === 0 ? 'missing' : sharedDomain === null ? 'differ' : 'same',
    // Numbers of two countries come from two registers and say nothing about each other.
    companyNumbers:
      !sameCountry || a.companyNumber === null || b.companyNumber === null
        ? 'unknown'
        : a.companyNumber === b.companyNumber
          ? 'same'
          : 'differ',
    similarity: sharedName === null ? nameSimilarity : 1,
  };
}

function exactSignals(pair: Pair): readonly Signal[] {
  const { a, b, sharedName } = pair;
  const signals: Signal[] = [];
  if (pair.sharedDomain !== null) signals.push({ says: `same registrable domain ${pair.sharedDomain}`, weight: WEIGHTS.domain });
  if (pair.companyNumbers === 'same')
    signals.push({ says: `same company number ${a.country}:${a.companyNumber}`, weight: WEIGHTS.companyNumber });
  if (a.duns !== null && a.duns === b.duns) signals.push({ says: `same DUNS number ${a.duns}`, weight: WEIGHTS.companyNumber });
  const samePlace = pair.sameCountry && a.postalCode !== null && a.postalCode === b.postalCode;
  if (sharedName !== null && samePlace && pair.domains !== 'differ' && pair.companyNumbers !== 'differ') {
    signals.push({ says: `same name "${sharedName}", country ${a.country} and postal code ${a.postalCode}`, weight: WEIGHTS.placedName });
  }
  return signals;
}

/** What speaks against the same customer although a key says so: people see it, and it lowers the score. */
function contradictions({ a, b, domains, companyNumbers }: Pair): readonly Signal[] {
  const signals: Signal[] = [];
  if (companyNumbers === 'differ') {
    const says = `but different company numbers ${inOrder(a.companyNumber ?? '', b.companyNumber ?? '')}`;
    signals.push({ says, weight: -WEIGHTS.contradiction });
  }
  if (domains === 'differ') signals.push({ says: `but different domains ${domainsOf(a, b)}`, weight: -WEIGHTS.contradiction });
  return signals;
}

/** Letters that only look Latin are rarely typed by accident, so whoever decides is told; they say nothing of how alike the records are. */
function lookalikes({ a, b }: Pair): readonly Signal[] {
  if (!a.hasLookalikes && !b.hasLookalikes) return [];
  return [{ says: 'letters of another script stand in for Latin ones in a name', weight: 0 }];
}

function probableSignals(pair: Pair, thresholds: MatchThresholds): readonly Signal[] {
  const { a, b, sharedName } = pair;
  const signals: Signal[] = [];
  const namesCount = pair.sameCountry && pair.companyNumbers !== 'differ';
  const aboutDomains = pair.domains === 'differ' ? `different domains ${domainsOf(a, b)}` : 'a domain is missing';
  if (namesCount && sharedName !== null) {
    const weight = pair.domains === 'differ' ? WEIGHTS.nameUnderOtherDomain : WEIGHTS.nameAndCountry;
    signals.push({ says: `same name "${sharedName}" and country ${a.country}; ${aboutDomains}`, weight });
  }
  const countryMissing = a.country === null || b.country === null;
  if (countryMissing && sharedName !== null && pair.domains === 'missing') {
    signals.push({ says: `same name "${sharedName}"; a country is missing; ${aboutDomains}`, weight: WEIGHTS.nameAlone });
  }
  const twins = twinsOf(a, b, thresholds);
  if (twins !== null && pair.similarity >= thresholds.twinSimilarity) {
    signals.push({ says: `same label under two suffixes: ${twins}`, weight: WEIGHTS.twin });
    signals.push(alike('similar names', WEIGHTS.similarName, pair.similarity));
  }
  const nearlySameName = sharedName === null && pair.similarity >= thresholds.probableSimilarity && sameNumbersInName(a, b);
  if (namesCount && pair.domains === 'missing' && nearlySameName) {
    const { says, weight } = alike('very similar names', WEIGHTS.similarName, pair.similarity);
    signals.push({ says: `${says} in ${a.country}; a domain is missing`, weight });
  }
  return signals;
}

function twinsOf(a: Identity, b: Identity, { twinLabelLength }: MatchThresholds): string | null {
  const pairs = a.domains.flatMap((ours) => b.domains.filter(({ label }) => label === ours.label).map((theirs) => [ours, theirs] as const));
  const twins = pairs.filter(([ours, theirs]) => ours.name !== theirs.name && ours.label.length >= twinLabelLength);
  return twins.map(([ours, theirs]) => inOrder(ours.name, theirs.name)).sort()[0] ?? null;
}

function sameNumbersInName(a: Identity, b: Identity): boolean {
  return wordsWithDigits(a.names[0] ?? '').join(' ') === wordsWithDigits(b.names[0] ?? '').join(' ');
}

function alike(says: string, most: number, similarity: number): Signal {
  return { says: `${says} (${Math.round(similarity * 100)} %)`, weight: most * similarity };
}

function firstShared(ours: readonly string[], theirs: readonly string[]): string | null {
  return ours.filter((one) => theirs.includes(one)).sort()[0] ?? null;
}

function domainsOf(a: Identity, b: Identity): string {
  return [...a.domains, ...b.domains]
    .map(({ name }) => name)
    .sort()
    .join(', ');
}

function inOrder(left: string, right: string): string {
  return [left, right].sort().join(', ');
}
