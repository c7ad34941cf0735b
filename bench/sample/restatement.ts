import { legalName, type Customer } from './customer.ts';
import { stripDiacritics } from './company-name.ts';
import { fillPattern } from './market.ts';
import type { Random } from './random.ts';
import { trigramSimilarity, trigrams } from './similarity.ts';

/** `customer` of `POST /v1/registrations`. */
export interface StatedCustomer {
  readonly name: string;
  readonly domain?: string;
  readonly country: string;
  readonly postalCode?: string;
  readonly companyNumber?: string;
}

/** States a customer as a partner who knows it would, with the handbook's noise (§7): domain missing 9 %, a mail provider's 5 %, wrong country 2 %. */
export function stateCustomer(random: Random, customer: Customer): StatedCustomer {
  const domain = random.pickWeighted([
    [undefined, 9],
    ['gmail.com', 5],
    [writeDomain(random, customer.domain), 86],
  ]);
  const postalCode = random.chance(0.7) ? customer.postalCode : null;
  return compact({
    name: random.chance(0.25) ? varyName(random, customer) : legalName(customer),
    domain,
    country: random.chance(0.02) ? (customer.market.country === 'US' ? 'CA' : 'US') : customer.market.country,
    postalCode: postalCode ?? undefined,
    companyNumber: random.chance(0.25) ? customer.companyNumber : undefined,
  });
}

/**
 * States the customer of an earlier claim again so that any careful reader must see the same customer:
 * by domain, else by company number, else by name, country and postal code.
 * Null where the earlier statement has none of these.
 */
export function stateAgainExactly(random: Random, customer: Customer, earlier: StatedCustomer): StatedCustomer | null {
  const name = random.chance(0.4) ? varyName(random, customer) : legalName(customer);
  const ways: StatedCustomer[] = [];
  if (earlier.domain !== undefined && earlier.domain !== 'gmail.com') {
    ways.push(
      compact({
        name: random.chance(0.2) ? mistype(random, customer) : name,
        domain: writeDomain(random, customer.domain),
        country: earlier.country,
      }),
    );
  }
  if (earlier.companyNumber !== undefined) {
    ways.push({ name, country: earlier.country, companyNumber: earlier.companyNumber.replace(/^S(\d{3})/, 'S $1-').toLowerCase() });
  }
  if (earlier.postalCode !== undefined) ways.push({ name, country: earlier.country, postalCode: earlier.postalCode });
  const usual = ways[0];
  return usual === undefined ? null : random.chance(0.75) ? usual : random.pick(ways);
}

/**
 * States the customer of an earlier claim again so that it is probably, not surely, the same customer:
 * the same name without a domain or under an unrelated one, the same domain name under another suffix, or a name with a slip of the pen.
 */
export function stateAgainLoosely(random: Random, customer: Customer, earlier: StatedCustomer): StatedCustomer {
  const name = varyName(random, customer);
  const country = earlier.country;
  const ways: StatedCustomer[] = [
    { name, country },
    { name, domain: 'gmail.com', country },
    { name, domain: `get-${customer.slug}.example`, country },
  ];
  const { postalPattern } = customer.market;
  if (postalPattern !== null) ways.push({ name, country, postalCode: fillPattern(random, postalPattern) });
  if (earlier.domain !== undefined && earlier.domain !== 'gmail.com')
    ways.push({ name: legalName(customer), domain: `${customer.slug}.test`, country });
  const slip = slipOfThePen(customer.bareName);
  const isStillNear = trigramSimilarity(trigrams(slip), trigrams(customer.bareName)) >= SURELY_NEAR;
  return isStillNear && random.chance(0.4) ? { name: slip, country } : random.pick(ways);
}

/** Clear of the 0.85 from which on the program holds a name without a domain to be probably the same. */
const SURELY_NEAR = 0.86;

/** Another spelling that ordinary normalisation brings back to the same name. */
export function varyName(random: Random, customer: Pick<Customer, 'bareName' | 'suffix'>): string {
  const full = legalName(customer);
  const spellings = [
    customer.bareName,
    full.toUpperCase(),
    `${customer.bareName}, ${customer.suffix}.`,
    full.toLowerCase(),
    `The ${customer.bareName}`,
  ];
  if (full.includes('&')) spellings.push(full.replace('&', 'and'));
  if (stripDiacritics(full) !== full) spellings.push(stripDiacritics(full));
  return random.pick(spellings);
}

/** A name that only the domain ties to the customer: a department, initials, a nickname. */
function mistype(random: Random, customer: Customer): string {
  const [first = customer.bareName] = customer.bareName.split(' ');
  return random.pick([first, `${first} ${customer.market.country}`, `${customer.bareName} Procurement`, slipOfThePen(customer.bareName)]);
}

/** The last letter typed twice. */
function slipOfThePen(name: string): string {
  return name + name.slice(-1);
}

/** A domain as people type it: with www, in capitals, or with a subdomain. */
export function writeDomain(random: Random, domain: string): string {
  return random.pickWeighted([
    [domain, 84],
    [`www.${domain}`, 8],
    [domain.toUpperCase(), 4],
    [`${random.pick(['shop', 'eu', 'portal'])}.${domain}`, 4],
  ]);
}

function compact(stated: { readonly [Key in keyof StatedCustomer]: StatedCustomer[Key] | undefined }): StatedCustomer {
  return Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined)) as unknown as StatedCustomer;
}
