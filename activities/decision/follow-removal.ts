import type { Transaction } from '../../store/database.ts';
import { recordLeft } from '../../store/left-opportunity.ts';
import { findLinkedTo, type MirroredOpportunity } from '../../store/noticed-opportunity.ts';
import { lockRegistration, saveSyncNote } from '../../store/registration.ts';
import { callOffClosing } from './close-with-opportunity.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { linkOpportunity } from './link-opportunity.ts';

/**
 * Opportunities that are gone: one that was merged takes its registrations along to the one that stays, one that was deleted leaves them without. Protections stay, and
 * what a registration was about to be closed with is called off. The record in the CRM is told, since not every CRM empties what points to nothing.
 */
export async function followRemoval(
  trx: Transaction,
  deps: ActivityDependencies,
  connection: string,
  gone: readonly MirroredOpportunity[],
): Promise<void> {
  const survivors = new Map(gone.map(({ remoteId, mergedInto }) => [remoteId, mergedInto]));
  for (const { registrationId, opportunity } of await findLinkedTo(trx, connection, [...survivors.keys()])) {
    const registration = await lockRegistration(trx, registrationId);
    if (registration === null) continue;
    const at = deps.now();
    const survivor = survivors.get(opportunity) ?? null;
    await linkOpportunity(trx, deps, registration, {
      connection,
      opportunity: survivor,
      primary: null,
      by: connection,
      at,
      from: 'followed',
      because: survivor === null ? 'deleted' : 'merged',
    });
    if (survivor !== null) continue;
    await recordLeft(trx, registrationId, connection, opportunity);
    const { status, closing } = registration.state;
    const stays = status === 'approved' ? ', and the protection stays' : '';
    await saveSyncNote(trx, registrationId, `The opportunity was deleted in the CRM: the registration is linked to none now${stays}.`, at);
    if (closing !== null) await callOffClosing(trx, deps, connection, registration);
  }
}
