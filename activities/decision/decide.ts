import { addDuration } from '../../program/duration.ts';
import { refuse, type Refusal } from '../../program/failures.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import type { RegistrationCommand, RegistrationState } from '../../program/registration-life.ts';
import type { Reason, Verdict } from '../../program/verdict.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { StoredCommand } from '../../store/command.ts';
import { findCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { enqueue } from '../../store/outbox.ts';
import type { Registration } from '../../store/registration.ts';
import { covers, nextInChain } from './ask.ts';
import { approvedState, deniedState } from './decided-state.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { refusalOfApprover } from './excluded-approver.ts';
import { decideExtension } from './extend.ts';
import { isHeldByAnother, judgeAgain, objectionOf } from './judge-again.ts';
import { pinnedProgram } from './pinned-program.ts';
import { settleInTransaction } from './settle-case.ts';
import { recordTransition } from './transition.ts';

type Done = { readonly kind: 'done' };
type Deciding = Extract<RegistrationCommand, { kind: 'decide' }>;

/** A person's answer to the open question: about the claim, about its conflict, or about an extension of its protection. */
export async function decide(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  command: Deciding,
  stored: StoredCommand | null,
  at: Instant,
): Promise<Done | Refusal> {
  const { state, registrationId } = registration;
  const { actor, decision } = command;
  const occasion = { actor, at, byOwner: true };
  const opportunity = state.caseId === null ? null : ((await findCase(trx, state.caseId))?.opportunity ?? null);
  const excluded = await refusalOfApprover(trx, { registrationIds: [registrationId], opportunity }, actor);
  if (excluded !== null) return excluded;
  if (decision === 'return') return giveBack(trx, deps, registration, actor, at, stored?.comment ?? null);
  if (state.extension !== null) return decideExtension(trx, deps, registration, decision, occasion);
  if (state.caseId !== null) {
    const outcome = decision === 'approve' ? 'award' : 'deny';
    return settleInTransaction(trx, deps, state.caseId, { outcome, registrationId, actor }, at, { registrationId });
  }
  const reasons = [{ rule: 'decided_by_person', message: stored?.comment ?? (decision === 'approve' ? 'Approved.' : 'Denied.') }];
  if (decision === 'approve') return approve(trx, deps, registration, reasons, actor, at);
  const program = pinnedProgram(deps, registration);
  const { waitlistedUntil, waitlistedBehind } = state;
  const denied = deniedState(program, deps.calendarOf(program), state, reasons, at, actor, null);
  await recordTransition(trx, deps, registration, { ...denied, waitlistedUntil, waitlistedBehind }, { kind: 'denied', ...occasion });
  return { kind: 'done' };
}

async function giveBack(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  actor: string,
  at: Instant,
  remark: string | null,
): Promise<Done> {
  const { state } = registration;
  const program = pinnedProgram(deps, registration);
  const returnedUntil = addDuration(at, program.returned.lapseAfter, deps.calendarOf(program));
  const interrupted = state.step === null || state.caseId !== null ? null : { step: state.step, at };
  const returned: RegistrationState = { ...state, status: 'returned', step: null, interrupted, returnedUntil, needsAttention: false };
  await recordTransition(trx, deps, registration, returned, { kind: 'returned', actor, at, byOwner: true, remark });
  return { kind: 'done' };
}

/**
 * A yes. The rules are asked again first: what they find against the claim since the question was put refuses the yes, and where it is for the program or for others
 * to say what follows, the claim is judged anew. Who decides an appeal overrules them, but for a protection that somebody else holds.
 * Where roles are asked one after another, the next one is asked then.
 */
async function approve(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  reasons: readonly Reason[],
  actor: string,
  at: Instant,
): Promise<Done | Refusal> {
  const { state, registrationId } = registration;
  const program = pinnedProgram(deps, registration);
  const { evidence, verdict, found } = await judgeAgain(trx, deps, registration, 'approval', at);
  const isClear = verdict.outcome === 'approve' || verdict.outcome === 'review' || verdict.outcome === 'needs_ruling';
  const lines = isClear ? verdict.lines : registration.productLines;
  if (isHeldByAnother(evidence, lines)) return HELD_BY_ANOTHER;
  if (!state.appealed) {
    const objection = objectionOf(verdict) ?? needsHigher(verdict, (role) => covers(program, state.step?.role ?? '', role));
    if (objection !== null) {
      if (verdict.outcome !== 'deny') {
        await enqueue(trx, registrationWorkflowId(registrationId), { kind: 'refresh_registration', payload: { reevaluate: true } });
      }
      return refuse('RULES_SPEAK_AGAINST', `The rules speak against an approval now: ${objection}`);
    }
  }
  const occasion = { actor, at, byOwner: true };
  const next = await nextInChain(trx, deps, program, registration, actor, at);
  if (next !== null) {
    await recordTransition(trx, deps, registration, next, { kind: 'step granted', ...occasion });
    return { kind: 'done' };
  }
  const overruled = [...new Set([...state.overruled, ...found])];
  const approval = { partner: evidence.partner, lines, reasons, at, by: actor, mayShare: false };
  const approved = await approvedState(trx, program, deps.calendarOf(program), registration, { ...state, overruled }, approval);
  if (approved.kind === 'held') return HELD_BY_ANOTHER;
  await recordTransition(trx, deps, registration, approved.state, { kind: 'approved', ...occasion });
  return { kind: 'done' };
}

/** A ruling that a higher role has to give is not given by who was asked for less. */
function needsHigher(verdict: Verdict, isCovered: (role: string) => boolean): string | null {
  if (verdict.outcome !== 'needs_ruling' || isCovered(verdict.role)) return null;
  return verdict.reasons.map(({ message }) => message).join(' ');
}

const HELD_BY_ANOTHER = refuse(
  'PROTECTION_HELD_BY_ANOTHER',
  'Another registration holds the protection of this customer and product line; settle that first, or deny this one.',
);
