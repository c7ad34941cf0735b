import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { findMergeOf } from '../../store/crm-mirror.ts';
import { queuePush } from '../../store/push-queue.ts';
import { saveSyncNote, type Registration } from '../../store/registration.ts';
import { callOffClosing, closeWithOpportunities } from './close-with-opportunity.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { linkOpportunity } from './link-opportunity.ts';
import { askRule } from './notice-opportunity.ts';

/**
 * Takes over the opportunity that a rep set on the record of a locked registration, or emptied. Whether it has to be judged again for it is answered: a new link of
 * an approved registration is a conversion.
 *
 * `isCovered`: our write stands over it in the CRM, and it is to be written back. Where the CRM itself moved the link, since one opportunity was merged into another,
 * nobody took anything.
 */
export async function takeLink(
  trx: Transaction,
  deps: ActivityDependencies,
  connection: string,
  registration: Registration,
  {
    opportunity,
    before,
    isCovered,
    at,
  }: { readonly opportunity: string | null; readonly before: string | null; readonly isCovered: boolean; readonly at: Instant },
): Promise<{ readonly isConverted: boolean }> {
  const { registrationId, state } = registration;
  const isApproved = state.status === 'approved';
  const isMerged = before !== null && opportunity !== null && (await findMergeOf(trx, connection, before)) === opportunity;
  const linked = await linkOpportunity(trx, deps, registration, {
    connection,
    opportunity,
    primary: null,
    by: connection,
    at,
    from: isMerged ? 'followed' : isCovered ? 'covered' : 'crm',
    ...(isMerged ? { because: 'merged' as const } : {}),
  });
  // What it was about to be closed with is not its opportunity any more.
  if (state.closing !== null) await callOffClosing(trx, deps, connection, registration);
  if (opportunity !== null) await closeWithOpportunities(trx, deps, connection, [opportunity]);
  const wasTaken = isApproved && !isMerged && linked.before?.isPrimary === true;
  if (wasTaken) await askRule(trx, deps, [registration], 'C27_bypass');
  if (wasTaken && opportunity === null) {
    await saveSyncNote(trx, registrationId, 'The opportunity is not linked any more, or was deleted; the protection stays.', at);
    await queuePush(trx, [...deps.connections.keys()], 'registration', [registrationId]);
  }
  return { isConverted: isApproved && opportunity !== null };
}
