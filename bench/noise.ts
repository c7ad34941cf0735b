import { customerDomain } from '../program/customer-key.ts';
import type { CustomerDetails } from '../program/claim.ts';
import { normalizeCustomerName } from '../program/customer-name.ts';
import { legalName, type Customer } from './sample/customer.ts';

/** How a statement of a customer departs from what is true of it. */
export const NOISE = [
  'as it is',
  'another spelling of the name',
  'another name: a department, initials, a slip of the pen',
  'no domain',
  "a mail provider's domain",
  'the name under another suffix',
  'an unrelated domain',
  'another country',
] as const;
export type Noise = (typeof NOISE)[number];

/** Every way in which the statement departs; `as it is` where there is none. What is left out beside the domain is no noise: most forms do not ask for it. */
export function noiseOf(stated: CustomerDetails, truth: Customer, freeMailDomains: ReadonlySet<string>): readonly Noise[] {
  const found: Noise[] = [];
  if (stated.name !== legalName(truth)) {
    const isSpelling = normalizeCustomerName(stated.name) === normalizeCustomerName(legalName(truth));
    found.push(isSpelling ? 'another spelling of the name' : 'another name: a department, initials, a slip of the pen');
  }
  const domain = customerDomain(stated.domain, freeMailDomains);
  if (stated.domain === null) found.push('no domain');
  else if (domain === null) found.push("a mail provider's domain");
  else if (domain.name !== truth.domain) found.push(domain.label === truth.slug ? 'the name under another suffix' : 'an unrelated domain');
  if (stated.country !== truth.market.country) found.push('another country');
  return found.length === 0 ? ['as it is'] : found;
}
