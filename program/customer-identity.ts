import type { CustomerDetails, CustomerMatch } from './claim.ts';
import { customerDomain, normalizeCompanyNumber, normalizeCountry, normalizePostalCode, type RegistrableDomain } from './customer-key.ts';
import { normalizeCustomerName, wordsWithDigits } from './customer-name.ts';

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

/** The similarity below which names alone make no band: what a search for candidates need not find. */
export function leastSimilarity({ twinSimilarity, probableSimilarity, weakSimilarity }: MatchThresholds): number {
  return Math.min(twinSimilarity, probableSimilarity, weakSimilarity);
}

/**
 * Whether two records name the same customer, and how sure that is. Symmetric in `a` and `b`.
 *
 * exact: same registrable domain; or same company number in the same country; or same normalised name, country and postal code where neither domains nor company
 * numbers contradict. probable: same name and country otherwise; or twins under two suffixes; or very similar names where a domain is missing. weak: similar names.
 * Two different domains with merely similar names are never probable. Company numbers of one country that differ rule out whatever names alone suggest.
 *
 * `nameSimilarity` is the caller's, since PostgreSQL measures it for candidates anyway; for equal normalised names it counts as 1.
 */
export function matchCustomers(
  a: CustomerDetails,
  b: CustomerDetails,
  nameSimilarity: number,
  freeMailDomains: ReadonlySet<string>,
  thresholds: MatchThresholds = MATCH_THRESHOLDS,
): CustomerMatch | null {
  const pair = comparePair(identify(a, freeMailDomains), identify(b, freeMailDomains), nameSimilarity);
  const exact = exactSignals(pair);
  if (exact.length > 0) return { band: 'exact', signals: exact };
  const probable = probableSignals(pair, thresholds);
  if (probable.length > 0) return { band: 'probable', signals: probable };
  return pair.similarity >= thresholds.weakSimilarity ? { band: 'weak', signals: [`similar names (${percent(pair.similarity)})`] } : null;
}

interface Identity {
  readonly domain: RegistrableDomain | null;
  readonly country: string | null;
  readonly companyNumber: string | null;
  readonly postalCode: string | null;
  readonly name: string;
}

function identify(details: CustomerDetails, freeMailDomains: ReadonlySet<string>): Identity {
  const country = normalizeCountry(details.country);
  return {
    domain: customerDomain(details.domain, freeMailDomains),
    country,
    companyNumber: country === null ? null : normalizeCompanyNumber(details.companyNumber, country),
    postalCode: country === null ? null : normalizePostalCode(details.postalCode, country),
    name: normalizeCustomerName(details.name),
  };
}

interface Pair {
  readonly a: Identity;
  readonly b: Identity;
  readonly sameCountry: boolean;
  readonly sameName: boolean;
  readonly domains: 'same' | 'differ' | 'missing';
  readonly companyNumbers: 'same' | 'differ' | 'unknown';
  readonly similarity: number;
}

function comparePair(a: Identity, b: Identity, nameSimilarity: number): Pair {
  const sameCountry = a.country !== null && a.country === b.country;
  const sameName = a.name !== '' && a.name === b.name;
  return {
    a,
    b,
    sameCountry,
    sameName,
    domains: a.domain === null || b.domain === null ? 'missing' : a.domain.name === b.domain.name ? 'same' : 'differ',
    // Numbers of two countries come from two registers and say nothing about each other.
    companyNumbers:
      !sameCountry || a.companyNumber === null || b.companyNumber === null
        ? 'unknown'
        : a.companyNumber === b.companyNumber
          ? 'same'
          : 'differ',
    similarity: sameName ? 1 : nameSimilarity,
  };
}

function exactSignals(pair: Pair): readonly string[] {
  const { a, b } = pair;
  const signals: string[] = [];
  if (pair.domains === 'same') signals.push(`same registrable domain ${a.domain?.name}`);
  if (pair.companyNumbers === 'same') signals.push(`same company number ${a.country}:${a.companyNumber}`);
  const samePlace = pair.sameCountry && a.postalCode !== null && a.postalCode === b.postalCode;
  if (pair.sameName && samePlace && pair.domains !== 'differ' && pair.companyNumbers !== 'differ') {
    signals.push(`same name "${a.name}", country ${a.country} and postal code ${a.postalCode}`);
  }
  return signals;
}

function probableSignals(pair: Pair, thresholds: MatchThresholds): readonly string[] {
  const { a, b } = pair;
  const signals: string[] = [];
  const namesCount = pair.sameCountry && pair.companyNumbers !== 'differ';
  const aboutDomains = pair.domains === 'differ' ? `different domains ${inOrder(a.domain?.name, b.domain?.name)}` : 'a domain is missing';
  if (namesCount && pair.sameName) signals.push(`same name "${a.name}" and country ${a.country}; ${aboutDomains}`);
  if (areTwins(a, b, thresholds) && pair.similarity >= thresholds.twinSimilarity) {
    signals.push(`same label under two suffixes: ${inOrder(a.domain?.name, b.domain?.name)}; similar names (${percent(pair.similarity)})`);
  }
  const nearlySameName = !pair.sameName && pair.similarity >= thresholds.probableSimilarity && sameNumbersInName(a, b);
  if (namesCount && pair.domains === 'missing' && nearlySameName) {
    signals.push(`very similar names (${percent(pair.similarity)}) in ${a.country}; a domain is missing`);
  }
  return signals;
}

function areTwins(a: Identity, b: Identity, thresholds: MatchThresholds): boolean {
  if (a.domain === null || b.domain === null || a.domain.name === b.domain.name) return false;
  return a.domain.label === b.domain.label && a.domain.label.length >= thresholds.twinLabelLength;
}

function sameNumbersInName(a: Identity, b: Identity): boolean {
  return wordsWithDigits(a.name).join(' ') === wordsWithDigits(b.name).join(' ');
}

function inOrder(left = '', right = ''): string {
  return [left, right].sort().join(', ');
}

function percent(similarity: number): string {
  return `${Math.round(similarity * 100)} %`;
}
