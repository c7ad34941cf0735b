import { registrationWorkflowId } from '../../program/messages.ts';
import { mayBePrimary } from '../../program/registration-life.ts';
import { recordAudit } from '../../store/audit.ts';
import type { Transaction } from '../../store/database.ts';
import { closeOrders, type OpportunityOrder } from '../../store/opportunity-order.ts';
import { readPlaces } from '../../store/place.ts';
import { queuePush } from '../../store/push-queue.ts';
import { lockRegistration, saveSyncNote } from '../../store/registration.ts';
import { raiseIssue } from '../../store/sync-issue.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { linkOpportunity } from '../decision/link-opportunity.ts';

/**
 * Links a registration to the opportunity that was made for it, once. Where somebody linked another one while it was being made, that link stands, and the one that was
 * made is told as left over: what becomes of it is the rep's to say.
 */
export async function fulfilOrder(
  trx: Transaction,
  deps: ActivityDependencies,
  order: OpportunityOrder,
  opportunity: string,
): Promise<void> {
  const { registrationId, connection, askedBy } = order;
  const registration = await lockRegistration(trx, registrationId);
  await closeOrders(trx, connection, [registrationId]);
  if (registration === null) return;
  const at = deps.now();
  const place = (await readPlaces(trx, connection, [registrationId])).get(registrationId);
  const other = place?.opportunity ?? null;
  if (other !== null && other !== opportunity) {
    const message = `Opportunity ${opportunity} was made for the registration, which was linked to ${other} meanwhile.`;
    await raiseIssue(
      trx,
      deps.newId(),
      {
        connection,
        objectType: 'opportunity',
        localId: null,
        remoteId: opportunity,
        category: 'conflict',
        code: 'OPPORTUNITY_LEFT_OVER',
        message,
        remedy: 'Delete it in the CRM, or relink the registration to it; then skip the issue.',
      },
      at,
    );
    await saveSyncNote(trx, registrationId, message, at);
    await queuePush(trx, [connection], 'registration', [registrationId]);
    const details = { connection, opportunity, linked: other };
    await recordAudit(trx, { subject: registrationWorkflowId(registrationId), kind: 'opportunity left over', actor: askedBy, details, at });
    return;
  }
  const primary = mayBePrimary(registration.state.status) ? true : null;
  await linkOpportunity(trx, deps, registration, { connection, opportunity, primary, by: askedBy, at, from: 'command', because: 'made' });
}
