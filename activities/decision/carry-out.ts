import type { Program } from '../../program/definition/program.ts';
import { refuse, type Refusal } from '../../program/failures.ts';
import { registrationWorkflowId, type CommandAnswer, type RegistrationMessage } from '../../program/messages.ts';
import { extendProtection } from '../../program/protection.ts';
import { refusalOf, type RegistrationCommand, type RegistrationState } from '../../program/registration-life.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { findCommand, saveCommandOutcome, type StoredCommand } from '../../store/command.ts';
import { findCase, readMembers } from '../../store/conflict-case.ts';
import type { CustomerKeyValue } from '../../store/customer.ts';
import type { Transaction } from '../../store/database.ts';
import { moveProtectionEnd } from '../../store/protection.ts';
import { queuePush } from '../../store/push-queue.ts';
import { lockKeys } from '../../store/receipt.ts';
import { findRegistration, readRegistrations, saveSyncNote, type Registration } from '../../store/registration.ts';
import { amendInTransaction, lockKeysOfAmendment } from './amend.ts';
import { openAppealStep } from './appeal-step.ts';
import { inCustomerTransaction } from './customer-transaction.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { refusalOfApprover } from './excluded-approver.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { approvedState, deniedState } from './judge.ts';
import { pinnedProgram } from './pinned-program.ts';
import { settleInTransaction } from './settle-case.ts';
import { recordTransition } from './transition.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

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
      await saveCommandOutcome(trx, registrationId, commandId, answer);
      if (answer.kind === 'refused') {
        await recordAudit(trx, {
          subject: registrationWorkflowId(registrationId),
          kind: 'refused',
          actor: command.actor,
          details: { commandId, command: command.kind, code: answer.code },
          at,
        });
      }
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
  const asked = command.kind === 'decide' ? command.decision : command.kind;
  const note =
    answer.kind === 'done' ? `${asked} by ${command.actor}: done at ${at}.` : `${asked} by ${command.actor} was refused: ${answer.message}`;
  await saveSyncNote(trx, registration.registrationId, note, at);
  await queuePush(trx, [...deps.connections.keys()], 'registration', [registration.registrationId]);
}

async function apply(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  command: RegistrationCommand,
  stored: StoredCommand | null,
  at: Instant,
): Promise<CommandAnswer> {
  const program = pinnedProgram(deps, registration);
  const { state } = registration;
  const occasion = { actor: command.actor, at, byOwner: true };
  switch (command.kind) {
    case 'decide':
      return decide(trx, deps, registration, command, stored, at);
    case 'amend':
      return amendInTransaction(trx, deps, registration, stored, at);
    case 'withdraw': {
      const withdrawn: RegistrationState = { ...closed(state), status: 'withdrawn' };
      await recordTransition(trx, deps, registration, withdrawn, { kind: 'withdrawn', ...occasion });
      return { kind: 'done' };
    }
    case 'close': {
      await recordTransition(
        trx,
        deps,
        registration,
        { ...closed(state), status: command.outcome },
        { kind: command.outcome, ...occasion },
      );
      return { kind: 'done' };
    }
    case 'extend': {
      const protection = state.protection;
      if (protection === null) return refuse('EXTENSION_NOT_ALLOWED', 'There is no protection to extend.');
      const extended = extendProtection(program, protection, state.extensionsUsed, command.days, at);
      if (extended.kind === 'refused') return extended;
      await moveProtectionEnd(trx, registration.registrationId, extended.protection.until);
      const next = { ...state, protection: extended.protection, extensionsUsed: state.extensionsUsed + 1 };
      await recordTransition(trx, deps, registration, next, { kind: 'extended', ...occasion });
      return { kind: 'done' };
    }
    case 'appeal': {
      const step = await openAppealStep(trx, deps, program, registration.registrationId, at);
      const { waitlistedUntil, waitlistedBehind } = state;
      const next: RegistrationState = {
        ...closed(state),
        // Whoever appeals in vain keeps the place on the waitlist.
        waitlistedUntil,
        waitlistedBehind,
        status: 'in_review',
        step,
        decision: null,
        appealed: true,
        needsAttention: step.approver === null,
      };
      await recordTransition(trx, deps, registration, next, { kind: 'appealed', ...occasion });
      return { kind: 'done' };
    }
  }
}

/** Everything open is closed: no step, no case, no waiting, no protection. */
function closed(state: RegistrationState): RegistrationState {
  return {
    ...state,
    step: null,
    caseId: null,
    waitingFor: [],
    returnedUntil: null,
    protection: null,
    appealUntil: null,
    waitlistedUntil: null,
    waitlistedBehind: [],
    needsAttention: false,
  };
}

async function decide(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  command: Extract<RegistrationCommand, { kind: 'decide' }>,
  stored: StoredCommand | null,
  at: Instant,
): Promise<{ kind: 'done' } | Refusal> {
  const program = pinnedProgram(deps, registration);
  const { state, registrationId } = registration;
  const { actor, decision } = command;
  const occasion = { actor, at, byOwner: true };
  const opportunity = state.caseId === null ? null : ((await findCase(trx, state.caseId))?.opportunity ?? null);
  const excluded = await refusalOfApprover(trx, { registrationIds: [registrationId], opportunity }, actor);
  if (excluded !== null) return excluded;
  if (decision === 'return') {
    const returnedUntil = new Date(Date.parse(at) + program.returned.lapseAfterDays * DAY_MS).toISOString();
    await recordTransition(
      trx,
      deps,
      registration,
      { ...state, status: 'returned', step: null, returnedUntil, needsAttention: false },
      { kind: 'returned', ...occasion },
    );
    return { kind: 'done' };
  }
  if (state.caseId !== null) {
    const outcome = decision === 'approve' ? 'award' : 'deny';
    return settleInTransaction(trx, deps, state.caseId, { outcome, registrationId, actor }, at, { registrationId });
  }
  const reasons = [{ rule: 'decided_by_person', message: stored?.comment ?? (decision === 'approve' ? 'Approved.' : 'Denied.') }];
  if (decision === 'deny') {
    const { waitlistedUntil, waitlistedBehind } = state;
    const denied = { ...deniedState(program, state, reasons, at, actor, null), waitlistedUntil, waitlistedBehind };
    await recordTransition(trx, deps, registration, denied, { kind: 'denied', ...occasion });
    return { kind: 'done' };
  }
  if (await isHeldByAnother(trx, deps, program, registration, at)) return HELD_BY_ANOTHER;
  const approved = await approvedState(trx, program, registration, state, reasons, at, actor, false);
  if (approved.kind === 'held') return HELD_BY_ANOTHER;
  await recordTransition(trx, deps, registration, approved.state, { kind: 'approved', ...occasion });
  return { kind: 'done' };
}

const HELD_BY_ANOTHER = refuse(
  'PROTECTION_HELD_BY_ANOTHER',
  'Another registration holds the protection of this customer and product line; settle that first, or deny this one.',
);

/** By the rules' own measure: two records of one customer need not share a key, so the index on protections does not see everything. */
async function isHeldByAnother(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  at: Instant,
): Promise<boolean> {
  const { rivals, settled } = await gatherEvidence(trx, deps, program, registration, at);
  const settledWith = new Set(settled.flatMap((conflict) => conflict.with));
  return rivals.some(
    ({ registrationId, match, protectedLines }) =>
      match.band === 'exact' && !settledWith.has(registrationId) && protectedLines.some((line) => registration.productLines.includes(line)),
  );
}
