import { parse } from 'tldts';
import type { CustomerDetails } from './claim.ts';
import { normalizeCustomerName } from './customer-name.ts';

/** One way in which a customer can be recognised. Two records with an equal key of kind `domain` or `company_number` are one customer. */
export interface CustomerKey {
  readonly kind: 'domain' | 'company_number' | 'name';
  /** Normalised; company numbers and names carry their country: `US:northwind traders`. */
  readonly value: string;
}

/**
 * The keys of a customer, at most one of each kind: what the store indexes, looks candidates up by and locks before a verdict.
 *
 * A domain of a free-mail provider says nothing about a customer and gives no key. A company number or a name without a country of two letters gives none either.
 */
export function customerKeys(details: CustomerDetails, freeMailDomains: ReadonlySet<string>): readonly CustomerKey[] {
  const keys: CustomerKey[] = [];
  const domain = customerDomain(details.domain, freeMailDomains);
  if (domain !== null) keys.push({ kind: 'domain', value: domain.name });
  const country = normalizeCountry(details.country);
  if (country === null) return keys;
  const number = normalizeCompanyNumber(details.companyNumber, country);
  if (number !== null) keys.push({ kind: 'company_number', value: `${country}:${number}` });
  const name = normalizeCustomerName(details.name);
  if (name !== '') keys.push({ kind: 'name', value: `${country}:${name}` });
  return keys;
}

export interface RegistrableDomain {
  /** In lower-case ASCII (punycode), such as `contoso.co.uk`. */
  readonly name: string;
  /** The part before the public suffix: `contoso`. */
  readonly label: string;
}

/** The registrable domain of a customer, or null where there is none or it belongs to a provider of free mail. */
export function customerDomain(text: string | null, freeMailDomains: ReadonlySet<string>): RegistrableDomain | null {
  const domain = text === null ? null : registrableDomain(text);
  return domain === null || freeMailDomains.has(domain.name) ? null : domain;
}

/**
 * The registrable domain by the public-suffix list, its private part included: `shop.github.io` is its own, not GitHub's.
 *
 * Takes a host name, a URL or an e-mail address, in any script. Null for addresses by number, single labels, bare suffixes and what is no host name.
 */
export function registrableDomain(text: string): RegistrableDomain | null {
  const host = hostOf(text.trim().normalize('NFKC'));
  if (host === null) return null;
  const { domain, domainWithoutSuffix, isIp } = parse(host, { allowPrivateDomains: true });
  if (isIp === true || domain === null || domainWithoutSuffix === null) return null;
  return { name: domain, label: domainWithoutSuffix };
}

function hostOf(text: string): string | null {
  const rest = text.replace(/^[a-z][a-z0-9+.-]*:(?:\/\/)?/iu, '').replace(/[/?#].*$/su, '');
  const host = rest.slice(rest.lastIndexOf('@') + 1).replace(/[>\s]+$/u, '');
  if (host === '' || host.length > 300) return null;
  try {
    // The URL parser turns names of other scripts into punycode and refuses what no resolver would take.
    return new URL(`http://${host}`).hostname.replace(/\.$/, '');
  } catch {
    return null;
  }
}

/** ISO 3166 alpha-2 in upper case, or null. */
export function normalizeCountry(country: string): string | null {
  const code = country.trim().toUpperCase();
  return /^[A-Z]{2}$/.test(code) ? code : null;
}

/**
 * A company, tax or DUNS number without what people vary: spaces, punctuation, case, the country before it, zeros in front of a bare number.
 * Null for fillers such as `n/a`, `0000` or anything under four characters.
 */
export function normalizeCompanyNumber(number: string | null, country: string): string | null {
  const plain = (number ?? '')
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
  // A tax number is written with or without its country: DE 123456789.
  const local = new RegExp(`^${country}\\d`).test(plain) ? plain.slice(country.length) : plain;
  if (local.length < 4 || local.length > 40 || !/[1-9]/.test(local)) return null;
  return /^\d+$/.test(local) ? local.replace(/^0+/, '') : local;
}

/** Postal codes are compared without spaces, hyphens and case; of an American one the first five digits count. */
export function normalizePostalCode(postalCode: string | null, country: string): string | null {
  const plain = (postalCode ?? '')
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
  if (plain === '') return null;
  return country === 'US' && /^\d{9}$/.test(plain) ? plain.slice(0, 5) : plain;
}
