import { acknowledge, answerersOf, answeredBy } from '../../program/approval/approval.ts';
import type { Asking } from '../../program/approval/asking.ts';
import { refusalOfLimit } from '../../program/approval/deciding-limit.ts';
import { grantStep } from '../../program/approval/open-approval.ts';
import { covers } from '../../program/approval/rung.ts';
import { addDuration } from '../../program/duration.ts';
import { refuse, type Refusal } from '../../program/failures.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import type { RegistrationCommand, RegistrationState } from '../../program/registration-life.ts';
import type { Reason, Verdict } from '../../program/verdict.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { askedBy, type StoredCommand } from '../../store/command.ts';
import { findCase, readMembers } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { enqueue } from '../../store/outbox.ts';
import { readRegistrations, type Registration } from '../../store/registration.ts';
import { approvedState, deniedState } from './decided-state.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { decideExtension } from './extend.ts';
import { askingOf, hostedApproval, withHosted, type Hosted } from '../approval/hosted-question.ts';
import { refusalInCase } from '../approval/refusal-in-case.ts';
import { refusalOfApprover } from '../approval/refusal-of-approver.ts';
import { isHeldByAnother, judgeAgain, objectionOf } from './judge-again.ts';
import { pinnedProgram } from './pinned-program.ts';
import { settleInTransaction } from './settle-case.ts';
import { decideTransfer } from './transfer.ts';
import { recordTransition, type Occasion } from './transition.ts';

type Done = { readonly kind: 'done' };
type Deciding = Extract<RegistrationCommand, { kind: 'decide' }>;

/** A person's answer to the open question: about the claim, about its conflict, about an extension of its protection, or about another partner. */
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
  const occasion = { actor, at, byOwner: true, details: askedBy(stored) };
  const isOfCase = state.caseId !== null && state.extension === null && state.transfer === null;
  if (isOfCase && decision !== 'return') {
    const outcome = decision === 'approve' ? 'award' : 'deny';
    const settlement = { outcome, registrationId, actor, ...askedBy(stored) } as const;
    return settleInTransaction(trx, deps, state.caseId ?? '', settlement, at, { registrationId });
  }
  if (isOfCase) return giveBackInCase(trx, deps, registration, state.caseId ?? '', occasion, stored?.comment ?? null);
  const program = pinnedProgram(deps, registration);
  const hosted = questionFor(state, actor);
  const asking = await askingOf(trx, deps, program, registration, hosted, at);
  const opportunity = state.caseId === null ? null : ((await findCase(trx, state.caseId))?.opportunity ?? null);
  const approval = hostedApproval(state, hosted);
  const step = approval === null ? null : answeredBy(approval, actor);
  const excluded = await refusalOfApprover(trx, asking, opportunity, actor, step?.standIns[actor] ?? null);
  if (excluded !== null) return excluded;
  if (decision === 'approve' && approval !== null && step !== null) {
    const beyond = refusalOfLimit(asking, approval, step, actor);
    if (beyond !== null) return beyond;
  }
  if (decision === 'return') return giveBack(trx, deps, registration, occasion, stored?.comment ?? null);
  if (hosted === 'extension') return decideExtension(trx, deps, registration, decision, asking, occasion);
  if (hosted === 'transfer') return decideTransfer(trx, deps, registration, decision, asking, occasion);
  const reasons = [{ rule: 'decided_by_person', message: stored?.comment ?? (decision === 'approve' ? 'Approved.' : 'Denied.') }];
  if (decision === 'approve') return approve(trx, deps, registration, reasons, asking, occasion);
  const { waitlistedUntil, waitlistedBehind } = state;
  const denied = deniedState(program, deps.calendarOf(program), state, reasons, at, actor, null);
  await recordTransition(trx, deps, registration, { ...denied, waitlistedUntil, waitlistedBehind }, { kind: 'denied', ...occasion });
  return { kind: 'done' };
}

/** Which of the open questions a person answers: one that the person may, where an extension and a transfer are open at once. */
function questionFor(state: RegistrationState, actor: string): Hosted {
  const { extension, transfer } = state;
  if (extension === null && transfer === null) return 'claim';
  if (transfer === null) return 'extension';
  return extension !== null && answerersOf(extension.approval).includes(actor) ? 'extension' : 'transfer';
}

async function giveBack(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  occasion: Omit<Occasion, 'kind'>,
  remark: string | null,
): Promise<Done> {
  const { state } = registration;
  const { at } = occasion;
  const program = pinnedProgram(deps, registration);
  const returnedUntil = addDuration(at, program.returned.lapseAfter, deps.calendarOf(program));
  // Asking the partner is being in touch.
  const interrupted = state.approval === null || state.caseId !== null ? null : { approval: acknowledge(state.approval, at), at };
  const returned: RegistrationState = { ...state, status: 'returned', approval: null, interrupted, returnedUntil };
  await recordTransition(trx, deps, registration, returned, { kind: 'returned', ...occasion, remark });
  return { kind: 'done' };
}

/** The same of a claim in a conflict: its partner is asked by nobody who has a stake in any side of it. */
async function giveBackInCase(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  caseId: string,
  occasion: Omit<Occasion, 'kind'>,
  remark: string | null,
): Promise<Done | Refusal> {
  const conflict = await findCase(trx, caseId);
  if (conflict === null) return refuse('CASE_UNKNOWN', `There is no case ${caseId}.`);
  const members = (await readMembers(trx, caseId)).map(({ registrationId }) => registrationId);
  const excluded = await refusalInCase(trx, deps, conflict, await readRegistrations(trx, members), occasion.actor, occasion.at);
  return excluded ?? giveBack(trx, deps, registration, occasion, remark);
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
  asking: Asking,
  by: Omit<Occasion, 'kind'>,
): Promise<Done | Refusal> {
  const { state, registrationId } = registration;
  const { actor, at } = by;
  const { program } = asking;
  const approval = hostedApproval(state, 'claim');
  const step = approval === null ? null : answeredBy(approval, actor);
  if (approval === null || step === null) return refuse('STATE_DOES_NOT_ALLOW', 'The question is not open any more.');
  const { evidence, verdict, found } = await judgeAgain(trx, deps, registration, 'approval', at);
  const isClear = verdict.outcome === 'approve' || verdict.outcome === 'review' || verdict.outcome === 'needs_ruling';
  const lines = isClear ? verdict.lines : registration.productLines;
  if (isHeldByAnother(evidence, lines)) return HELD_BY_ANOTHER;
  if (!state.appealed) {
    const objection = objectionOf(verdict) ?? needsHigher(verdict, (role) => covers(program, step.role, role));
    if (objection !== null) {
      if (verdict.outcome !== 'deny') {
        await enqueue(trx, registrationWorkflowId(registrationId), { kind: 'refresh_registration', payload: { reevaluate: true } });
      }
      return refuse('RULES_SPEAK_AGAINST', `The rules speak against an approval now: ${objection}`);
    }
  }
  // Who says yes overrules what the rules found; which they were stays known.
  const occasion = { ...by, details: { ...by.details, ...(found.length === 0 ? {} : { overruled: found }) } };
  const granted = grantStep(asking, approval, step, actor);
  if (granted.kind === 'open') {
    await recordTransition(trx, deps, registration, withHosted(state, 'claim', granted.approval), { kind: 'step granted', ...occasion });
    return { kind: 'done' };
  }
  const overruled = [...new Set([...state.overruled, ...found])];
  const inPlaceOf = step.standIns[actor];
  const decided = {
    partner: evidence.partner,
    lines,
    reasons,
    at,
    by: actor,
    mayShare: false,
    ...(inPlaceOf === undefined ? {} : { onBehalfOf: inPlaceOf }),
  };
  const approved = await approvedState(trx, program, deps.calendarOf(program), registration, { ...state, overruled }, decided);
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
