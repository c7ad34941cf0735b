import { type CompanyNames, slugOf } from './company-name.ts';
import { fillPattern, type Market, pickMarket } from './market.ts';
import type { Random } from './random.ts';

/** A customer as it truly is. What a partner types and what the CRM holds are noisy copies of this. */
export interface Customer {
  readonly key: string;
  /** Without legal suffix. */
  readonly bareName: string;
  readonly suffix: string;
  readonly slug: string;
  readonly domain: string;
  readonly market: Market;
  readonly postalCode: string | null;
  readonly companyNumber: string;
}

/** Draws `count` customers; keys are `prefix` and a running number from 1. */
export function drawCustomers(random: Random, names: CompanyNames, prefix: string, count: number): readonly Customer[] {
  return Array.from({ length: count }, (_, index) => drawCustomer(random, names, `${prefix}${String(index + 1).padStart(3, '0')}`));
}

function drawCustomer(random: Random, names: CompanyNames, key: string): Customer {
  const market = pickMarket(random);
  const bareName = names.take(market.flavour);
  const slug = slugOf(bareName);
  return {
    key,
    bareName,
    suffix: random.pick(market.suffixes),
    slug,
    // Reserved for examples by RFC 2606, so no real company can be meant.
    domain: `${slug}.example`,
    market,
    postalCode: market.postalPattern === null ? null : fillPattern(random, market.postalPattern),
    // No register issues numbers of this form.
    companyNumber: `S${fillPattern(random, '#######')}`,
  };
}

export function legalName(customer: Pick<Customer, 'bareName' | 'suffix'>): string {
  return `${customer.bareName} ${customer.suffix}`;
}
