import type { Approval } from '../../program/approval/approval.ts';
import { openApproval } from '../../program/approval/open-approval.ts';
import { needsAttention } from '../../program/approval/approval.ts';
import type { CaseState } from '../../program/case-life.ts';
import { clockStart, heardUntil, hearingFrom } from '../../program/hearing.ts';
import type { Refusal } from '../../program/failures.ts';
import { caseWorkflowId } from '../../program/messages.ts';
import { askedInCase } from '../../program/notification/asked-role.ts';
import { caseOpened } from '../../program/notification/case-event.ts';
import { closed, decidersOf, isUndecided, withQuestion } from '../../program/registration-life.ts';
import { recordAudit } from '../../store/audit.ts';
import { saveCaseAnswer, storeCaseCommand } from '../../store/case-command.ts';
import { insertStatement, type EvidencePiece } from '../../store/case-statement.ts';
import type { StoredCommand } from '../../store/command.ts';
import { lockCase, readMembers, saveCaseState, takeClaimantSide, type ConflictCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { enqueue } from '../../store/outbox.ts';
import { queuePush } from '../../store/push-queue.ts';
import { readRegistrations, type Registration } from '../../store/registration.ts';
import { askingAbout } from '../approval/asking-about.ts';
import { followQuestions } from '../approval/follow-questions.ts';
import { appealStages, openAppeal } from '../approval/open-appeal.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { piecesOf, refusalOfEvidence } from './known-evidence.ts';
import { pinnedProgram } from './pinned-program.ts';
import { tellOfCase } from './tell.ts';
import { recordTransition, type Occasion } from './transition.ts';

/**
 * Takes up an appeal: against the outcome of a case in that case, where all sides are heard again and the outcome can be another one; against anything else by a question
 * about the claim alone.
 */
export async function appeal(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  stored: StoredCommand | null,
  occasion: Omit<Occasion, 'kind'>,
): Promise<{ readonly kind: 'done' } | Refusal> {
  const { state } = registration;
  const { at } = occasion;
  const refusal = await refusalOfEvidence(trx, pinnedProgram(deps, registration), registration, stored);
  if (refusal !== null) return refusal;
  const caseId = state.decision?.caseId;
  const conflict = caseId === undefined ? null : await lockCase(trx, caseId);
  const reopened = conflict === null ? null : await appealCase(trx, deps, registration, conflict, stored, occasion);
  const { waitlistedUntil, waitlistedBehind } = state;
  const next = withQuestion(
    {
      ...closed(state),
      // Whoever appeals in vain keeps the place on the waitlist.
      waitlistedUntil,
      waitlistedBehind,
      status: 'in_review',
      caseId: reopened === null ? null : (caseId ?? null),
      decision: null,
      appealed: true,
      appeals: state.appeals + 1,
      decidedBefore: decidersOf(state),
    },
    reopened ?? (await openAppeal(trx, deps, registration, at)),
  );
  await recordTransition(trx, deps, registration, next, { kind: 'appealed', ...occasion });
  return { kind: 'done' };
}

/** The question of the case that is heard again. A second one who lost by it joins the hearing that is open. */
async function appealCase(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  conflict: ConflictCase,
  stored: StoredCommand | null,
  occasion: Omit<Occasion, 'kind'>,
): Promise<Approval | null> {
  const { registrationId } = registration;
  const members = (await readMembers(trx, conflict.id)).map((member) => member.registrationId);
  if (!members.includes(registrationId)) return null;
  await takeClaimantSide(trx, conflict.id, registrationId);
  const approval = conflict.state.approval ?? (await hearAgain(trx, deps, registration, conflict, members, occasion));
  if (stored !== null) await keepAsStatement(trx, registration, conflict.id, stored, occasion);
  return approval;
}

async function hearAgain(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  conflict: ConflictCase,
  members: readonly string[],
  { actor, at, details }: Omit<Occasion, 'kind'>,
): Promise<Approval> {
  const { registrationId } = registration;
  const program = pinnedProgram(deps, registration);
  const { decidedBefore, questions } = conflict.state;
  const others = (await readRegistrations(trx, members)).filter((other) => other.registrationId !== registrationId);
  const about = { kind: 'case', others, opportunity: conflict.opportunity, decidedBefore } as const;
  const asking = await askingAbout(trx, deps, program, registration, about, at);
  const hearing = hearingFrom(program, deps.calendarOf(program), at);
  const stages = appealStages(program, decidedBefore.at(-1) ?? null);
  const approval = openApproval({ ...asking, at: clockStart({ hearing }, at) }, stages, questions);
  const state: CaseState = {
    ...conflict.state,
    status: 'appealed',
    approval,
    questions: approval.lastNumber,
    proposed: null,
    hearing,
    needsAttention: needsAttention(approval),
  };
  const subject = caseWorkflowId(conflict.id);
  const appealed = { ...conflict, state };
  await saveCaseState(trx, conflict.id, state, null);
  await recordAudit(trx, { subject, kind: 'appealed', actor, details: { ...details, registrationId }, at });
  await followQuestions(trx, deps, {
    subject,
    registration,
    conflict: appealed,
    before: [],
    after: [approval],
    by: actor,
    answer: 'appealed',
    at,
  });
  await enqueue(trx, subject, { kind: 'refresh_case', payload: {} });
  await queuePush(
    trx,
    [...deps.connections.keys()],
    'registration',
    others.map((other) => other.registrationId),
  );
  const event = caseOpened(conflict, 'rival', askedInCase(state), { statementUntil: heardUntil(appealed, at), appealedAt: at });
  const standing = others.filter((other) => isUndecided(other.state.status) || other.state.protection !== null);
  await tellOfCase(
    trx,
    deps,
    standing.map((other) => ({ registration: other, event })),
    at,
  );
  return approval;
}

/** What the appeal rests on is what this side says for itself: whoever hears it reads it among the statements. */
async function keepAsStatement(
  trx: Transaction,
  { registrationId, partnerId, state }: Registration,
  caseId: string,
  { comment, amendment }: StoredCommand,
  { actor, at }: Omit<Occasion, 'kind'>,
): Promise<void> {
  const id = `appeal:${registrationId}:${state.appeals + 1}`;
  const command = { kind: 'statement', registrationId, actor } as const;
  const evidence = piecesOf(amendment) as readonly EvidencePiece[];
  await storeCaseCommand(trx, caseId, { commandId: id, command, comment, evidence }, at);
  await recordAudit(trx, { subject: caseWorkflowId(caseId), kind: 'stated', actor, details: { commandId: id, registrationId }, at });
  await insertStatement(trx, caseId, { id, registrationId, partnerId, by: actor, at });
  await saveCaseAnswer(trx, caseId, id, { kind: 'done' }, at);
}
