import { ApplicationFailure } from '@temporalio/activity';
import { caseWorkflowId, type CaseProgress } from '../../program/messages.ts';
import { askOn, nextStep } from '../../program/review-step.ts';
import { recordAudit } from '../../store/audit.ts';
import { findCaseAnswer, saveCaseAnswer } from '../../store/case-command.ts';
import { findCase, lockCase, readMembers, saveCaseState } from '../../store/conflict-case.ts';
import { readPartners } from '../../store/partner.ts';
import { readRegistrations } from '../../store/registration.ts';
import type { CaseActivities } from '../contract.ts';
import { isAwaited, renewCaseStep } from './case-step.ts';
import { inCustomerTransaction } from './customer-transaction.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { excludedApprovers } from './excluded-approver.ts';
import { pinnedProgram } from './pinned-program.ts';
import { refreshEvidence } from './refresh-evidence.ts';
import { settleBySilence, settleInTransaction } from './settle-case.ts';
import { recordTransition } from './transition.ts';

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
      const answer = await inCustomerTransaction(deps, await memberIds(caseId), async (trx) => {
        const known = await findCaseAnswer(trx, caseId, commandId);
        if (known !== null) return known;
        const settled = await settleInTransaction(trx, deps, caseId, { ...command, commandId }, at, 'case');
        if (settled.kind === 'refused') {
          const details = { commandId, code: settled.code, outcome: command.outcome };
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
      if ((await load(caseId)).step?.silence === 'approve') {
        for (const registration of await readRegistrations(deps.db, await memberIds(caseId))) {
          if (registration.state.caseId === caseId) await refreshEvidence(deps, registration);
        }
      }
      await inCustomerTransaction(deps, await memberIds(caseId), async (trx, registrations) => {
        const conflict = await lockCase(trx, caseId);
        if (conflict === null || conflict.state.step === null || Date.parse(at) < Date.parse(conflict.state.step.dueAt)) return;
        const claimant = registrations.find((registration) => registration.state.caseId === caseId) ?? registrations[0];
        if (claimant === undefined) return;
        const program = pinnedProgram(deps, claimant);
        // Nobody waits for the arbiter while every claim is with its partner: silence means nothing then.
        if (!isAwaited(caseId, registrations)) {
          await renewCaseStep(trx, deps, program, conflict, conflict.state.step, claimant, at);
          return;
        }
        const [partner] = await readPartners(trx, [claimant.partnerId]);
        const registrationIds = registrations.map((registration) => registration.registrationId);
        const excluded = await excludedApprovers(trx, { registrationIds, opportunity: conflict.opportunity });
        const deciders = { excluded, spent: new Set(conflict.state.chain.granted.map(({ by }) => by)) };
        const asking = [program, conflict.state.step, partner?.manager ?? null, deciders, at, deps.calendarOf(program)] as const;
        const said = nextStep(...asking);
        if (said.kind === 'deemed' && (await settleBySilence(trx, deps, caseId, said.decision, at))) return;
        const result = said.kind === 'deemed' ? askOn(...asking) : said;
        const needsAttention = said.kind === 'deemed' || result.kind === 'asked_again' || result.step.approver === null;
        await saveCaseState(trx, caseId, { ...conflict.state, step: result.step, needsAttention }, null);
        await recordAudit(trx, {
          subject: `case/${caseId}`,
          kind: result.kind,
          actor: 'program',
          details: { step: result.step.name, approver: result.step.approver, dueAt: result.step.dueAt },
          at,
        });
        // Whoever looks at the registration sees who is asked now.
        for (const registration of registrations) {
          if (registration.state.caseId !== caseId || registration.state.status !== 'in_review') continue;
          await recordTransition(
            trx,
            deps,
            registration,
            { ...registration.state, step: result.step, needsAttention },
            { kind: 'case escalated', actor: 'program', at, byOwner: false },
          );
        }
      });
      return load(caseId);
    },
  };
}
