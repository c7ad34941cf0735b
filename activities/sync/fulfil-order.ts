import { registrationWorkflowId } from '../../program/messages.ts';
import { mayBePrimary } from '../../program/registration-life.ts';
import { recordAudit } from '../../store/audit.ts';
import type { Transaction } from '../../store/database.ts';
import { queuePrimaries } from '../../store/opportunity-link.ts';
import { closeOrders, type OpportunityOrder } from '../../store/opportunity-order.ts';
import { readPlaces } from '../../store/place.ts';
import { queuePush } from '../../store/push-queue.ts';
import { lockRegistration, saveSyncNote } from '../../store/registration.ts';
import { raiseIssue } from '../../store/sync-issue.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { linkOpportunity } from '../decision/link-opportunity.ts';

const OPPORTUNITY_LEFT_OVER = 'OPPORTUNITY_LEFT_OVER';

/** An opportunity that was made for a registration, or was found to have been. */
export interface MadeOpportunity {
  readonly registrationId: string;
  readonly connection: string;
  readonly opportunity: string;
  /** Null: it is not wanted any more. */
  readonly order: OpportunityOrder | null;
}

/**
 * Links a registration to the opportunity that was made for it, once. Where somebody linked another one while it was being made, or the registration ended before
 * the answer came, what was made is told as left over: what becomes of it is the rep's to say.
 */
export async function fulfilOrder(trx: Transaction, deps: ActivityDependencies, made: MadeOpportunity): Promise<void> {
  const { registrationId, connection, opportunity, order } = made;
  const registration = await lockRegistration(trx, registrationId);
  await closeOrders(trx, connection, [registrationId]);
  if (registration === null) return;
  const place = (await readPlaces(trx, connection, [registrationId])).get(registrationId);
  const linked = place?.opportunity ?? null;
  if (linked === opportunity) return;
  if (linked !== null) return tellLeftOver(trx, deps, made, `was linked to ${linked} meanwhile`);
  if (order === null) return tellLeftOver(trx, deps, made, `is ${registration.state.status} now and linked to none`);
  const primary = mayBePrimary(registration.state.status) ? true : null;
  const [at, by] = [deps.now(), order.askedBy];
  await linkOpportunity(trx, deps, registration, { connection, opportunity, primary, by, at, from: 'command', because: 'made' });
}

async function tellLeftOver(
  trx: Transaction,
  deps: ActivityDependencies,
  { registrationId, connection, opportunity, order }: MadeOpportunity,
  why: string,
): Promise<void> {
  const at = deps.now();
  const message = `Opportunity ${opportunity} was made for the registration, which ${why}.`;
  const remedy = 'Delete it in the CRM, or link the registration to it; then skip the issue.';
  const issue = { category: 'conflict', code: OPPORTUNITY_LEFT_OVER, message, remedy } as const;
  await raiseIssue(trx, deps.newId(), { connection, objectType: 'opportunity', localId: null, remoteId: opportunity, ...issue }, at);
  await saveSyncNote(trx, registrationId, message, at);
  // It was made as the opportunity of the registration, which it is not.
  await queuePrimaries(trx, connection, [opportunity]);
  await queuePush(trx, [connection], 'registration', [registrationId]);
  await recordAudit(trx, {
    subject: registrationWorkflowId(registrationId),
    kind: 'opportunity left over',
    actor: order?.askedBy ?? connection,
    details: { connection, opportunity },
    at,
  });
}
