import { withoutDomainOf } from '../../program/customer-key.ts';
import type { Program } from '../../program/definition/program.ts';
import type { Transaction } from '../../store/database.ts';
import { readPartners } from '../../store/partner.ts';
import { readPlaces, savePlace } from '../../store/place.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { findMatchedAccounts, type MatchedAccount } from './matched-account.ts';

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
  const { registrationId, customer } = registration;
  let matched: readonly MatchedAccount[] | null = null;
  for (const connection of deps.connections.keys()) {
    const place = (await readPlaces(trx, connection, [registrationId])).get(registrationId);
    if (place !== undefined && place.customerAccount !== null) continue;
    matched ??= await matchedAccountsOf(trx, deps, program, registration.partnerId, customer);
    const [account, ...others] = matched.filter((candidate) => candidate.connection === connection && candidate.match.band === 'exact');
    if (account === undefined || others.length > 0) continue;
    await savePlace(trx, { registrationId, connection, customerAccount: account.remoteId, opportunity: place?.opportunity ?? null });
  }
}

async function matchedAccountsOf(
  trx: Transaction,
  { freeMailDomains }: ActivityDependencies,
  program: Program,
  partnerId: string,
  customer: Registration['customer'],
): Promise<readonly MatchedAccount[]> {
  const [partner] = await readPartners(trx, [partnerId]);
  return findMatchedAccounts(trx, freeMailDomains, program, partner === undefined ? customer : withoutDomainOf(partner, customer));
}
