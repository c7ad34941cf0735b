import { refuse, type Refusal } from '../failures.ts';
import { spentBy, withStep, type Approval } from './approval.ts';
import type { Asking } from './asking.ts';
import { isFree, limitedValue } from './candidate.ts';
import { mayApproveAlone, mayApproveIn, rolesFrom, rolesOf, rungOf } from './rung.ts';
import { nextAbsence } from './staff.ts';
import { describeStep, type ReviewStep } from './step.ts';

type HandedOver = { readonly kind: 'handed_over'; readonly approval: Approval } | Refusal;

/**
 * Whoever is asked lets somebody else answer in the own place. The deadline stays, since the partner was promised it.
 *
 * Refused for whom nobody asked, and for a delegate who has a stake, is away or gone, has answered or is asked already, or may not approve as much: the lower of both
 * limits holds.
 */
export function delegateStep(asking: Asking, approval: Approval, actor: string, to: string): HandedOver {
  const step = approval.steps.find(({ asked }) => asked.includes(actor));
  if (step === undefined) return refuse('ACTOR_MAY_NOT_DECIDE', `${actor} is not asked; the question is with ${approversOf(approval)}.`);
  const stake = asking.staff.conflicted.get(step.onBehalfOf ?? actor) ?? asking.staff.conflicted.get(actor);
  if (stake !== undefined) return refuse('ACTOR_MAY_NOT_DECIDE', `${actor} may not decide this, nor say who does: ${stake}.`);
  if (to === actor) return refuse('DELEGATE_NOT_POSSIBLE', `${actor} cannot delegate to themselves.`);
  const refusal = refusalOfReceiver(asking, approval, step, to) ?? refusalOfLimit(asking, step, to, 'a delegate');
  if (refusal !== null) return refusal;
  // Given back, it is in nobody's place.
  const owner = step.onBehalfOf ?? actor;
  const { [to]: _given, ...standIns } = step.standIns;
  const given: ReviewStep = {
    ...step,
    number: approval.lastNumber + 1,
    reason: 'delegated',
    approver: to,
    onBehalfOf: owner === to ? null : owner,
    // Of those who are asked together the others stay asked.
    asked: [to, ...step.asked.filter((alias) => alias !== actor && alias !== to)],
    tried: [...step.tried, actor],
    mayDecide: [...new Set([to, ...step.mayDecide.filter((alias) => mayStillDecide(asking, alias))])],
    standIns: owner === to ? standIns : { ...standIns, [to]: owner },
    openedAt: asking.at,
    reminders: step.reminders.filter((at) => Date.parse(at) > Date.parse(asking.at)),
    remindedAt: null,
    awayFrom: nextAbsence(asking.staff, to, asking.question, asking.at),
  };
  return { kind: 'handed_over', approval: withStep(approval, step.number, given) };
}

/**
 * Somebody of a role above, or the program's fallback, puts the question to another person who may answer it by an own right. That person has the full time.
 *
 * Refused for anybody else, for a receiver who has a stake, is away or gone, or who decides neither in that role nor above it, or not as much.
 */
export function reassignStep(asking: Asking, approval: Approval, actor: string, to: string): HandedOver {
  const mine = approval.steps.filter(({ role }) => mayReassign(asking, role, actor));
  // Of several the first that the receiver can have.
  const step = mine.find((each) => isPossible(asking, approval, each, to)) ?? mine[0];
  if (step === undefined) {
    return refuse(
      'ACTOR_MAY_NOT_DECIDE',
      `${actor} may not give this question to somebody else; that is for a role above, or for the program's fallback.`,
    );
  }
  const refusal = refusalOfReassignment(asking, approval, step, to);
  if (refusal !== null) return refusal;
  const spent: ReadonlySet<string> = new Set();
  const opening = { number: approval.lastNumber + 1, reason: 'reassigned' as const };
  const given = describeStep(asking, step.role, step.planned, opening, { alias: to, onBehalfOf: null }, [], spent);
  return { kind: 'handed_over', approval: withStep(approval, step.number, { ...given, asked: [to] }) };
}

function isPossible(asking: Asking, approval: Approval, step: ReviewStep, to: string): boolean {
  return refusalOfReassignment(asking, approval, step, to) === null;
}

function refusalOfReassignment(asking: Asking, approval: Approval, step: ReviewStep, to: string): Refusal | null {
  const { program } = asking;
  if (step.asked.includes(to)) return refuse('DELEGATE_NOT_POSSIBLE', `${to} is asked already.`);
  const isOfRole = rolesOf(program, to).some((role) => rolesFrom(program, step.role).includes(role));
  if (!isOfRole && to !== program.governance.defaultManager) {
    return refuse('DELEGATE_NOT_POSSIBLE', `${to} decides neither as ${step.role} nor above; whoever is asked may delegate to ${to}.`);
  }
  return refusalOfReceiver(asking, approval, step, to) ?? refusalOfLimit(asking, step, to, 'who is asked');
}

/** Who is gone or has a stake by now is not let in again with a new step. */
function mayStillDecide({ staff }: Asking, alias: string): boolean {
  return !staff.inactive.has(alias) && !staff.conflicted.has(alias);
}

function mayReassign({ program, staff }: Asking, role: string, actor: string): boolean {
  if (staff.conflicted.has(actor)) return false;
  if (actor === program.governance.fallback) return true;
  const { above } = rungOf(program, role);
  const higher = above === null ? [role] : rolesFrom(program, above);
  return rolesOf(program, actor).some((held) => higher.includes(held));
}

/** Nobody answers twice by getting the question from somebody else. */
function refusalOfReceiver(asking: Asking, approval: Approval, step: ReviewStep, to: string): Refusal | null {
  const isAskedBeside = approval.steps.some(({ number, asked }) => number !== step.number && asked.includes(to));
  if (isAskedBeside) return refuse('DELEGATE_NOT_POSSIBLE', `${to} is asked about this already.`);
  if (spentBy(approval).has(to)) return refuse('DELEGATE_NOT_POSSIBLE', `${to} has said yes to an earlier step already.`);
  if (asking.question.decidedBefore.includes(to)) {
    return refuse('DELEGATE_NOT_POSSIBLE', `${to} decided this before; an appeal is for somebody else to hear.`);
  }
  const reason = asking.staff.conflicted.get(to);
  if (reason !== undefined) return refuse('DELEGATE_NOT_POSSIBLE', `${to} may not decide this: ${reason}.`);
  if (asking.staff.inactive.has(to)) return refuse('DELEGATE_NOT_POSSIBLE', `${to} is deactivated in the CRM.`);
  return isFree(asking, to) ? null : refuse('DELEGATE_NOT_POSSIBLE', `${to} is away.`);
}

function refusalOfLimit({ program, question }: Asking, { role, planned }: ReviewStep, to: string, who: string): Refusal | null {
  const value = limitedValue(question, planned);
  const isEnough = mayApproveAlone(program, to, value) && mayApproveIn(program, role, to, value);
  return isEnough ? null : refuse('DELEGATE_NOT_POSSIBLE', `${to} may not approve as much: the lower limit of both holds for ${who}.`);
}

function approversOf({ steps }: Approval): string {
  const asked = [...new Set(steps.flatMap(({ asked: aliases }) => aliases))];
  return asked.length === 0 ? 'nobody' : asked.join(', ');
}
