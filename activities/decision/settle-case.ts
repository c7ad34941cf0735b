import { effectOn, refusalOfResolution, type CaseCommand, type CaseParty } from '../../program/case-life.ts';
import type { Program } from '../../program/definition/program.ts';
import type { Refusal } from '../../program/failures.ts';
import { caseWorkflowId } from '../../program/messages.ts';
import { isUndecided, type RegistrationState } from '../../program/registration-life.ts';
import { allowedKinds } from '../../program/rules/partner-not-eligible.ts';
import type { Instant, RegistrationKind } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { lockCase, readMembers, saveCaseState, type ConflictCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { enqueue } from '../../store/outbox.ts';
import { readPartners } from '../../store/partner.ts';
import { endProtection } from '../../store/protection.ts';
import { lockRegistration, saveKind, type Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { refusalOfApprover } from './excluded-approver.ts';
import { deniedState, judgeInTransaction } from './judge.ts';
import { pinnedProgram } from './pinned-program.ts';
import { promoteWaitlist, recordTransition } from './transition.ts';

/**
 * Settles a case and carries the outcome to every registration in it, in one transaction: either all of it happened or nothing.
 *
 * Who loses a protection loses it before the winner is judged again, so that the winner can be protected. `asker`: the case's own workflow, or that of a claim in it.
 */
export async function settleInTransaction(
  trx: Transaction,
  deps: ActivityDependencies,
  caseId: string,
  command: CaseCommand,
  at: Instant,
  asker: 'case' | { readonly registrationId: string },
): Promise<{ readonly kind: 'done' } | Refusal> {
  const conflict = await lockCase(trx, caseId);
  if (conflict === null) return { kind: 'refused', code: 'CASE_UNKNOWN', message: `There is no case ${caseId}.` };
  const members = await lockMembers(trx, conflict);
  const refusal = refusalOfResolution(conflict.state, members.map(partyOf), command);
  if (refusal !== null) return refusal;

  const subjects = { registrationIds: members.map(({ registration }) => registration.registrationId), opportunity: conflict.opportunity };
  const excluded = await refusalOfApprover(trx, subjects, command.actor);
  if (excluded !== null) return excluded;

  const askedRole = conflict.state.step?.role ?? '';
  const outcome = { kind: command.outcome, registrationId: command.registrationId, by: command.actor, at };
  await saveCaseState(trx, caseId, { status: 'resolved', step: null, outcome, needsAttention: false }, at);
  const subject = caseWorkflowId(caseId);
  await recordAudit(trx, {
    subject,
    kind: 'settled',
    actor: command.actor,
    details: { outcome: command.outcome, registrationId: command.registrationId },
    at,
  });
  if (asker !== 'case') await enqueue(trx, subject, { kind: 'refresh_case', payload: {} });

  const effects = members.map((member) => ({ member, effect: effectOn(partyOf(member), command.outcome, command.registrationId) }));
  const ranking = ['revoke', 'deny', 'keep', 'grant', 'share', 'co_sell'];
  for (const { member, effect } of effects.sort((a, b) => ranking.indexOf(a.effect) - ranking.indexOf(b.effect))) {
    const byOwner = asker !== 'case' && asker.registrationId === member.registration.registrationId;
    await applyEffect(trx, deps, conflict, member.registration, effect, {
      actor: command.actor,
      askedRole,
      at,
      byOwner,
      otherSides: otherSidesOf(conflict, members, member),
    });
  }
  // The waitlist moves up behind the winner: what was awarded is not taken by an earlier receipt.
  for (const { member, effect } of effects) {
    if (effect === 'revoke')
      await promoteWaitlist(trx, deps, member.registration, { kind: 'revoked', actor: command.actor, at, byOwner: false });
  }
  return { kind: 'done' };
}

interface Member {
  readonly registration: Registration;
  readonly side: CaseParty['side'];
}

interface Settling {
  readonly actor: string;
  readonly askedRole: string;
  readonly at: Instant;
  readonly byOwner: boolean;
  /** With whom the conflict is settled: the other registrations and the opportunity. */
  readonly otherSides: readonly string[];
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

function partyOf({ registration, side }: Member): CaseParty {
  const { registrationId, state } = registration;
  return { registrationId, side, isUndecided: isUndecided(state.status), isProtected: state.protection !== null };
}

/** The highest role on the ladder that the person has: somebody from above may have settled what a lower role was asked. */
function roleOf(program: Program, actor: string, askedRole: string): string {
  const { ladder, roles } = program.governance;
  const held = ladder.filter((rung) => roles.find((role) => role.id === rung.role)?.members.includes(actor));
  return held.at(-1)?.role ?? askedRole;
}

/** A co-sell, where the program lets the partner register one; otherwise the arbiter's word stands with the kind that the claim has. */
async function kindBeside(trx: Transaction, program: Program, registration: Registration): Promise<RegistrationKind> {
  const [partner] = await readPartners(trx, [registration.partnerId]);
  return partner !== undefined && allowedKinds(program, partner).includes('co_sell') ? 'co_sell' : registration.kind;
}

async function applyEffect(
  trx: Transaction,
  deps: ActivityDependencies,
  conflict: ConflictCase,
  registration: Registration,
  effect: ReturnType<typeof effectOn>,
  settling: Settling,
): Promise<void> {
  const program = pinnedProgram(deps, registration);
  const { actor, at, byOwner, otherSides } = settling;
  const cleared: RegistrationState = { ...registration.state, step: null, caseId: null, waitingFor: [], needsAttention: false };
  const reason = (message: string) => [{ rule: conflict.rule, message }];
  switch (effect) {
    case 'keep':
      return;
    case 'deny': {
      const state = deniedState(
        program,
        cleared,
        reason('The conflict on this customer was decided in favour of another claim.'),
        at,
        actor,
        null,
      );
      await recordTransition(trx, deps, registration, state, { kind: 'denied', actor, at, byOwner });
      return;
    }
    case 'revoke': {
      await endProtection(trx, registration.registrationId, at);
      const decision = {
        outcome: 'deny',
        by: actor,
        at,
        reasons: reason('The protection was revoked when the conflict on this customer was settled.'),
      } as const;
      await recordTransition(
        trx,
        deps,
        registration,
        { ...cleared, status: 'revoked', protection: null, decision },
        { kind: 'revoked', actor, at, byOwner, keepsWaitlist: true },
      );
      return;
    }
    case 'grant':
    case 'share':
    case 'co_sell': {
      const kind = effect === 'co_sell' ? await kindBeside(trx, program, registration) : registration.kind;
      if (kind !== registration.kind) await saveKind(trx, registration.registrationId, kind, at);
      const settled = [...cleared.settled, { rule: conflict.rule, with: otherSides }];
      const granted = {
        ...registration,
        kind,
        state: { ...cleared, status: 'in_review' as const, settled },
      };
      await judgeInTransaction(trx, deps, granted, {
        occasion: `case settled: ${conflict.id}`,
        at,
        byOwner,
        authority: { role: roleOf(program, actor, settling.askedRole), by: actor, mayShare: effect !== 'grant' },
      });
      return;
    }
  }
}
