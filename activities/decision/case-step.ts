import type { CaseCommand } from '../../program/case-life.ts';
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
import { recordTransition } from './transition.ts';

/** True while somebody in this case waits for its arbiter, or an approved claim is contested in it: a claim that was returned waits for its partner. */
export function isAwaited(caseId: string, registrations: readonly Registration[]): boolean {
  return registrations.some(({ state }) => state.caseId === caseId && (state.status === 'in_review' || state.status === 'approved'));
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
  const again = { role: asked.role, deadline: asked.deadline ?? null, silence: asked.silence };
  const spent = new Set(conflict.state.chain.granted.map(({ by }) => by));
  const step = openStep(program, again, partner?.manager ?? null, { excluded, spent }, at, deps.calendarOf(program));
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

/** `by` agrees with `wanted`, and the next role of the case's chain is asked whether it agrees too. Everybody who claims in it sees who is asked now. */
export async function askNextOfCase(
  trx: Transaction,
  deps: ActivityDependencies,
  conflict: ConflictCase,
  registrations: readonly Registration[],
  { actor, outcome, registrationId, commandId }: CaseCommand & { readonly commandId?: string },
  at: Instant,
  asker: 'case' | { readonly registrationId: string },
): Promise<void> {
  const { chain, step } = conflict.state;
  const [next, ...rest] = chain.rest;
  const claimant = registrations.find(({ state }) => state.caseId === conflict.id) ?? registrations[0];
  if (next === undefined || claimant === undefined) throw new RangeError(`case ${conflict.id} has nobody left to ask`);
  const program = pinnedProgram(deps, claimant);
  const granted = [...chain.granted, { role: step?.role ?? '', by: actor }];
  const [partner] = await readPartners(trx, [claimant.partnerId]);
  const subject = { registrationIds: registrations.map((registration) => registration.registrationId), opportunity: conflict.opportunity };
  const deciders = { excluded: await excludedApprovers(trx, subject), spent: new Set(granted.map(({ by }) => by)) };
  const asked = openStep(program, next, partner?.manager ?? null, deciders, at, deps.calendarOf(program), claimant.submittedAt);
  const needsAttention = asked.approver === null;
  const proposed = { outcome, registrationId };
  await saveCaseState(trx, conflict.id, { ...conflict.state, step: asked, chain: { granted, rest }, proposed, needsAttention }, null);
  const by = commandId === undefined ? {} : { commandId };
  const details = { outcome, registrationId, step: asked.name, approver: asked.approver, dueAt: asked.dueAt, ...by };
  await recordAudit(trx, { subject: caseWorkflowId(conflict.id), kind: 'agreed', actor, details, at });
  if (asker !== 'case') await enqueue(trx, caseWorkflowId(conflict.id), { kind: 'refresh_case', payload: {} });
  for (const registration of registrations) {
    const { state } = registration;
    if (state.caseId !== conflict.id || state.status !== 'in_review') continue;
    const byOwner = asker !== 'case' && asker.registrationId === registration.registrationId;
    await recordTransition(trx, deps, registration, { ...state, step: asked, needsAttention }, { kind: 'case agreed', actor, at, byOwner });
  }
}
