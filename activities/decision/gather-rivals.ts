import type { CustomerDetails, CustomerMatch, Relation, RivalClaim } from '../../program/claim.ts';
import { doKeysContradict } from '../../program/customer-identity.ts';
import { matcherOf } from '../../program/customer-matcher.ts';
import { withoutDomainOf } from '../../program/customer-key.ts';
import { customerSearchForms } from '../../program/customer-name.ts';
import type { Program } from '../../program/definition/program.ts';
import type { EvidenceNeed } from '../../program/evidence-need.ts';
import { knownAsOne, placedTogether } from '../../program/match-score.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { customersLabelled, customersWith } from '../../store/customer.ts';
import type { Transaction } from '../../store/database.ts';
import { readProtectedLines } from '../../store/protection.ts';
import { identityKeys } from '../../store/receipt.ts';
import { findRivalCandidates, type RivalCandidate } from '../../store/rival-evidence.ts';
import { findPlacedTogether } from '../../store/shared-account.ts';
import { tracesOf } from './matched-account.ts';

export interface FoundRival {
  readonly candidate: RivalCandidate;
  readonly match: CustomerMatch;
}

/**
 * Other claims that may be on the customer, by everything that it is known by: its own keys and those that other claims added to them, the account at which a CRM
 * places it, its name. `customer` is without the partner's own domain.
 */
export async function findRivals(
  trx: Transaction,
  freeMailDomains: ReadonlySet<string>,
  program: Program,
  registrationId: string,
  customer: CustomerDetails,
  need: EvidenceNeed,
): Promise<readonly FoundRival[]> {
  const known = await customersWith(trx, identityKeys(customer, freeMailDomains));
  const { labels } = tracesOf(customer, freeMailDomains, program.matching.twinLabelLength);
  const labelled = await customersLabelled(trx, labels);
  const together = await findPlacedTogether(trx, registrationId);
  const among = {
    customerIds: [...new Set([...known, ...labelled])],
    registrationIds: [...together.keys()],
    names: customerSearchForms(customer.name),
  };
  const candidates = await findRivalCandidates(trx, registrationId, among, { since: need.endedSince, wonSince: need.boughtSince });
  const matchRecord = matcherOf(customer, freeMailDomains, program.matching);
  return candidates.flatMap((candidate) => {
    const stated = withoutDomainOf({ name: candidate.partnerName, domain: candidate.partnerDomain }, candidate.customer);
    const byRecord = matchRecord({ customer: stated, nameKey: candidate.customerNameKey, sharesKey: candidate.sharesKey });
    const byKeys = known.includes(candidate.customerId) ? knownAsOne(byRecord) : byRecord;
    const place = together.get(candidate.registrationId);
    const match =
      place === undefined
        ? byKeys
        : placedTogether(place.connection, place.account, byKeys, doKeysContradict(customer, stated, freeMailDomains));
    return match === null ? [] : [{ candidate, match }];
  });
}

/** As the rules see them, with the lines that they hold at `now`. */
export async function toRivalClaims(
  trx: Transaction,
  found: readonly (FoundRival & { readonly relation: Relation })[],
  now: Instant,
): Promise<readonly RivalClaim[]> {
  const held = await readProtectedLines(
    trx,
    found.map(({ candidate }) => candidate.registrationId),
    now,
  );
  return found.map(({ candidate, match, relation }) => {
    const { registrationId, sequence, partnerId, status, productLines, kind, submittedAt, endedAt, site, proofs } = candidate;
    const protectedLines = held.get(registrationId) ?? [];
    const claim = { registrationId, sequence, partnerId, status, productLines, protectedLines, kind, submittedAt, endedAt, site, proofs };
    return { ...claim, match, relation };
  });
}
