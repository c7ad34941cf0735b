import { NO_CONVERSION, NO_RECORD, type EvidenceSnapshot, type Purchase } from '../../program/claim.ts';
import { customerDomain, withoutDomainOf } from '../../program/customer-key.ts';
import type { Program } from '../../program/definition/program.ts';
import { evidenceNeed, type EvidenceNeed } from '../../program/evidence-need.ts';
import type { Instant, RegistrationStatus } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { readPartnerRecord } from '../../store/partner-history.ts';
import { readPartners, type Partner } from '../../store/partner.ts';
import { findApproval } from '../../store/approval.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { gatherConversion } from './gather-conversion.ts';
import { contactsOf, findDirectOpportunities, findDirectPurchases } from './gather-direct.ts';
import { findRelativeAccounts, findRelatives } from './gather-relatives.ts';
import { findRivals, toRivalClaims, type FoundRival } from './gather-rivals.ts';
import { findMatchedAccounts } from './matched-account.ts';

/** The part of the dependencies that gathering needs, and of a registration: a claim that is only previewed has no more, and is received now. */
type EvidenceDependencies = Pick<ActivityDependencies, 'freeMailDomains'>;
type Claimant = Pick<Registration, 'registrationId' | 'partnerId' | 'customer' | 'state'> & Partial<Pick<Registration, 'submittedAt'>>;

const STANDING: ReadonlySet<RegistrationStatus> = new Set(['submitted', 'in_review', 'returned', 'approved']);

/**
 * Collects what the rules may look at, as it is known in this transaction at `now`. What no rule of the program asks for is not looked up.
 *
 * The partner's own domain, typed for a customer, is not taken for the customer's: the rule on self-dealing sees it in the claim as it stands.
 */
export async function gatherEvidence(
  trx: Transaction,
  { freeMailDomains }: EvidenceDependencies,
  program: Program,
  registration: Claimant,
  now: Instant,
): Promise<EvidenceSnapshot> {
  const { registrationId, partnerId } = registration;
  const need = evidenceNeed(program, registration.submittedAt ?? now);
  const [partner] = (await readPartners(trx, [partnerId])) as [Partner];
  const customer = withoutDomainOf(partner, registration.customer);
  const rivals = await findRivals(trx, freeMailDomains, program, registrationId, customer, need);
  const accounts = await findMatchedAccounts(trx, freeMailDomains, program, customer);
  const relativeAccounts = need.relatives ? await findRelativeAccounts(trx, accounts) : [];
  const ownIds = new Set(rivals.map(({ candidate }) => candidate.registrationId));
  const relatives = await findRelatives(trx, freeMailDomains, program, registrationId, relativeAccounts, ownIds);
  const own = accounts.map((account) => ({ ...account, relation: 'same' as const }));
  const group = relativeAccounts.map(({ account, relation, match }) => ({ ...account, relation, match }));
  const heard = rivals.filter((rival) => isHeard(rival, need)).map((rival) => ({ ...rival, relation: 'same' as const }));
  const approved = need.approved ? await findApproval(trx, registrationId) : null;
  return {
    takenAt: now,
    partner: snapshotOf(partner, freeMailDomains),
    rivals: await toRivalClaims(trx, heard, now),
    relatives: await toRivalClaims(trx, relatives, now),
    opportunities: await findDirectOpportunities(trx, [...own, ...group]),
    contacts: need.contacts ? contactsOf(accounts) : [],
    purchases: need.boughtSince === null ? [] : [...purchasesOf(rivals, need), ...(await findDirectPurchases(trx, own, need.boughtSince))],
    record: need.record ? await readPartnerRecord(trx, partnerId, registrationId, now) : NO_RECORD,
    approved,
    settled: registration.state.settled,
    conversion: need.conversion ? await gatherConversion(trx, registration, own, approved) : NO_CONVERSION,
  };
}

function snapshotOf(partner: Partner, freeMailDomains: ReadonlySet<string>): EvidenceSnapshot['partner'] {
  const { partnerId, externalId, name, country, type, track, tier, status, manager, regions, companyNumber } = partner;
  const domain = customerDomain(partner.domain, freeMailDomains)?.name ?? null;
  return { partnerId, externalId, name, domain, country, type, track, tier, status, manager, regions, companyNumber };
}

/** A claim that was found as a purchase alone is no rival. */
function isHeard({ candidate: { status, endedAt } }: FoundRival, { endedSince }: EvidenceNeed): boolean {
  return STANDING.has(status) || (endedSince !== null && endedAt !== null && Date.parse(endedAt) >= Date.parse(endedSince));
}

/** What partners sold: registrations that were won, line by line. */
function purchasesOf(rivals: readonly FoundRival[], { boughtSince }: EvidenceNeed): readonly Purchase[] {
  return rivals.flatMap(({ candidate, match }) => {
    const { registrationId, partnerId, status, endedAt, productLines } = candidate;
    if (status !== 'won' || endedAt === null || boughtSince === null) return [];
    if (Date.parse(endedAt) < Date.parse(boughtSince)) return [];
    const source = { kind: 'registration', registrationId } as const;
    return productLines.map((productLine) => ({ source, productLine, partnerId, boughtAt: endedAt, match }));
  });
}
