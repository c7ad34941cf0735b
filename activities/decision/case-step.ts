import type { Program } from '../../program/definition/program.ts';
import { caseWorkflowId } from '../../program/messages.ts';
import { openStep, type ReviewStep } from '../../program/review-step.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { lockCase, readMembers, saveCaseState, type ConflictCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { enqueue } from '../../store/outbox.ts';
import { readPartners } from '../../store/partner.ts';
import { readRegistrations, type Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { excludedApprovers } from './excluded-approver.ts';
import { pinnedProgram } from './pinned-program.ts';

/** True while somebody who claims in this case waits for its arbiter: a claim that was returned waits for its partner. */
export function isAwaited(caseId: string, registrations: readonly Registration[]): boolean {
  return registrations.some(({ state }) => state.caseId === caseId && state.status === 'in_review');
}

/** The question of a case put again to the role that has it, with a full deadline from `at`. */
export async function renewCaseStep(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  conflict: ConflictCase,
  asked: ReviewStep,
  claimant: Registration,
  at: Instant,
): Promise<ReviewStep> {
  const [partner] = await readPartners(trx, [claimant.partnerId]);
  const registrationIds = (await readMembers(trx, conflict.id)).map((member) => member.registrationId);
  const excluded = await excludedApprovers(trx, { registrationIds, opportunity: conflict.opportunity });
  const step = openStep(program, asked.role, partner?.manager ?? null, excluded, at, deps.calendarOf(program));
  await saveCaseState(trx, conflict.id, { ...conflict.state, step, needsAttention: step.approver === null }, null);
  await recordAudit(trx, {
    subject: caseWorkflowId(conflict.id),
    kind: 'asked anew',
    actor: 'program',
    details: { step: step.name, approver: step.approver, dueAt: step.dueAt },
    at,
  });
  return step;
}

/** The first claim that comes back to its case from its partner: the arbiter has not kept anybody waiting meanwhile, and gets the full time. */
export async function resumeCase(trx: Transaction, deps: ActivityDependencies, claimant: Registration, at: Instant): Promise<void> {
  const { caseId } = claimant.state;
  const conflict = caseId === null ? null : await lockCase(trx, caseId);
  if (conflict === null || conflict.state.step === null) return;
  const members = (await readMembers(trx, conflict.id)).map((member) => member.registrationId);
  const others = await readRegistrations(
    trx,
    members.filter((id) => id !== claimant.registrationId),
  );
  if (isAwaited(conflict.id, others)) return;
  await renewCaseStep(trx, deps, pinnedProgram(deps, claimant), conflict, conflict.state.step, claimant, at);
  await enqueue(trx, caseWorkflowId(conflict.id), { kind: 'refresh_case', payload: {} });
}
