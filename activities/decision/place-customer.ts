import { leastSimilarity, matchCustomers } from '../../program/customer-identity.ts';
import { customerDomain } from '../../program/customer-key.ts';
import type { Program } from '../../program/definition/program.ts';
import type { Transaction } from '../../store/database.ts';
import { findAccountCandidates } from '../../store/evidence.ts';
import { readPlaces, savePlace } from '../../store/place.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';

/**
 * Points the registration to the customer's account in each CRM where exactly one account is certainly the customer, so that reps find it there.
 * An account that was chosen before, by us or by a rep, stays.
 */
export async function placeCustomer(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
): Promise<void> {
  const { registrationId, customer, customerNameKey } = registration;
  for (const connection of deps.connections.keys()) {
    const place = (await readPlaces(trx, connection, [registrationId])).get(registrationId);
    if (place !== undefined && place.customerAccount !== null) continue;
    const domain = customerDomain(customer.domain, deps.freeMailDomains)?.name ?? null;
    const exact = (await findAccountCandidates(trx, domain, customerNameKey, leastSimilarity(program.matching)))
      .filter((candidate) => candidate.connection === connection)
      .filter(
        (candidate) =>
          matchCustomers(customer, candidate.customer, candidate.nameSimilarity, deps.freeMailDomains, program.matching)?.band === 'exact',
      );
    const [account] = exact;
    if (account === undefined || exact.length > 1) continue;
    await savePlace(trx, { registrationId, connection, customerAccount: account.remoteId, opportunity: place?.opportunity ?? null });
  }
}
