import { registrationWorkflowId } from '../../program/messages.ts';
import type { RegistrationCommand } from '../../program/registration-life.ts';
import { storeCommand } from '../../store/command.ts';
import type { Transaction } from '../../store/database.ts';
import { enqueue } from '../../store/outbox.ts';
import { findClosingWith, readOpportunityOutcome } from '../../store/place.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';

/**
 * The rep's opportunity closes the approved registrations that are linked to it: won or lost. Nothing happens while it is open.
 * One approval is closed once by one closing of the opportunity, however often that is captured.
 */
export async function closeWithOpportunity(
  trx: Transaction,
  deps: Pick<ActivityDependencies, 'now'>,
  connection: string,
  opportunityId: string,
): Promise<void> {
  const outcome = await readOpportunityOutcome(trx, connection, opportunityId);
  if (outcome === null) return;
  const at = deps.now();
  for (const { registrationId, approvedAt } of outcome.registrations) {
    const commandId = `crm:${connection}:${opportunityId}:${outcome.kind}:${Date.parse(outcome.stamp)}:${approvedAt}`;
    const command: RegistrationCommand = { kind: 'close', outcome: outcome.kind, actor: outcome.owner ?? connection };
    if ((await storeCommand(trx, registrationId, { commandId, command, comment: null }, at)) === 'stored') {
      await enqueue(trx, registrationWorkflowId(registrationId), { kind: 'command_registration', payload: { commandId } });
    }
  }
}

/** Opportunities that are open, perhaps again: a registration that was about to be closed with one of them stays as it is. */
export async function stayOpenWithOpportunities(
  trx: Transaction,
  deps: Pick<ActivityDependencies, 'now'>,
  connection: string,
  openIds: readonly string[],
): Promise<void> {
  for (const registration of await findClosingWith(trx, connection, openIds)) await callOffClosing(trx, deps, connection, registration);
}

/** One closing is called off once; a later one has another time. */
export async function callOffClosing(
  trx: Transaction,
  deps: Pick<ActivityDependencies, 'now'>,
  connection: string,
  { registrationId, state }: Pick<Registration, 'registrationId' | 'state'>,
): Promise<void> {
  const commandId = `crm:${connection}:reopened:${state.closing?.at ?? ''}`;
  const command: RegistrationCommand = { kind: 'reopen', actor: connection };
  if ((await storeCommand(trx, registrationId, { commandId, command, comment: null }, deps.now())) === 'stored') {
    await enqueue(trx, registrationWorkflowId(registrationId), { kind: 'command_registration', payload: { commandId } });
  }
}
