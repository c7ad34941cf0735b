import { effectOn, isToBeConfirmed, refusalOfResolution, type Resolution, type CaseParty } from '../../program/case-life.ts';
import type { Program } from '../../program/definition/program.ts';
import { answeredBy } from '../../program/approval/approval.ts';
import { covers, rolesOf } from '../../program/approval/rung.ts';
import type { ReviewStep } from '../../program/approval/step.ts';
import type { Refusal } from '../../program/failures.ts';
import { caseWorkflowId } from '../../program/messages.ts';
import { caseSettled } from '../../program/notification/case-event.ts';
import { refusalOfHaste } from '../../program/hearing.ts';
import { isUndecided } from '../../program/registration-life.ts';
import { remediationText } from '../../program/remediation.ts';
import { refusalOfTerms, settledTerms, type SharingParty } from '../../program/settlement.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { lockCase, readMembers, saveCaseState, type ConflictCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { enqueue } from '../../store/outbox.ts';
import { queuePush } from '../../store/push-queue.ts';
import { lockRegistration, type Registration } from '../../store/registration.ts';
import { applyEffect } from './apply-effect.ts';
import { askNextOfCase } from './case-step.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { refusalOfApprover } from '../approval/refusal-of-approver.ts';
import { askingAboutCase } from '../approval/asking-about-case.ts';
import { followQuestions } from '../approval/follow-questions.ts';
import { keepPrecedent } from './keep-precedent.ts';
import { pinnedProgram } from './pinned-program.ts';
import { tellOfCase } from './tell.ts';
import { promoteWaitlist } from './transition.ts';

/** How a case is to be settled, and by which command where a person asked for it. */
export interface Settlement extends Resolution {
  readonly commandId?: string;
}

/**
 * Settles a case and carries the outcome to every registration in it, in one transaction: either all of it happened or nothing.
 *
 * Who loses a protection loses it before the winner is judged again, so that the winner can be protected. `asker`: the case's own workflow, or that of a claim in it.
 */
export async function settleInTransaction(
  trx: Transaction,
  deps: ActivityDependencies,
  caseId: string,
  command: Settlement,
  at: Instant,
  asker: 'case' | { readonly registrationId: string },
): Promise<{ readonly kind: 'done' } | Refusal> {
  const conflict = await lockCase(trx, caseId);
  if (conflict === null) return { kind: 'refused', code: 'CASE_UNKNOWN', message: `There is no case ${caseId}.` };
  const members = await lockMembers(trx, conflict);
  const parties = members.map(partyOf);
  const refusal =
    refusalOfResolution(conflict.state, parties, command) ??
    refusalOfHaste(conflict.state, at) ??
    refusalOfTerms(programOf(deps, conflict, members), parties, command);
  if (refusal !== null) return refusal;

  const registrations = members.map(({ registration }) => registration);
  const asking = await askingAboutCase(trx, deps, conflict, registrations, at);
  const { approval } = conflict.state;
  const inPlaceOf = approval === null ? undefined : answeredBy(approval, command.actor)?.standIns[command.actor];
  const excluded = await refusalOfApprover(trx, asking, conflict.opportunity, command.actor, inPlaceOf ?? null);
  if (excluded !== null) return excluded;

  await carryOutSettlement(trx, deps, conflict, members, command, at, asker);
  return { kind: 'done' };
}

/**
 * Silence settles the case as the program says: a no upholds who held the position; a yes carries out what was proposed, or gives it to the first who claims it.
 * Not possible, and answered by false, where somebody else holds or claims the position: silence takes nothing from anybody.
 */
export async function settleBySilence(
  trx: Transaction,
  deps: ActivityDependencies,
  caseId: string,
  decision: 'approve' | 'deny',
  step: ReviewStep | null,
  at: Instant,
): Promise<boolean> {
  const conflict = await lockCase(trx, caseId);
  if (conflict === null || conflict.state.approval === null) return false;
  const members = await lockMembers(trx, conflict);
  const claimants = members.filter(({ side, registration }) => side === 'claimant' && registration.state.caseId === caseId);
  if (decision === 'deny') {
    const uphold = { outcome: 'uphold', registrationId: null, actor: 'program' } as const;
    await carryOutSettlement(trx, deps, conflict, members, uphold, at, 'case');
    return true;
  }
  const parties = members.map(partyOf);
  const [first] = claimants.toSorted((a, b) => a.registration.sequence - b.registration.sequence);
  const isContested =
    claimants.length > 1 || parties.some(({ side, isUndecided: open, isProtected }) => side === 'rival' && (open || isProtected));
  if (first === undefined || first.registration.state.status !== 'in_review' || isContested) return false;
  const { registrationId } = first.registration;
  const wanted = conflict.state.proposed ?? { outcome: 'award', registrationId };
  await carryOutSettlement(trx, deps, conflict, members, { ...wanted, actor: 'program' }, at, 'case', step);
  return true;
}

/** The outcome, or, where somebody has to agree, the question to the next role of the chain. */
async function carryOutSettlement(
  trx: Transaction,
  deps: ActivityDependencies,
  conflict: ConflictCase,
  members: readonly Member[],
  command: Settlement,
  at: Instant,
  asker: 'case' | { readonly registrationId: string },
  silent: ReviewStep | null = null,
): Promise<void> {
  const caseId = conflict.id;
  if (isToBeConfirmed(conflict.state, command.outcome)) {
    await askNextOfCase(
      trx,
      deps,
      conflict,
      members.map(({ registration }) => registration),
      command,
      at,
      asker,
      silent,
    );
    return;
  }
  const { approval } = conflict.state;
  const answered = approval === null ? null : answeredBy(approval, command.actor);
  const asked = command.commandId === undefined ? {} : { commandId: command.commandId };
  const program = programOf(deps, conflict, members);
  const { shares, remediations } = settledTerms(program, members.map(partyOf), command);
  const outcome = { kind: command.outcome, registrationId: command.registrationId, by: command.actor, at, shares, remediations };
  const decidedBefore = decidersOf(conflict, command.actor);
  const resolved = {
    ...conflict.state,
    status: 'resolved',
    approval: null,
    proposed: null,
    outcome,
    decidedBefore,
    needsAttention: false,
  } as const;
  await saveCaseState(trx, caseId, resolved, at);
  // Also of those who keep what they have: nothing stands against them any more.
  const ids = members.map(({ registration }) => registration.registrationId);
  await queuePush(trx, [...deps.connections.keys()], 'registration', ids);
  const subject = caseWorkflowId(caseId);
  const about = (members.find(({ side }) => side === 'claimant') ?? members[0])?.registration;
  if (about === undefined) throw new RangeError(`case ${caseId} has no members`);
  await followQuestions(trx, deps, {
    subject,
    registration: about,
    conflict,
    before: approval === null ? [] : [approval],
    after: [],
    by: command.actor,
    answer: command.outcome,
    at,
  });
  await recordAudit(trx, {
    subject,
    kind: 'settled',
    actor: command.actor,
    details: {
      rule: conflict.rule,
      outcome: command.outcome,
      registrationId: command.registrationId,
      ...(shares.length === 0 ? {} : { shares }),
      ...(remediations.length === 0 ? {} : { remediations }),
      ...asked,
    },
    at,
  });
  if (command.actor !== 'program') {
    const onClaim = asker === 'case' ? null : asker.registrationId;
    await keepPrecedent(trx, program, conflict, members, { outcome: command.outcome, onClaim, at, ...asked });
  }
  if (asker !== 'case') await enqueue(trx, subject, { kind: 'refresh_case', payload: {} });

  const effects = members.map((member) => ({ member, effect: effectOn(partyOf(member), command.outcome, command.registrationId) }));
  const told = effects.filter(({ member, effect }) => effect !== 'keep' || isStanding(member));
  const sides = told.map(({ member: { registration }, effect }) => {
    const isOwn = (one: { readonly registrationId: string }): boolean => one.registrationId === registration.registrationId;
    const given = remediations.find(isOwn)?.remediation;
    const remediation = program.cases.remediation.find(({ id }) => id === given);
    const own = {
      share: shares.find(isOwn)?.percent ?? null,
      remediation: remediation === undefined ? null : remediationText(remediation),
    };
    return { registration, event: caseSettled(caseId, effect, own) };
  });
  await tellOfCase(trx, deps, sides, at);
  const ranking = ['revoke', 'deny', 'keep', 'grant', 'share', 'co_sell'];
  for (const { member, effect } of effects.sort((a, b) => ranking.indexOf(a.effect) - ranking.indexOf(b.effect))) {
    const byOwner = asker !== 'case' && asker.registrationId === member.registration.registrationId;
    await applyEffect(trx, deps, conflict, member.registration, effect, {
      actor: command.actor,
      role: answered === null ? '' : authorityOf(members, deps, command.actor, answered),
      at,
      byOwner,
      otherSides: otherSidesOf(conflict, members, member),
      details: { settled: caseId, ...asked },
    });
  }
  // The waitlist moves up behind the winner: what was awarded is not taken by an earlier receipt.
  for (const { member, effect } of effects) {
    if (effect === 'revoke')
      await promoteWaitlist(trx, deps, member.registration, {
        kind: 'revoked',
        actor: command.actor,
        at,
        byOwner: false,
      });
  }
}

/** Everybody who had a part in the outcome: an appeal is heard by others. */
function decidersOf({ state }: ConflictCase, actor: string): readonly string[] {
  const agreed = state.approval?.granted.map(({ by }) => by) ?? [];
  return [...new Set([...state.decidedBefore, ...agreed, actor])].filter((by) => by !== 'program');
}

/**
 * The role in whose name the case is settled: the highest that the person has, since somebody from above may have settled what a lower role was asked; for whoever stands
 * in for somebody else the lower of both.
 */
function authorityOf(members: readonly Member[], deps: ActivityDependencies, actor: string, { role, standIns }: ReviewStep): string {
  const [member] = members;
  if (member === undefined) return role;
  const program = pinnedProgram(deps, member.registration);
  const own = rolesOf(program, actor).findLast((held) => program.governance.ladder.some((rung) => rung.role === held));
  if (standIns[actor] === undefined) return own ?? role;
  return own !== undefined && covers(program, role, own) ? own : role;
}

interface Member {
  readonly registration: Registration;
  readonly side: CaseParty['side'];
}

function otherSidesOf(conflict: ConflictCase, members: readonly Member[], member: Member): readonly string[] {
  const others = members.filter((other) => other !== member).map((other) => other.registration.registrationId);
  return conflict.opportunity === null ? others : [...others, conflict.opportunity.remoteId];
}

async function lockMembers(trx: Transaction, conflict: ConflictCase): Promise<readonly Member[]> {
  const members: Member[] = [];
  for (const { registrationId, side } of await readMembers(trx, conflict.id)) {
    const registration = await lockRegistration(trx, registrationId);
    if (registration !== null) members.push({ registration, side });
  }
  return members;
}

/** What was withdrawn, lost or denied before has no part in the outcome. */
function isStanding({ registration: { state } }: Member): boolean {
  return isUndecided(state.status) || state.protection !== null;
}

function partyOf({ registration, side }: Member): SharingParty {
  const { registrationId, kind, state } = registration;
  return { registrationId, side, kind, isUndecided: isUndecided(state.status), isProtected: state.protection !== null };
}

/** The terms of a case are those of the program under which whoever claims in it was received. */
function programOf(deps: ActivityDependencies, conflict: ConflictCase, members: readonly Member[]): Program {
  const claimant = members.find(({ registration }) => registration.state.caseId === conflict.id) ?? members[0];
  if (claimant === undefined) throw new RangeError(`case ${conflict.id} has no members`);
  return pinnedProgram(deps, claimant.registration);
}
