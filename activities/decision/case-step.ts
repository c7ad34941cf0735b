import { answeredBy, needsAttention, withStep, type Approval } from '../../program/approval/approval.ts';
import { grantStep } from '../../program/approval/open-approval.ts';
import { openStep, type ReviewStep } from '../../program/approval/step.ts';
import { clockStart } from '../../program/hearing.ts';
import type { Resolution } from '../../program/case-life.ts';
import { caseWorkflowId } from '../../program/messages.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { lockCase, readMembers, saveCaseState, type ConflictCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { enqueue } from '../../store/outbox.ts';
import { readRegistrations, type Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { askingAboutCase } from '../approval/asking-about-case.ts';
import { followQuestions } from '../approval/follow-questions.ts';
import { recordTransition } from './transition.ts';

/** True while somebody in this case waits for its arbiter, or an approved claim is contested in it: a claim that was returned waits for its partner. */
export function isAwaited(caseId: string, registrations: readonly Registration[]): boolean {
  return registrations.some(({ state }) => state.caseId === caseId && (state.status === 'in_review' || state.status === 'approved'));
}

/** A case's question as it is put on, numbered so that whoever is asked next gets a number that none has. */
export function caseApproval({ state }: ConflictCase): Approval | null {
  return state.approval === null ? null : { ...state.approval, lastNumber: Math.max(state.approval.lastNumber, state.questions) };
}

export interface CaseOccasion {
  readonly kind: string;
  readonly actor: string;
  readonly at: Instant;
  /** The registration whose own workflow moves the case; null: the case's. */
  readonly ownerOf: string | null;
  readonly details?: object;
}

/** Stores where the case's question stands now, and tells everybody who claims in it: whoever looks at the registration sees who is asked. */
export async function saveCaseQuestion(
  trx: Transaction,
  deps: ActivityDependencies,
  conflict: ConflictCase,
  registrations: readonly Registration[],
  approval: Approval,
  occasion: CaseOccasion,
  proposed: ConflictCase['state']['proposed'] = conflict.state.proposed,
): Promise<void> {
  const { kind, actor, at, ownerOf, details = {} } = occasion;
  const subject = caseWorkflowId(conflict.id);
  const isUrgent = needsAttention(approval);
  const { state } = conflict;
  await saveCaseState(
    trx,
    conflict.id,
    { ...state, approval, questions: Math.max(state.questions, approval.lastNumber), proposed, needsAttention: isUrgent },
    null,
  );
  const [first] = registrations;
  const claimant = registrations.find((registration) => registration.state.caseId === conflict.id) ?? first;
  if (claimant === undefined) throw new RangeError(`case ${conflict.id} has no members`);
  await followQuestions(trx, deps, {
    subject,
    registration: claimant,
    conflict,
    before: state.approval === null ? [] : [state.approval],
    after: [approval],
    by: actor,
    answer: kind,
    at,
  });
  const steps = approval.steps.map(({ name, approver, dueAt }) => ({ step: name, approver, dueAt }));
  await recordAudit(trx, { subject, kind, actor, details: { ...details, ...steps[0], ...(steps.length > 1 ? { steps } : {}) }, at });
  for (const registration of registrations) {
    if (registration.state.caseId !== conflict.id || registration.state.status !== 'in_review') continue;
    const next = { ...registration.state, approval, needsAttention: isUrgent };
    await recordTransition(trx, deps, registration, next, {
      kind: `case ${kind}`,
      actor,
      at,
      byOwner: ownerOf === registration.registrationId,
    });
  }
}

/** The question of a case put again to whom it was put, with a full deadline from `at`, or from the end of the hearing. */
export async function renewCaseStep(
  trx: Transaction,
  deps: ActivityDependencies,
  conflict: ConflictCase,
  registrations: readonly Registration[],
  at: Instant,
): Promise<void> {
  const approval = caseApproval(conflict);
  if (approval === null) return;
  const asking = { ...(await askingAboutCase(trx, deps, conflict, registrations, at)), at: clockStart(conflict.state, at) };
  const spent = new Set(approval.granted.map(({ by }) => by));
  const renewed = approval.steps.reduce(
    (current, step) =>
      withStep(current, step.number, openStep(asking, step.planned, { number: current.lastNumber + 1, reason: 'asked', spent })),
    approval,
  );
  await saveCaseQuestion(trx, deps, conflict, registrations, renewed, { kind: 'asked anew', actor: 'program', at, ownerOf: null });
}

/** The first claim that comes back to its case from its partner: the arbiter has not kept anybody waiting meanwhile, and gets the full time. */
export async function resumeCase(trx: Transaction, deps: ActivityDependencies, claimant: Registration, at: Instant): Promise<void> {
  const { caseId } = claimant.state;
  const conflict = caseId === null ? null : await lockCase(trx, caseId);
  if (conflict === null || conflict.state.approval === null) return;
  const members = (await readMembers(trx, conflict.id)).map((member) => member.registrationId);
  const registrations = await readRegistrations(trx, members);
  const others = registrations.filter(({ registrationId }) => registrationId !== claimant.registrationId);
  if (isAwaited(conflict.id, others)) return;
  await renewCaseStep(trx, deps, conflict, [claimant, ...others], at);
  await enqueue(trx, caseWorkflowId(conflict.id), { kind: 'refresh_case', payload: {} });
}

/** Somebody agrees with what is wanted, or silence does (`silent`), and whoever else has to is asked beside or after. */
export async function askNextOfCase(
  trx: Transaction,
  deps: ActivityDependencies,
  conflict: ConflictCase,
  registrations: readonly Registration[],
  { actor, outcome, registrationId, shares, remediation, commandId }: Resolution & { readonly commandId?: string },
  at: Instant,
  asker: 'case' | { readonly registrationId: string },
  silent: ReviewStep | null,
): Promise<void> {
  const approval = caseApproval(conflict);
  if (approval === null) throw new RangeError(`case ${conflict.id} has no question`);
  const asking = await askingAboutCase(trx, deps, conflict, registrations, at);
  const granted = grantStep(asking, approval, silent ?? answeredBy(approval, actor) ?? approval.steps[0], actor);
  if (granted.kind === 'complete') throw new RangeError(`case ${conflict.id} has nobody left to ask`);
  const ownerOf = asker === 'case' ? null : asker.registrationId;
  const terms = {
    outcome,
    registrationId,
    ...(shares === undefined ? {} : { shares }),
    ...(remediation === undefined ? {} : { remediation }),
  };
  const details = { ...terms, ...(commandId === undefined ? {} : { commandId }) };
  const occasion = { kind: 'agreed', actor, at, ownerOf, details };
  await saveCaseQuestion(trx, deps, conflict, registrations, granted.approval, occasion, terms);
  if (asker !== 'case') await enqueue(trx, caseWorkflowId(conflict.id), { kind: 'refresh_case', payload: {} });
}
