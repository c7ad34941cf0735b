import { ApplicationFailure } from '@temporalio/activity';
import { passTime } from '../../program/approval/pass-time.ts';
import { reconsider } from '../../program/approval/replace-step.ts';
import { askOn } from '../../program/approval/silence.ts';
import { askTheTop } from '../../program/approval/pass-time.ts';
import { isBeingHeard } from '../../program/hearing.ts';
import { isResolution } from '../../program/case-life.ts';
import { caseWorkflowId, type CaseProgress } from '../../program/messages.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { findCaseAnswer, saveCaseAnswer } from '../../store/case-command.ts';
import { findCase, lockCase, readMembers } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { readRegistrations, type Registration } from '../../store/registration.ts';
import { askingAboutCase } from '../approval/asking-about-case.ts';
import type { CaseActivities } from '../contract.ts';
import { caseApproval, isAwaited, renewCaseStep, saveCaseQuestion } from './case-step.ts';
import { inCustomerTransaction } from './customer-transaction.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { handOverCase } from './hand-over.ts';
import { refreshEvidence } from './refresh-evidence.ts';
import { settleBySilence, settleInTransaction } from './settle-case.ts';

/** What the workflow of a case asks for. Every call is one transaction and can be repeated. */
export function createCaseActivities(deps: ActivityDependencies): CaseActivities {
  const load = async (caseId: string): Promise<CaseProgress> => {
    const conflict = await findCase(deps.db, caseId);
    if (conflict === null)
      throw ApplicationFailure.create({ type: 'RECORD_UNREADABLE', message: `there is no case ${caseId}`, nonRetryable: true });
    return conflict.state;
  };
  const memberIds = async (caseId: string): Promise<readonly string[]> =>
    (await readMembers(deps.db, caseId)).map((member) => member.registrationId);

  return {
    loadCase: load,

    async settleCase(caseId, { commandId, command }, at) {
      const answer = await inCustomerTransaction(deps, await memberIds(caseId), async (trx, registrations) => {
        const known = await findCaseAnswer(trx, caseId, commandId);
        if (known !== null) return known;
        const settled = isResolution(command)
          ? await settleInTransaction(trx, deps, caseId, { ...command, commandId }, at, 'case')
          : await handOverCase(trx, deps, caseId, registrations, { ...command, commandId }, at);
        if (settled.kind === 'refused') {
          const wanted = isResolution(command) ? { outcome: command.outcome } : { command: command.kind };
          const details = { commandId, code: settled.code, ...wanted };
          await recordAudit(trx, { subject: caseWorkflowId(caseId), kind: 'refused', actor: command.actor, details, at });
        }
        // After what is recorded: everybody locks the case's history before its command.
        await saveCaseAnswer(trx, caseId, commandId, settled, at);
        return settled;
      });
      return { answer, progress: await load(caseId) };
    },

    async escalateCase(caseId, at) {
      // Silence that is a yes decides as a person would: the CRM is read again before.
      const { approval } = await load(caseId);
      if (approval !== null && (approval.whole?.silence === 'approve' || approval.steps.some(({ silence }) => silence === 'approve'))) {
        for (const registration of await readRegistrations(deps.db, await memberIds(caseId))) {
          if (registration.state.caseId === caseId) await refreshEvidence(deps, registration);
        }
      }
      await inCustomerTransaction(deps, await memberIds(caseId), (trx, registrations) =>
        passTimeOfCase(trx, deps, caseId, registrations, at),
      );
      return load(caseId);
    },
  };
}

/** What the audit calls it, by what was due. */
const KINDS = {
  whole: 'time of the whole over',
  silence: 'silence',
  absence: 'replaced',
  acknowledgement: 'acknowledgement missed',
  reminder: 'approver reminded',
} as const;

/** More than are ever due at one instant: what is left is due at once again, and carried out by the next call. */
const MOST_TURNS = 20;

/** Moves a case through everything that is due; then everybody who is asked is looked at again. */
async function passTimeOfCase(
  trx: Transaction,
  deps: ActivityDependencies,
  caseId: string,
  registrations: readonly Registration[],
  at: Instant,
): Promise<void> {
  let current = registrations;
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    if (!(await passOne(trx, deps, caseId, current, at))) break;
    current = await readRegistrations(
      trx,
      current.map(({ registrationId }) => registrationId),
    );
  }
  const conflict = await lockCase(trx, caseId);
  const approval = conflict === null ? null : caseApproval(conflict);
  if (conflict === null || approval === null) return;
  const next = reconsider(await askingAboutCase(trx, deps, conflict, current, at), approval);
  if (next === approval) return;
  const kind = next.lastNumber === approval.lastNumber ? 'absences noted' : 'replaced';
  await saveCaseQuestion(trx, deps, conflict, current, next, { kind, actor: 'program', at, ownerOf: null });
}

/** Carries out the first thing that is due. False: nothing is, or the case is settled. */
async function passOne(
  trx: Transaction,
  deps: ActivityDependencies,
  caseId: string,
  registrations: readonly Registration[],
  at: Instant,
): Promise<boolean> {
  const conflict = await lockCase(trx, caseId);
  const approval = conflict === null ? null : caseApproval(conflict);
  if (conflict === null || approval === null) return false;
  const asking = await askingAboutCase(trx, deps, conflict, registrations, at);
  const passed = passTime(asking, approval);
  if (passed.kind === 'nothing') return false;
  // Nobody waits for the arbiter while every claim is with its partner, or the sides are heard: silence means nothing then.
  const isSilence = passed.due.kind === 'silence' || passed.due.kind === 'whole';
  if (isSilence && (!isAwaited(caseId, registrations) || isBeingHeard(conflict.state, at))) {
    await renewCaseStep(trx, deps, conflict, registrations, at);
    return true;
  }
  const by = { actor: 'program', at, ownerOf: null };
  if (passed.kind === 'moved') {
    await saveCaseQuestion(trx, deps, conflict, registrations, passed.approval, { kind: kindOf(passed.due.kind, passed.approval), ...by });
    return true;
  }
  if (await settleBySilence(trx, deps, caseId, passed.decision, passed.step, at)) return true;
  const asked = passed.step === null ? askTheTop(asking, approval, 'not_deemed') : askOn(asking, approval, passed.step);
  await saveCaseQuestion(trx, deps, conflict, registrations, asked, { kind: 'escalated', ...by });
  return true;
}

/** Silence is told by what followed from it. */
function kindOf(due: keyof typeof KINDS, { steps }: { readonly steps: readonly { readonly reason: string }[] }): string {
  if (due !== 'silence') return KINDS[due];
  return steps.at(-1)?.reason === 'asked_again'
    ? 'asked_again'
    : steps.some(({ reason }) => reason === 'passed_on')
      ? 'reassigned'
      : 'escalated';
}
