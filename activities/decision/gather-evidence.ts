import { leastSimilarity, matchCustomers } from '../../program/customer-identity.ts';
import { customerDomain } from '../../program/customer-key.ts';
import type { DirectOpportunity, EvidenceSnapshot, RivalClaim } from '../../program/claim.ts';
import type { Program } from '../../program/definition/program.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { customersWith } from '../../store/customer.ts';
import type { Transaction } from '../../store/database.ts';
import { findAccountCandidates, findOpenOpportunities, findRivalCandidates } from '../../store/evidence.ts';
import { readPartners, type Partner } from '../../store/partner.ts';
import { readPartnerOpportunities } from '../../store/place.ts';
import { readProtectedLines } from '../../store/protection.ts';
import { identityKeys } from '../../store/receipt.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** The part of the dependencies that gathering needs, and of a registration: a claim that is only previewed has no more. */
type EvidenceDependencies = Pick<ActivityDependencies, 'freeMailDomains'>;
type Claimant = Pick<Registration, 'registrationId' | 'partnerId' | 'customer' | 'customerNameKey' | 'state'>;

/** Collects what the rules may look at, as it is known in this transaction at `now`. */
export async function gatherEvidence(
  trx: Transaction,
  deps: EvidenceDependencies,
  program: Program,
  registration: Claimant,
  now: Instant,
): Promise<EvidenceSnapshot> {
  const [partner] = await readPartners(trx, [registration.partnerId]);
  return {
    takenAt: now,
    partner: snapshotOf(partner as Partner),
    rivals: await findRivals(trx, deps, program, registration, now),
    opportunities: await findDirectOpportunities(trx, deps, program, registration),
    settled: registration.state.settled,
  };
}

function snapshotOf({ partnerId, name, domain, country, type, track, tier, status, manager }: Partner): EvidenceSnapshot['partner'] {
  return { partnerId, name, domain, country, type, track, tier, status, manager };
}

async function findRivals(
  trx: Transaction,
  deps: EvidenceDependencies,
  program: Program,
  registration: Claimant,
  now: Instant,
): Promise<readonly RivalClaim[]> {
  const customers = await customersWith(trx, identityKeys(registration.customer, deps.freeMailDomains));
  const candidates = await findRivalCandidates(
    trx,
    registration.registrationId,
    customers,
    registration.customerNameKey,
    leastSimilarity(program.matching),
  );
  const lines = await readProtectedLines(
    trx,
    candidates.map((candidate) => candidate.registrationId),
    now,
  );
  return candidates.flatMap((candidate) => {
    const match = matchCustomers(
      registration.customer,
      candidate.customer,
      candidate.nameSimilarity,
      deps.freeMailDomains,
      program.matching,
    );
    if (match === null) return [];
    const { registrationId, sequence, partnerId, status, productLines } = candidate;
    return [{ registrationId, sequence, partnerId, status, productLines, protectedLines: lines.get(registrationId) ?? [], match }];
  });
}

/** Open opportunities at accounts that may be the customer. Those of an approved registration are a partner's, not the direct team's. */
async function findDirectOpportunities(
  trx: Transaction,
  deps: EvidenceDependencies,
  program: Program,
  registration: Claimant,
): Promise<readonly DirectOpportunity[]> {
  const domain = customerDomain(registration.customer.domain, deps.freeMailDomains)?.name ?? null;
  const accounts = (await findAccountCandidates(trx, domain, registration.customerNameKey, leastSimilarity(program.matching))).flatMap(
    (account) => {
      const match = matchCustomers(registration.customer, account.customer, account.nameSimilarity, deps.freeMailDomains, program.matching);
      return match === null ? [] : [{ ...account, match }];
    },
  );
  const found: DirectOpportunity[] = [];
  for (const connection of new Set(accounts.map((account) => account.connection))) {
    const here = new Map(
      accounts.filter((account) => account.connection === connection).map((account) => [account.remoteId, account.match]),
    );
    const opportunities = await findOpenOpportunities(trx, connection, [...here.keys()]);
    const taken = await readPartnerOpportunities(
      trx,
      connection,
      opportunities.map((opportunity) => opportunity.remoteId),
    );
    for (const opportunity of opportunities) {
      const match = here.get(opportunity.accountRemoteId);
      if (match !== undefined && !taken.has(opportunity.remoteId)) found.push({ ...opportunity, isClosed: false, match });
    }
  }
  return found;
}
