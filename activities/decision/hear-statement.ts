import { haveAllSpoken, isBeingHeard, refusalOfStatement } from '../../program/hearing.ts';
import { refuse, type Refusal } from '../../program/failures.ts';
import { caseWorkflowId } from '../../program/messages.ts';
import { isUndecided } from '../../program/registration-life.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { findCaseCommand } from '../../store/case-command.ts';
import { countStatements, insertStatement } from '../../store/case-statement.ts';
import { lockCase, saveCaseState } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import type { Registration } from '../../store/registration.ts';
import { renewCaseStep } from './case-step.ts';
import type { ActivityDependencies } from './dependencies.ts';

interface Statement {
  readonly commandId: string;
  readonly registrationId: string;
  readonly actor: string;
}

/**
 * Takes what one side says for itself. Its words are stored beside the command; the other sides never read them.
 *
 * Once all who stand have spoken, a hearing that still runs is over: the arbiter is asked anew, with the full time from now on.
 */
export async function hearStatement(
  trx: Transaction,
  deps: ActivityDependencies,
  caseId: string,
  registrations: readonly Registration[],
  { commandId, registrationId, actor }: Statement,
  at: Instant,
): Promise<{ readonly kind: 'done' } | Refusal> {
  const conflict = await lockCase(trx, caseId);
  if (conflict === null) return refuse('CASE_UNKNOWN', `There is no case ${caseId}.`);
  const counts = await countStatements(trx, caseId, conflict.state.hearing?.from ?? conflict.openedAt);
  const parties = registrations.map((registration) => ({
    registrationId: registration.registrationId,
    isStanding: isUndecided(registration.state.status) || registration.state.protection !== null,
    statements: counts.get(registration.registrationId) ?? 0,
  }));
  const refusal = refusalOfStatement(conflict.state, parties, registrationId);
  const speaker = registrations.find((registration) => registration.registrationId === registrationId);
  if (refusal !== null || speaker === undefined) return refusal ?? refuse('CASE_UNKNOWN', `There is no case ${caseId}.`);

  // One that was typed by hand in the Temporal UI has no words.
  if ((await findCaseCommand(trx, caseId, commandId)) === null) {
    return refuse(
      'COMMAND_INVALID',
      `There are no words stored for the statement ${commandId}; make it by POST /v1/cases/${caseId}/statements.`,
    );
  }
  const subject = caseWorkflowId(caseId);
  await recordAudit(trx, { subject, kind: 'stated', actor, details: { commandId, registrationId }, at });
  const { partnerId } = speaker;
  await insertStatement(trx, caseId, { id: commandId, registrationId, partnerId, by: actor, at });
  const spoken = parties.map((party) => (party.registrationId === registrationId ? { ...party, statements: party.statements + 1 } : party));
  const { state } = conflict;
  if (state.hearing !== null && isBeingHeard(state, at) && haveAllSpoken(spoken)) {
    const heard = { ...state, hearing: { ...state.hearing, until: at } };
    await recordAudit(trx, { subject, kind: 'heard', actor: 'program', details: { promised: state.hearing.until }, at });
    await saveCaseState(trx, caseId, heard, conflict.resolvedAt);
    await renewCaseStep(trx, deps, { ...conflict, state: heard }, registrations, at);
  }
  return { kind: 'done' };
}
