import { drawAccount, drawContacts, type SampleAccount, type SampleContact } from './account.ts';
import { slugOf } from './company-name.ts';
import type { Customer } from './customer.ts';
import { fillPattern, MARKETS } from './market.ts';
import { drawOpportunities, type DirectTarget, type SampleOpportunity } from './opportunity.ts';
import type { Random } from './random.ts';

/** What the CRM holds before the first partner registers anything. */
export interface SampleCrm {
  readonly accounts: readonly SampleAccount[];
  readonly contacts: readonly SampleContact[];
  readonly opportunities: readonly SampleOpportunity[];
}

export interface DrawnCrm {
  readonly crm: SampleCrm;
  /** Customers whom the direct team is selling to now, by how far it is. */
  readonly targets: readonly DirectTarget[];
  /** Subsidiaries: customers of their own, with a name and a domain near the parent's. */
  readonly subsidiaries: readonly Customer[];
}

const SUBSIDIARY_COUNT = 32;
const TWIN_COUNT = 16;

/**
 * Draws the CRM's accounts, contacts and opportunities for `selling` (customers with an open opportunity) and `quiet` ones (without),
 * with the handbook's noise (§7): spelling 25 %, no website 9 %, subsidiaries 8 %, the same name under another country's suffix 4 %, wrong country 2 %.
 */
export function drawCrm(random: Random, selling: readonly Customer[], quiet: readonly Customer[]): DrawnCrm {
  const primaries = [...selling, ...quiet];
  const subsidiaries = random
    .shuffle(primaries)
    .slice(0, SUBSIDIARY_COUNT)
    .map((parent, index) => ({ parent, customer: drawSubsidiary(random, parent, `S${String(index + 1).padStart(3, '0')}`) }));
  // Only quiet customers get a twin: a twin of one that is being sold to would make a second, merely probable, match.
  const twins = random
    .shuffle(quiet)
    .slice(0, TWIN_COUNT)
    .map((original, index) => drawTwin(random, original, `T${String(index + 1).padStart(3, '0')}`));
  const accounts = [
    ...primaries.map((customer) => drawAccount(random, customer, null)),
    ...subsidiaries.map(({ parent, customer }) => drawAccount(random, customer, parent.key)),
    ...twins.map((customer) => drawAccount(random, customer, null)),
  ];
  const customers = [...primaries, ...subsidiaries.map(({ customer }) => customer), ...twins];
  const { opportunities, targets } = drawOpportunities(random, selling, quiet, new Map(accounts.map((account) => [account.key, account])));
  return {
    crm: { accounts, contacts: customers.flatMap((customer) => drawContacts(random, customer)), opportunities },
    targets,
    subsidiaries: subsidiaries.map(({ customer }) => customer),
  };
}

const REGIONS: Readonly<Record<string, string>> = {
  US: 'America',
  DE: 'Deutschland',
  GB: 'United Kingdom',
  FR: 'France',
  JP: 'Nippon',
  AE: 'Gulf',
  CA: 'Canada',
  CH: 'Schweiz',
  NL: 'Benelux',
  IT: 'Italia',
  SE: 'Sverige',
};

function drawSubsidiary(random: Random, parent: Customer, key: string): Customer {
  const market = random.pick(MARKETS.filter(({ country }) => country !== parent.market.country && REGIONS[country] !== undefined));
  const region = REGIONS[market.country] ?? market.country;
  const slug = `${parent.slug}-${slugOf(region)}`;
  return { ...parent, key, market, slug, ...local(random, market), bareName: `${parent.bareName} ${region}`, domain: `${slug}.example` };
}

function drawTwin(random: Random, original: Customer, key: string): Customer {
  const market = random.pick(MARKETS.filter(({ country }) => country !== original.market.country));
  return { ...original, key, market, ...local(random, market), domain: `${original.slug}.test` };
}

function local(random: Random, market: Customer['market']): Pick<Customer, 'suffix' | 'postalCode' | 'companyNumber'> {
  return {
    suffix: random.pick(market.suffixes),
    postalCode: market.postalPattern === null ? null : fillPattern(random, market.postalPattern),
    companyNumber: `S${fillPattern(random, '#######')}`,
  };
}
