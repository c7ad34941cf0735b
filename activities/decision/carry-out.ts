import { refusalOf } from '../../program/command-refusal.ts';
import { registrationWorkflowId, type CommandAnswer, type RegistrationMessage } from '../../program/messages.ts';
import { closed, type RegistrationCommand } from '../../program/registration-life.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { askedBy, findCommand, saveCommandOutcome, storeCommand, type StoredCommand } from '../../store/command.ts';
import { readMembers } from '../../store/conflict-case.ts';
import type { CustomerKeyValue } from '../../store/customer.ts';
import type { Transaction } from '../../store/database.ts';
import { queuePush } from '../../store/push-queue.ts';
import { lockKeys } from '../../store/receipt.ts';
import { findRegistration, readRegistrations, saveSyncNote, type Registration } from '../../store/registration.ts';
import { findUserName } from '../../store/user-address.ts';
import { amendInTransaction, lockKeysOfAmendment } from './amend.ts';
import { answerNote } from './answer-note.ts';
import { appeal } from './appeal.ts';
import { closeInTime } from './close-in-time.ts';
import { inCustomerTransaction } from './customer-transaction.ts';
import { decide } from './decide.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { requestExtension } from './extend.ts';
import { createByCommand, linkByCommand, unlinkByCommand } from './link-command.ts';
import { revokeInTransaction } from './revoke.ts';
import { comment, handOver } from './hand-over.ts';
import { requestTransfer } from './transfer.ts';
import { recordTransition } from './transition.ts';

/**
 * Carries out one command in one transaction, once: the same command id answers what it answered before.
 *
 * A refusal is a value, is kept in the audit, and where the command was made in a CRM it is written on the record (`Sync_Note__c`).
 */
export async function carryOutCommand(
  deps: ActivityDependencies,
  registrationId: string,
  message: RegistrationMessage,
  at: Instant,
): Promise<CommandAnswer> {
  const { commandId, command } = message;
  const stored = await findCommand(deps.db, registrationId, commandId);
  if (stored !== null && stored.outcome !== null) return stored.outcome;
  const moreKeys = await keysBeyond(deps, registrationId, command, stored);
  return inCustomerTransaction(
    deps,
    [registrationId],
    async (trx, [registration]) => {
      const again = await findCommand(trx, registrationId, commandId);
      if (again !== null && again.outcome !== null) return again.outcome;
      const locked = registration as Registration;
      const answer = refusalOf(locked.state, command, at) ?? (await apply(trx, deps, locked, command, stored, at));
      if (answer.kind === 'refused') {
        await recordAudit(trx, {
          subject: registrationWorkflowId(registrationId),
          kind: 'refused',
          actor: command.actor,
          details: { commandId, command: command.kind, code: answer.code },
          at,
        });
      }
      // After what is recorded: everybody locks the claim's history before its command. What was typed by hand is known from here on, and so done once.
      if (again === null) await storeCommand(trx, registrationId, { commandId, command, comment: null }, at);
      await saveCommandOutcome(trx, registrationId, commandId, answer);
      if (commandId.startsWith('crm:')) await answerOnRecord(trx, deps, locked, command, answer, at);
      return answer;
    },
    moreKeys,
  );
}

/** Other customers that the command reaches: the one that an amendment changes to, and those of the claims that share a case. */
async function keysBeyond(
  deps: ActivityDependencies,
  registrationId: string,
  command: RegistrationCommand,
  stored: StoredCommand | null,
): Promise<readonly CustomerKeyValue[]> {
  if (command.kind === 'amend') return stored === null ? [] : lockKeysOfAmendment(deps, stored);
  if (command.kind !== 'decide') return [];
  const caseId = (await findRegistration(deps.db, registrationId))?.state.caseId ?? null;
  const members = caseId === null ? [] : await readMembers(deps.db, caseId);
  const registrations = await readRegistrations(
    deps.db,
    members.map((member) => member.registrationId),
  );
  return registrations.flatMap(({ customer }) => lockKeys(customer, deps.freeMailDomains));
}

async function answerOnRecord(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  command: RegistrationCommand,
  answer: CommandAnswer,
  at: Instant,
): Promise<void> {
  const { registrationId, state } = registration;
  const after = (await findRegistration(trx, registrationId))?.state.status ?? state.status;
  const name = await findUserName(trx, command.actor);
  const note = answerNote({ command, answer, name, status: { before: state.status, after }, at });
  await saveSyncNote(trx, registrationId, note, at);
  await queuePush(trx, [...deps.connections.keys()], 'registration', [registrationId]);
}

async function apply(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  command: RegistrationCommand,
  stored: StoredCommand | null,
  at: Instant,
): Promise<CommandAnswer> {
  const { state } = registration;
  const occasion = { actor: command.actor, at, byOwner: true, details: askedBy(stored) };
  switch (command.kind) {
    case 'decide':
      return decide(trx, deps, registration, command, stored, at);
    case 'amend':
      return amendInTransaction(trx, deps, registration, stored, at);
    case 'withdraw':
      await recordTransition(trx, deps, registration, { ...closed(state), status: 'withdrawn' }, { kind: 'withdrawn', ...occasion });
      return { kind: 'done' };
    case 'close':
      await closeInTime(trx, deps, registration, command.outcome, occasion);
      return { kind: 'done' };
    case 'reopen':
      await recordTransition(trx, deps, registration, { ...state, closing: null }, { kind: 'opportunity reopened', ...occasion });
      return { kind: 'done' };
    case 'extend':
      return requestExtension(trx, deps, registration, command.days, occasion);
    case 'revoke':
      return revokeInTransaction(trx, deps, registration, stored?.comment ?? 'Revoked.', occasion);
    case 'transfer':
      return requestTransfer(trx, deps, registration, command.partnerId, occasion);
    case 'delegate':
    case 'reassign':
      return handOver(trx, deps, registration, command, occasion);
    case 'comment':
      return comment(trx, deps, registration, command, stored, occasion);
    case 'link':
    case 'relink':
      return linkByCommand(trx, deps, registration, command, occasion);
    case 'unlink':
      return unlinkByCommand(trx, deps, registration, command, occasion);
    case 'create_opportunity':
      return createByCommand(trx, deps, registration, command, occasion);
    case 'appeal':
      return appeal(trx, deps, registration, stored, occasion);
  }
}
