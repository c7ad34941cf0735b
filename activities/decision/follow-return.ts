import type { Transaction } from '../../store/database.ts';
import { findLeft } from '../../store/left-opportunity.ts';
import { readPlaces } from '../../store/place.ts';
import { lockRegistration, saveSyncNote } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { linkOpportunity } from './link-opportunity.ts';

/**
 * Opportunities that were brought back after they had been deleted: the registrations that were linked to them are linked again, unless they are linked to another one
 * by now. The record in the CRM is told, since an undelete does not fill lookups that the deletion has emptied.
 */
export async function followReturn(
  trx: Transaction,
  deps: ActivityDependencies,
  connection: string,
  opportunityIds: readonly string[],
): Promise<void> {
  for (const { registrationId, opportunity } of await findLeft(trx, connection, opportunityIds)) {
    const registration = await lockRegistration(trx, registrationId);
    const place = (await readPlaces(trx, connection, [registrationId])).get(registrationId);
    if (registration === null || (place?.opportunity ?? null) !== null) continue;
    const at = deps.now();
    await linkOpportunity(trx, deps, registration, {
      connection,
      opportunity,
      primary: null,
      by: connection,
      at,
      from: 'followed',
      because: 'restored',
    });
    await saveSyncNote(trx, registrationId, 'The opportunity was brought back in the CRM: the registration is linked to it again.', at);
  }
}
