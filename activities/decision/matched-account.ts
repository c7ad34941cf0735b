import type { CustomerDetails, CustomerMatch } from '../../program/claim.ts';
import { matcherOf } from '../../program/customer-matcher.ts';
import { customerDomains, normalizeCompanyNumber, normalizeCountry } from '../../program/customer-key.ts';
import { customerSearchForms } from '../../program/customer-name.ts';
import type { Program } from '../../program/definition/program.ts';
import { dunsNumber } from '../../program/duns-number.ts';
import { findAccountCandidates, type AccountCandidate, type CustomerTraces } from '../../store/account-evidence.ts';
import type { Database, Transaction } from '../../store/database.ts';

export interface MatchedAccount extends AccountCandidate {
  readonly match: CustomerMatch;
}

/** The accounts of all CRMs that may be the customer, with how sure that is. */
export async function findMatchedAccounts(
  db: Database | Transaction,
  freeMailDomains: ReadonlySet<string>,
  program: Program,
  customer: CustomerDetails,
): Promise<readonly MatchedAccount[]> {
  const match = matcherOf(customer, freeMailDomains, program.matching);
  const candidates = await findAccountCandidates(db, tracesOf(customer, freeMailDomains, program.matching.twinLabelLength));
  return candidates.flatMap((candidate) => {
    const found = match(candidate);
    return found === null ? [] : [{ ...candidate, match: found }];
  });
}

/** By what records of the customer are looked for. Labels shorter than `twinLabelLength` make no twins. */
export function tracesOf(customer: CustomerDetails, freeMailDomains: ReadonlySet<string>, twinLabelLength: number): CustomerTraces {
  const domains = customerDomains(customer.domain, freeMailDomains);
  const country = normalizeCountry(customer.country);
  const number = country === null ? null : normalizeCompanyNumber(customer.companyNumber, country);
  const duns = dunsNumber(customer.companyNumber);
  return {
    domains: domains.map(({ name }) => name),
    labels: domains.map(({ label }) => label).filter((label) => label.length >= twinLabelLength),
    numbers: [...(number === null ? [] : [number]), ...(duns === null ? [] : [`DUNS ${duns}`])],
    names: customerSearchForms(customer.name),
  };
}
