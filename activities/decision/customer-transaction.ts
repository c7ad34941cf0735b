import { ApplicationFailure } from '@temporalio/activity';
import { withCustomerLocks, type CustomerKeyValue } from '../../store/customer.ts';
import type { Transaction } from '../../store/database.ts';
import { lockKeys } from '../../store/receipt.ts';
import { placeKeysOf } from '../../store/shared-account.ts';
import { lockRegistration, readRegistrations, type Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';

/**
 * Runs `work` on locked registrations in one transaction that also holds every key of their customers, the accounts at which a CRM places them (and `moreKeys`): nothing else is received or decided on them meanwhile.
 *
 * Registrations come in the order of receipt. An unknown id is a defect of the caller.
 */
export async function inCustomerTransaction<T>(
  deps: ActivityDependencies,
  registrationIds: readonly string[],
  work: (trx: Transaction, registrations: readonly Registration[]) => Promise<T>,
  moreKeys: readonly CustomerKeyValue[] = [],
): Promise<T> {
  for (;;) {
    const known = await readRegistrations(deps.db, registrationIds);
    if (known.length !== new Set(registrationIds).size) {
      throw ApplicationFailure.create({
        type: 'RECORD_UNREADABLE',
        message: `registrations ${registrationIds.join(', ')}: not all of them are stored`,
        nonRetryable: true,
      });
    }
    const keysOf = ({ customer }: Registration): readonly CustomerKeyValue[] => lockKeys(customer, deps.freeMailDomains);
    const places = await placeKeysOf(deps.db, registrationIds);
    const outcome = await withCustomerLocks(deps.db, [...known.flatMap(keysOf), ...places, ...moreKeys], async (trx) => {
      const locked: Registration[] = [];
      for (const { registrationId, customer } of [...known].sort((a, b) => a.sequence - b.sequence)) {
        const registration = await lockRegistration(trx, registrationId);
        if (registration === null) continue;
        // An amendment was faster: the keys that are held are those of another customer.
        if (JSON.stringify(registration.customer) !== JSON.stringify(customer)) return null;
        locked.push(registration);
      }
      return { result: await work(trx, locked) };
    });
    if (outcome !== null) return outcome.result;
  }
}
