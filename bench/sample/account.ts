import { type Customer, legalName } from './customer.ts';
import { fillPattern, MARKETS } from './market.ts';
import { drawPerson, emailOf, freeMailOf } from './person.ts';
import type { Random } from './random.ts';
import { varyName } from './restatement.ts';

/** An account as the CRM sandbox loads it. */
export interface SampleAccount {
  readonly key: string;
  readonly name: string;
  readonly website: string | null;
  readonly country: string;
  readonly postalCode: string | null;
  readonly phone: string | null;
  readonly owner: 'rep' | 'rep2';
  readonly parent: string | null;
}

export interface SampleContact {
  readonly account: string;
  readonly name: string;
  readonly email: string;
}

/** The account of a customer as reps keep it: see `drawCrm` for the noise. */
export function drawAccount(random: Random, customer: Customer, parent: string | null): SampleAccount {
  const { country, phonePattern } = customer.market;
  // Without a website only name, country and postal code can tell who it is: those accounts keep all three right.
  const hasWebsite = customer.postalCode === null || !random.chance(0.095);
  return {
    key: customer.key,
    name: random.chance(0.25) ? varyName(random, customer) : legalName(customer),
    website: hasWebsite ? writeWebsite(random, customer.domain) : null,
    country: hasWebsite && random.chance(0.02) ? random.pick(MARKETS.filter((market) => market.country !== country)).country : country,
    postalCode: !hasWebsite || random.chance(0.85) ? customer.postalCode : null,
    phone: phonePattern === null || random.chance(0.2) ? null : fillPattern(random, phonePattern),
    owner: random.chance(0.6) ? 'rep' : 'rep2',
    parent,
  };
}

function writeWebsite(random: Random, domain: string): string {
  return random.pickWeighted([
    [`https://www.${domain}`, 45],
    [domain, 25],
    [`www.${domain}`, 20],
    [`http://${domain}/en/`, 10],
  ]);
}

/** One or two people of the customer; one in twenty writes from a public mail provider. */
export function drawContacts(random: Random, customer: Customer): readonly SampleContact[] {
  return Array.from({ length: random.integer(1, 2) }, () => {
    const person = drawPerson(random, customer.market.flavour);
    return {
      account: customer.key,
      name: `${person.first} ${person.last}`,
      email: random.chance(0.05) ? freeMailOf(person) : emailOf(person, customer.domain),
    };
  });
}
