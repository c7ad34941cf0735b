import { parse } from 'tldts';
import type { CustomerDetails } from './claim.ts';
import { dunsNumber } from './duns-number.ts';
import { customerNameForms, customerSearchForms } from './customer-name.ts';

/** One way in which a customer can be recognised. Two records with an equal key of kind `domain`, `company_number` or `duns` are one customer. */
export interface CustomerKey {
  readonly kind: 'domain' | 'company_number' | 'duns' | 'name';
  /** Normalised; company numbers and names carry their country: `US:northwind traders`. */
  readonly value: string;
}

/**
 * The keys of a customer: what the store indexes, looks candidates up by and locks before a verdict. A customer may have several domains, and a name that is
 * written in several ways has a key for each.
 *
 * A domain of a free-mail provider says nothing about a customer and gives no key. A company number or a name without a country of two letters gives none either;
 * a DUNS number is the same in every country.
 */
export function customerKeys(details: CustomerDetails, freeMailDomains: ReadonlySet<string>): readonly CustomerKey[] {
  const keys: CustomerKey[] = customerDomains(details.domain, freeMailDomains).map(({ name }) => ({ kind: 'domain', value: name }));
  const duns = dunsNumber(details.companyNumber);
  if (duns !== null) keys.push({ kind: 'duns', value: duns });
  const country = normalizeCountry(details.country);
  if (country === null) return keys;
  const number = normalizeCompanyNumber(details.companyNumber, country);
  if (number !== null) keys.push({ kind: 'company_number', value: `${country}:${number}` });
  return [...keys, ...customerSearchForms(details.name).map((form): CustomerKey => ({ kind: 'name', value: `${country}:${form}` }))];
}

export interface RegistrableDomain {
  /** In lower-case ASCII (punycode), such as `contoso.co.uk`. */
  readonly name: string;
  /** The part before the public suffix: `contoso`. */
  readonly label: string;
}

/** The registrable domain of a customer, the first where several are given, or null where there is none or it belongs to a provider of free mail. */
export function customerDomain(text: string | null, freeMailDomains: ReadonlySet<string>): RegistrableDomain | null {
  return customerDomains(text, freeMailDomains)[0] ?? null;
}

/** More domains than a field of a form holds are no list of a customer's. */
const MOST_DOMAINS = 5;

/** All registrable domains that the text names, separated by blanks, commas, semicolons or bars, without those of providers of free mail. */
export function customerDomains(text: string | null, freeMailDomains: ReadonlySet<string>): readonly RegistrableDomain[] {
  const found = new Map<string, RegistrableDomain>();
  for (const piece of (text ?? '').slice(0, 2_000).split(/[\s,;|]+/u, 20)) {
    // `next=contoso.com` is a part of an address that was taken apart, not one that was given.
    const isAddress = !/^[^/?#]*=/u.test(piece.replace(/^[a-z][a-z0-9+.-]*:\/\//iu, ''));
    const domain = piece !== '' && isAddress ? registrableDomain(piece) : null;
    if (domain !== null && !freeMailDomains.has(domain.name) && found.size < MOST_DOMAINS) found.set(domain.name, domain);
  }
  return [...found.values()];
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
 * A company or tax number without what people vary: spaces, punctuation, case, the country before it, zeros in front of a bare number.
 * Null for fillers such as `n/a`, `0000` or anything under four characters, and for a DUNS number, which is of no country's register.
 */
export function normalizeCompanyNumber(number: string | null, country: string): string | null {
  if (dunsNumber(number) !== null) return null;
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

const NO_DOMAINS: ReadonlySet<string> = new Set();

/**
 * The customer as `partner` stated it, without the partner's own domain: typed for a customer it says who filed the form, and all customers of the partner would
 * seem to be one. It stays where the partner registers itself.
 */
export function withoutDomainOf(
  partner: { readonly name: string; readonly domain: string | null },
  customer: CustomerDetails,
): CustomerDetails {
  const own = customerDomain(partner.domain, NO_DOMAINS)?.name;
  if (own === undefined || customer.domain === null) return customer;
  const domains = customerDomains(customer.domain, NO_DOMAINS).map(({ name }) => name);
  if (!domains.includes(own)) return customer;
  const names = customerNameForms(partner.name);
  if (customerNameForms(customer.name).some((form) => names.includes(form))) return customer;
  const others = domains.filter((domain) => domain !== own);
  return { ...customer, domain: others.length === 0 ? null : others.join(' ') };
}
