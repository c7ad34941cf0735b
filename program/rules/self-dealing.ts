import type { CustomerDetails, PartnerSnapshot } from '../claim.ts';
import { customerDomains, normalizeCompanyNumber, normalizeCountry } from '../customer-key.ts';
import { customerNameForms } from '../customer-name.ts';
import { dunsNumber } from '../duns-number.ts';
import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';

/**
 * C28: the partner registers itself as the customer: its own registrable domain (often the reseller's, typed by mistake), its own company number in its own
 * country (a DUNS number in any), or, `probable`, its own name where company numbers of one country do not tell both apart and the countries are not known to differ.
 * The snapshot carries no partner's domain of a provider of free mail, since that is nobody's own. Source: most programs keep separate terms for internal use.
 */
export const selfDealing: Rule<'C28_self_dealing'> = {
  id: 'C28_self_dealing',
  examine: ({ claim, evidence: { partner } }) => {
    const { customer } = claim;
    const exhibits = [
      { kind: 'claim', summary: `customer ${describe(customer)}` },
      { kind: 'partner', summary: `partner ${describe(partner)}` },
    ];
    const found = { kind: 'found', exhibits, rivalIds: [], opportunity: null } as const;
    const domain = domainsOf(customer.domain).find((one) => domainsOf(partner.domain).includes(one));
    if (domain !== undefined) {
      return {
        ...found,
        situation: 'own_domain',
        message: `The customer's domain, ${domain}, is that of partner ${partner.partnerId}.`,
        partnerMessage: `${domain} is your own domain. If it is a customer's deal, give the customer's domain; for your own use, ask your partner manager.`,
      };
    }
    const numbers = compareNumbers(customer, partner);
    if (numbers === 'same') {
      return {
        ...found,
        situation: 'own_company_number',
        message: `The customer's company number is that of partner ${partner.partnerId}.`,
        partnerMessage: `The customer's company number is your own. If it is a customer's deal, give the customer's; for your own use, ask your partner manager.`,
      };
    }
    if (numbers !== 'differ' && mayShareCountry(customer, partner) && isNamesake(customer, partner)) {
      return {
        ...found,
        situation: 'probable',
        message: `The customer has the name of partner ${partner.partnerId}.`,
        partnerMessage: 'The customer has your own name. It has to be checked by a person whether you register yourself.',
      };
    }
    return quiet('The customer is not the partner itself, as far as domain, company number and name tell.', NOTHING_AGAINST, exhibits);
  },
};

type Identified = Pick<CustomerDetails, 'name' | 'domain' | 'country' | 'companyNumber'> | PartnerSnapshot;

const NONE: ReadonlySet<string> = new Set();

function domainsOf(text: string | null): readonly string[] {
  return customerDomains(text, NONE).map(({ name }) => name);
}

/** DUNS numbers are the same in every country; other numbers of two countries come from two registers and say nothing about each other. */
function compareNumbers(customer: Identified, partner: Identified): 'same' | 'differ' | 'unknown' {
  const duns = dunsNumber(customer.companyNumber);
  const own = dunsNumber(partner.companyNumber);
  if (duns !== null && own !== null) return duns === own ? 'same' : 'differ';
  const country = normalizeCountry(customer.country);
  if (country === null || country !== normalizeCountry(partner.country)) return 'unknown';
  const [left, right] = [customer, partner].map(({ companyNumber }) => normalizeCompanyNumber(companyNumber, country));
  if (left == null || right == null) return 'unknown';
  return left === right ? 'same' : 'differ';
}

function isNamesake(customer: Identified, partner: Identified): boolean {
  const names = customerNameForms(partner.name);
  return customerNameForms(customer.name).some((name) => names.includes(name));
}

function mayShareCountry(customer: Identified, partner: Identified): boolean {
  const [left, right] = [normalizeCountry(customer.country), normalizeCountry(partner.country)];
  return left === null || right === null || left === right;
}

function describe({ name, domain, country, companyNumber }: Identified): string {
  const shown = name.length > 80 ? `${name.slice(0, 79)}…` : name;
  return `"${shown}", domain ${domain ?? 'none'}, country ${country === '' ? 'none' : country}, company number ${companyNumber ?? 'none'}`;
}
