import { registrationWorkflowId } from '../../program/messages.ts';
import type { RegistrationCommand } from '../../program/registration-life.ts';
import { storeCommand } from '../../store/command.ts';
import type { Transaction } from '../../store/database.ts';
import { enqueue } from '../../store/outbox.ts';
import { findClosingWith, readOpportunityOutcomes } from '../../store/place.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';

/**
 * The rep's opportunities close the approved registrations that are linked to them: won or lost. Those that are open, or unknown, close nothing. It is one look
 * however many they are; only a registration that is closed costs more.
 *
 * One approval is closed once by one closing of the opportunity, however often that is captured; a link that was made anew is another one.
 */
export async function closeWithOpportunities(
  trx: Transaction,
  deps: Pick<ActivityDependencies, 'now'>,
  connection: string,
  opportunityIds: readonly string[],
): Promise<void> {
  const at = deps.now();
  for (const outcome of await readOpportunityOutcomes(trx, connection, opportunityIds)) {
    const { opportunity, kind, stamp, owner, registrationId, approvedAt, linkedAt } = outcome;
    const link = linkedAt === null ? '' : `:${linkedAt}`;
    const commandId = `crm:${connection}:${opportunity}:${kind}:${Date.parse(stamp)}:${approvedAt}${link}`;
    const command: RegistrationCommand = { kind: 'close', outcome: kind, actor: owner ?? connection };
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
