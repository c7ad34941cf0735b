import type { CustomerMatch } from '../../program/claim.ts';
import { withoutDomainOf } from '../../program/customer-key.ts';
import type { Program } from '../../program/definition/program.ts';
import { matchOf, WEIGHTS } from '../../program/match-score.ts';
import type { Transaction } from '../../store/database.ts';
import { readPartners } from '../../store/partner.ts';
import { readPlacesOf } from '../../store/place.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type { AccountInQuestion } from './gather-direct.ts';
import { findMatchedAccounts } from './matched-account.ts';

/** The accounts that certainly are the registration's customer: those that match it exactly, and those at which it was placed, by us or by people. */
export async function findCustomerAccounts(
  trx: Transaction,
  { freeMailDomains }: Pick<ActivityDependencies, 'freeMailDomains'>,
  program: Program,
  { registrationId, partnerId, customer }: Pick<Registration, 'registrationId' | 'partnerId' | 'customer'>,
): Promise<readonly AccountInQuestion[]> {
  const [partner] = await readPartners(trx, [partnerId]);
  const stated = partner === undefined ? customer : withoutDomainOf(partner, customer);
  const matched = await findMatchedAccounts(trx, freeMailDomains, program, stated);
  const exact = matched.filter(({ match }) => match.band === 'exact').map((account) => ({ ...account, relation: 'same' as const }));
  return [...exact, ...(await findPlacedAccounts(trx, registrationId, exact))];
}

/** The accounts at which the registration was placed, but for those that are known already. */
export async function findPlacedAccounts(
  trx: Transaction,
  registrationId: string,
  known: readonly Pick<AccountInQuestion, 'connection' | 'remoteId'>[],
): Promise<readonly AccountInQuestion[]> {
  return (await readPlacesOf(trx, registrationId)).flatMap(({ connection, customerAccount }): readonly AccountInQuestion[] => {
    const isKnown = known.some((account) => account.connection === connection && account.remoteId === customerAccount);
    if (customerAccount === null || isKnown) return [];
    return [{ connection, remoteId: customerAccount, match: placedAt(connection, customerAccount), relation: 'same' }];
  });
}

function placedAt(connection: string, account: string): CustomerMatch {
  return matchOf('exact', [{ says: `placed at account ${account} of ${connection}`, weight: WEIGHTS.sameAccount }]);
}
