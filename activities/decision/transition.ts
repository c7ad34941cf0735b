import { caseWorkflowId, registrationWorkflowId } from '../../program/messages.ts';
import { leadingStep } from '../../program/approval/approval.ts';
import { caseSettled } from '../../program/notification/case-event.ts';
import { attentionOf, isUndecided, openApprovals, type RegistrationState } from '../../program/registration-life.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { findApproval, saveApproval } from '../../store/approval.ts';
import { recordAudit } from '../../store/audit.ts';
import { lockCase, readMembers, saveCaseState } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { enqueue } from '../../store/outbox.ts';
import { endProtection } from '../../store/protection.ts';
import { readOpportunitiesOf } from '../../store/place.ts';
import { queuePush } from '../../store/push-queue.ts';
import { lockRegistration, saveState, type Registration } from '../../store/registration.ts';
import { findWaitingFor, findWaitlistedBehind } from '../../store/waiting.ts';
import { followQuestions } from '../approval/follow-questions.ts';
import { closeWithOpportunities } from './close-with-opportunity.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { followOpportunity } from './follow-opportunity.ts';
import { noteDecision } from './note-decision.ts';
import { pinnedProgram } from './pinned-program.ts';
import { tellOfCase, tellOfTransition } from './tell.ts';

export interface Occasion {
  readonly kind: string;
  readonly actor: string;
  readonly at: Instant;
  /** False when another workflow's transaction moved the registration: its own workflow is told to read it again. */
  readonly byOwner: boolean;
  /** The caller promotes the waitlist itself, when everything is in its place. */
  readonly keepsWaitlist?: true;
  /** Ids and codes that the audit keeps with the step: the command that asked for it, what was overruled by it. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** What a person who returns the claim says to the partner. */
  readonly remark?: string | null;
  /** Whose the claim was, where it changed hands. */
  readonly previousPartnerId?: string;
}

/**
 * Stores where a registration stands now, and everything that follows from the step between: the one place in which a claim changes.
 *
 * Follows from before and after alone: a protection that is over is ended and the waitlist moves up; a claim that is decided releases those that waited for it;
 * a case that nobody claims any more is closed; an approved claim becomes its opportunity's primary, or comes to one, as the program says, and is closed with one that was closed before; every CRM is brought up to date.
 */
export async function recordTransition(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  reached: RegistrationState,
  occasion: Occasion,
): Promise<Registration> {
  const before = registration.state;
  const after = { ...reached, needsAttention: attentionOf(reached) };
  const { registrationId } = registration;
  // Time ends a protection at its last instant, however late that is noticed.
  const endedAt = after.status === 'expired' && before.protection !== null ? before.protection.until : occasion.at;
  await saveState(trx, registrationId, after, occasion.at, endedAt);
  await queuePush(trx, [...deps.connections.keys()], 'registration', [registrationId]);
  await recordAudit(trx, {
    subject: registrationWorkflowId(registrationId),
    kind: occasion.kind,
    actor: occasion.actor,
    details: { ...stepBetween(before, after), ...occasion.details },
    at: occasion.at,
  });
  const moved = { ...registration, state: after };
  await followQuestions(trx, deps, {
    subject: registrationWorkflowId(registrationId),
    registration: moved,
    conflict: null,
    before: openApprovals(before),
    after: openApprovals(after),
    by: occasion.actor,
    answer: occasion.kind,
    at: occasion.at,
  });
  await noteDecision(trx, deps, moved, before, occasion);
  await tellOfTransition(trx, deps, moved, before, occasion);
  if (!occasion.byOwner)
    await enqueue(trx, registrationWorkflowId(registrationId), { kind: 'refresh_registration', payload: { reevaluate: false } });
  if (before.protection !== null && after.protection === null) {
    await endProtection(trx, registrationId, occasion.at);
    if (after.status !== 'won' && occasion.keepsWaitlist === undefined) await promoteWaitlist(trx, deps, moved, occasion);
  }
  if (isUndecided(before.status) && !isUndecided(after.status)) await releaseWaiting(trx, moved, occasion);
  if (before.status !== 'returned' && after.status === 'returned') await loseReceipt(trx, deps, moved, occasion);
  await followApproval(trx, moved, before);
  await followOpportunity(trx, deps, moved, before, occasion.at);
  if (before.status !== 'approved' && after.status === 'approved') await closeWithItsOpportunities(trx, deps, registrationId);
  if (before.caseId !== null && before.caseId !== after.caseId) await closeAbandonedCase(trx, deps, before.caseId, moved, occasion);
  return moved;
}

/** What the audit says of a step. What did not change with it is left out, but for the status and the question that is open. */
function stepBetween(before: RegistrationState, after: RegistrationState): object {
  const protectedUntil = after.protection?.until ?? null;
  const step = after.approval === null ? null : leadingStep(after.approval);
  return {
    from: before.status,
    to: after.status,
    step: step?.name ?? null,
    approver: step?.approver ?? null,
    ...(protectedUntil === (before.protection?.until ?? null) ? {} : { protectedUntil }),
    ...(after.caseId === before.caseId ? {} : { caseId: after.caseId }),
  };
}

/** What is incomplete has no place in the order of receipt where the program gives a completed claim a later one: nobody waits for it. */
async function loseReceipt(trx: Transaction, deps: ActivityDependencies, returned: Registration, occasion: Occasion): Promise<void> {
  if (pinnedProgram(deps, returned).returned.receipt === 'renewed') await releaseWaiting(trx, returned, occasion);
}

/** What a claim was approved as is kept with it: later changes are seen against that. A claim that is decided anew is measured by nothing. */
async function followApproval(trx: Transaction, registration: Registration, before: RegistrationState): Promise<void> {
  const { registrationId, state, partnerId, customer, productLines, estimatedValue } = registration;
  const { protection, decision } = state;
  if (isUndecided(state.status)) {
    if (!isUndecided(before.status)) await saveApproval(trx, registrationId, null);
    return;
  }
  if (state.status !== 'approved' || protection === null || decision === null) return;
  if (before.status === 'approved' && before.protection?.until === protection.until) return;
  const known = before.status === 'approved' || before.status === 'expired' ? await findApproval(trx, registrationId) : null;
  const approved = { approvedAt: decision.at, partnerId, customer, productLines, estimatedValue };
  await saveApproval(trx, registrationId, { ...(known ?? approved), until: protection.until });
}

/** What a rep linked may have been won or lost while the claim was still under review. */
async function closeWithItsOpportunities(trx: Transaction, deps: ActivityDependencies, registrationId: string): Promise<void> {
  for (const { connection, opportunity } of await readOpportunitiesOf(trx, registrationId)) {
    await closeWithOpportunities(trx, deps, connection, [opportunity]);
  }
}

/** Claims that were denied because of this protection are judged again, in the order of receipt. */
export async function promoteWaitlist(
  trx: Transaction,
  deps: ActivityDependencies,
  ended: Registration,
  occasion: Occasion,
): Promise<void> {
  for (const id of await findWaitlistedBehind(trx, ended.registrationId)) {
    const waiting = id === ended.registrationId ? null : await lockRegistration(trx, id);
    if (waiting === null) continue;
    const state: RegistrationState = {
      ...waiting.state,
      status: 'in_review',
      decision: null,
      appealUntil: null,
      waitlistedUntil: null,
      waitlistedBehind: [],
    };
    await recordTransition(trx, deps, waiting, state, {
      ...occasion,
      kind: 'promoted',
      actor: 'program',
      byOwner: true,
      details: { behind: ended.registrationId },
    });
    await enqueue(trx, registrationWorkflowId(id), { kind: 'refresh_registration', payload: { reevaluate: true } });
  }
}

/** Claims that waited for this one alone are judged again, in the order of receipt. */
export async function releaseWaiting(trx: Transaction, decided: Registration, occasion: Occasion): Promise<void> {
  for (const id of await findWaitingFor(trx, decided.registrationId)) {
    const waiting = await lockRegistration(trx, id);
    if (waiting === null) continue;
    const waitingFor = waiting.state.waitingFor.filter((other) => other !== decided.registrationId);
    await saveState(trx, id, { ...waiting.state, waitingFor }, occasion.at);
    const details = { waitedFor: decided.registrationId, left: waitingFor.length };
    await recordAudit(trx, { subject: registrationWorkflowId(id), kind: 'released', actor: 'program', details, at: occasion.at });
    if (waitingFor.length === 0)
      await enqueue(trx, registrationWorkflowId(id), { kind: 'refresh_registration', payload: { reevaluate: true } });
  }
}

/** When the last claimant withdraws or lapses there is nothing left to settle: whoever held the position keeps it. */
async function closeAbandonedCase(
  trx: Transaction,
  deps: ActivityDependencies,
  caseId: string,
  leaving: Registration,
  occasion: Occasion,
): Promise<void> {
  const conflict = await lockCase(trx, caseId);
  if (conflict === null || conflict.state.status === 'resolved') return;
  const members = await readMembers(trx, caseId);
  for (const member of members) {
    if (member.side !== 'claimant' || member.registrationId === leaving.registrationId) continue;
    const other = await lockRegistration(trx, member.registrationId);
    if (other !== null && other.state.caseId === caseId) return;
  }
  const upheld = { kind: 'uphold', registrationId: null, by: 'program', at: occasion.at, shares: [], remediations: [] } as const;
  // Whoever withdraws an appeal leaves the outcome that was appealed.
  const outcome = conflict.state.outcome ?? upheld;
  const { approval } = conflict.state;
  await saveCaseState(trx, caseId, { ...conflict.state, status: 'resolved', approval: null, outcome, needsAttention: false }, occasion.at);
  await followQuestions(trx, deps, {
    subject: caseWorkflowId(caseId),
    registration: leaving,
    conflict,
    before: approval === null ? [] : [approval],
    after: [],
    by: 'program',
    answer: 'abandoned',
    at: occasion.at,
  });
  await recordAudit(trx, {
    subject: caseWorkflowId(caseId),
    kind: 'abandoned',
    actor: 'program',
    details: { leaving: leaving.registrationId },
    at: occasion.at,
  });
  await enqueue(trx, caseWorkflowId(caseId), { kind: 'refresh_case', payload: {} });
  const ids = members.map(({ registrationId }) => registrationId);
  await queuePush(trx, [...deps.connections.keys()], 'registration', ids);
  for (const { registrationId } of members.filter(({ side }) => side === 'rival')) {
    const rival = await lockRegistration(trx, registrationId);
    if (rival === null || (!isUndecided(rival.state.status) && rival.state.protection === null)) continue;
    await tellOfCase(trx, deps, [{ registration: rival, event: caseSettled(caseId, 'keep') }], occasion.at);
  }
}
