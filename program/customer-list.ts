import type { CustomerDetails } from './claim.ts';
import { customerDomains, normalizeCompanyNumber, normalizeCountry } from './customer-key.ts';
import { customerNameForms } from './customer-name.ts';
import type { Program } from './definition/program.ts';
import { dunsNumber } from './duns-number.ts';
import type { PlainDate } from './vocabulary.ts';

type ListedAccount = Program['accounts'][number];

/** An entry of the program's list that may be the customer. `position` is its place in the list, from 0. */
export interface ListedMatch {
  readonly account: ListedAccount;
  readonly position: number;
  readonly band: 'exact' | 'probable';
  readonly signals: readonly string[];
}

/**
 * The listed accounts that may be `customer` and are in force on `date`, in the order of the list.
 *
 * exact: a registrable domain of the entry, its company number in its country, or its DUNS number. probable: a name that normalises to the same, or a company
 * number of an entry that says no country; a name does not count against a number that differs, nor across two countries.
 * An entry is in force from the day `from` on, and on the day `until` no more.
 */
export function findListedAccounts({ accounts }: Program, customer: CustomerDetails, date: PlainDate): readonly ListedMatch[] {
  if (accounts.length === 0) return [];
  const index = indexOf(accounts);
  const sought = keysOf(customer.name, [customer.domain ?? ''], customer.companyNumber, customer.country);
  const positions = new Set([
    ...sought.domains.flatMap((domain) => index.byDomain.get(domain) ?? []),
    ...(sought.number === null ? [] : (index.byNumber.get(sought.number) ?? [])),
    ...sought.names.flatMap((name) => index.byName.get(name) ?? []),
  ]);
  return [...positions]
    .sort((left, right) => left - right)
    .flatMap((position): ListedMatch[] => {
      const account = accounts[position];
      const keys = index.keys[position];
      if (account === undefined || keys === undefined || !isInForce(account, date)) return [];
      const compared = compare(sought, keys);
      return compared === null ? [] : [{ account, position, ...compared }];
    });
}

function isInForce({ from, until }: ListedAccount, date: PlainDate): boolean {
  return from <= date && (until === null || date < until);
}

interface Keys {
  readonly domains: readonly string[];
  readonly number: string | null;
  /** A DUNS number is one of the whole world. */
  readonly isWorldwide: boolean;
  readonly country: string | null;
  /** Every form in which others may write the name. */
  readonly names: readonly string[];
}

const NONE: ReadonlySet<string> = new Set();

function keysOf(name: string, domains: readonly string[], companyNumber: string | null, country: string): Keys {
  const code = normalizeCountry(country);
  const duns = dunsNumber(companyNumber);
  return {
    domains: [...new Set(domains.flatMap((written) => customerDomains(written, NONE)).map((domain) => domain.name))],
    number: duns ?? normalizeCompanyNumber(companyNumber, code ?? ''),
    isWorldwide: duns !== null,
    country: code,
    names: customerNameForms(name),
  };
}

function compare(sought: Keys, listed: Keys): Pick<ListedMatch, 'band' | 'signals'> | null {
  const sameDomain = sought.domains.find((domain) => listed.domains.includes(domain));
  const bothCountries = sought.country !== null && listed.country !== null;
  const sameCountry = bothCountries && sought.country === listed.country;
  const numbers = compareNumbers(sought, listed);
  // Numbers of one register tell; those of two countries come from two registers and say nothing about each other.
  const sameRegister = sameCountry || sought.isWorldwide;
  const exact = [
    ...(sameDomain === undefined ? [] : [`same registrable domain ${sameDomain}`]),
    ...(sameRegister && numbers === 'same' ? [`same company number ${sought.isWorldwide ? 'DUNS' : listed.country}:${listed.number}`] : []),
  ];
  if (exact.length > 0) return { band: 'exact', signals: exact };
  if (bothCountries && !sameCountry) return null;
  const sameName = sought.names.find((name) => listed.names.includes(name));
  const probable = [
    ...(numbers === 'same' ? [`same company number ${listed.number}, of a country that is not known`] : []),
    ...(sameName !== undefined && !(sameRegister && numbers === 'differ') ? [`same name "${sameName}"`] : []),
  ];
  return probable.length > 0 ? { band: 'probable', signals: probable } : null;
}

/** A DUNS number and one of a country's register cannot be compared. */
function compareNumbers(sought: Keys, listed: Keys): 'same' | 'differ' | 'unknown' {
  if (sought.number === null || listed.number === null || sought.isWorldwide !== listed.isWorldwide) return 'unknown';
  return sought.number === listed.number ? 'same' : 'differ';
}

interface Index {
  readonly keys: readonly Keys[];
  readonly byDomain: ReadonlyMap<string, readonly number[]>;
  readonly byNumber: ReadonlyMap<string, readonly number[]>;
  readonly byName: ReadonlyMap<string, readonly number[]>;
}

/** Lists have thousands of entries and never change: each is read once. */
const INDEXES = new WeakMap<Program['accounts'], Index>();

function indexOf(accounts: Program['accounts']): Index {
  const known = INDEXES.get(accounts);
  if (known !== undefined) return known;
  const keys = accounts.map(({ name, domains, companyNumber, country }) => keysOf(name, domains, companyNumber ?? null, country ?? ''));
  const index = {
    keys,
    byDomain: positionsBy(keys, ({ domains }) => domains),
    byNumber: positionsBy(keys, ({ number }) => (number === null ? [] : [number])),
    byName: positionsBy(keys, ({ names }) => names),
  };
  INDEXES.set(accounts, index);
  return index;
}

function positionsBy(keys: readonly Keys[], valuesOf: (keys: Keys) => readonly string[]): ReadonlyMap<string, readonly number[]> {
  const positions = new Map<string, number[]>();
  keys.forEach((entry, position) => {
    for (const value of valuesOf(entry)) {
      const known = positions.get(value);
      if (known === undefined) positions.set(value, [position]);
      else known.push(position);
    }
  });
  return positions;
}
