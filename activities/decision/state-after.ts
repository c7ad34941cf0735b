import { continueApproval } from '../../program/approval/continue-approval.ts';
import { bareStep, stepsOf, type PlannedStage } from '../../program/approval/planned-stage.ts';
import { covers, mayRoleApprove } from '../../program/approval/rung.ts';
import type { EvidenceSnapshot } from '../../program/claim.ts';
import type { Program } from '../../program/definition/program.ts';
import { addDuration } from '../../program/duration.ts';
import { windowLength } from '../../program/protection.ts';
import { withQuestion, type RegistrationState } from '../../program/registration-life.ts';
import { ROUTING } from '../../program/rules/catalogue.ts';
import type { ConflictFinding, Reason, Verdict } from '../../program/verdict.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { lockRegistration, saveSyncNote, type Registration } from '../../store/registration.ts';
import { limitedValue } from '../approval/asking-about.ts';
import { askingOf, hostedApproval } from '../approval/hosted-question.ts';
import { approvedState, deniedState } from './decided-state.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { openCase } from './open-case.ts';

export interface Judging {
  readonly occasion: string;
  readonly at: Instant;
  /** False when another registration's transaction judges this one on the way. */
  readonly byOwner: boolean;
  /** The claim, or its partner, is another one than people have said yes to so far. */
  readonly isMaterial?: boolean;
  /** The role of the person who just settled a case in the claim's favour, `because`: what that role may approve needs no further step. */
  readonly authority?: { readonly role: string; readonly by: string; readonly because: Reason; readonly mayShare: boolean };
}

/** Where a claim stands once the program has said `verdict` of it, with the protection, the case or the question that follows. */
export async function stateAfter(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  evidence: EvidenceSnapshot,
  verdict: Verdict,
  judging: Judging,
): Promise<RegistrationState> {
  const { at } = judging;
  const calendar = deps.calendarOf(program);
  const open: RegistrationState = {
    ...registration.state,
    status: 'in_review',
    approval: null,
    caseId: null,
    waitingFor: [],
    returnedUntil: null,
    frozenUntil: null,
    interrupted: null,
    needsAttention: false,
  };
  switch (verdict.outcome) {
    case 'approve':
      return approve(trx, deps, program, registration, evidence, open, verdict, judging);
    case 'deny':
      return deniedState(program, calendar, open, verdict.reasons, at, 'program', verdict.waitlist ? verdict.behind : null);
    case 'wait':
      return { ...open, waitingFor: verdict.waitFor };
    case 'return': {
      const asked = verdict.reasons.map(({ message }) => message).join(' ');
      await saveSyncNote(trx, registration.registrationId, `Returned to the partner: ${asked}`, at);
      return { ...open, status: 'returned', returnedUntil: addDuration(at, program.returned.lapseAfter, calendar) };
    }
    case 'needs_ruling':
      return ask(trx, deps, program, registration, open, [bareStep(verdict.role)], judging);
    case 'review': {
      const { conflict, steps } = verdict;
      if (conflict !== null) return contest(trx, deps, program, registration, open, conflict, steps, judging);
      const { authority } = judging;
      const isGiven = (stage: PlannedStage): boolean =>
        authority !== undefined && stepsOf(stage).every(({ role }) => isGivenBy(program, authority.role, role, registration));
      const [first, ...rest] = steps.filter((stage) => !isGiven(stage));
      return first === undefined
        ? approve(trx, deps, program, registration, evidence, open, verdict, judging)
        : ask(trx, deps, program, registration, open, [first, ...rest], judging);
    }
  }
}

/** What a role of the ladder approves includes what those below it do; a desk beside it approves what its own limit reaches. */
function isGivenBy(program: Program, settledBy: string, asked: string, { estimatedValue }: Registration): boolean {
  const isDesk = program.governance.desks.some(({ role }) => role === settledBy);
  return covers(program, settledBy, asked) || (isDesk && mayRoleApprove(program, settledBy, limitedValue(program, estimatedValue)));
}

async function contest(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  open: RegistrationState,
  conflict: ConflictFinding,
  steps: readonly PlannedStage[],
  { at }: Judging,
): Promise<RegistrationState> {
  const rivals: Registration[] = [];
  for (const id of conflict.rivalIds) {
    const rival = await lockRegistration(trx, id);
    if (rival !== null) rivals.push(rival);
  }
  const { id, state } = await openCase(trx, deps, program, registration, rivals, conflict, steps, at);
  return { ...open, approval: state.approval, caseId: id, needsAttention: state.needsAttention };
}

/**
 * Asks the first of the stages; who was asked the same before keeps the question, with the deadline that was promised, and what was granted stays granted, unless the claim
 * is another one now.
 */
async function ask(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  open: RegistrationState,
  stages: readonly [PlannedStage, ...PlannedStage[]],
  { at, isMaterial = false }: Judging,
): Promise<RegistrationState> {
  const asking = await askingOf(trx, deps, program, registration, 'claim', at);
  const approval = hostedApproval(registration.state, 'claim');
  return withQuestion(open, continueApproval(asking, approval, stages, isMaterial, registration.state.questions));
}

/** How the value alone would have been decided is not why people decided so. */
function withoutRouting(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter(({ rule }) => rule !== ROUTING);
}

async function approve(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  evidence: EvidenceSnapshot,
  open: RegistrationState,
  verdict: Verdict,
  judging: Judging,
): Promise<RegistrationState> {
  const { at, authority } = judging;
  const calendar = deps.calendarOf(program);
  // How long it would be protected is not the program's to guess: a person who approves grants the general time.
  if (authority === undefined && windowLength(program, registration, evidence.partner).kind === 'unclear') {
    return ask(trx, deps, program, registration, open, [bareStep(program.routing.otherwise)], judging);
  }
  const approved = await approvedState(trx, program, calendar, registration, open, {
    partner: evidence.partner,
    lines: verdict.lines,
    reasons: authority === undefined ? verdict.reasons : [authority.because, ...withoutRouting(verdict.reasons)],
    at,
    by: authority?.by ?? 'program',
    mayShare: authority?.mayShare ?? false,
  });
  if (approved.kind === 'approved') return approved.state;
  // The rules saw no rival and the index did: the customer is known under keys that the match did not connect. People look at it, nobody is protected twice.
  const reasons = [{ rule: 'C02_active_protection', message: 'This customer and product line are already protected.' }];
  return deniedState(program, calendar, open, reasons, at, 'program', approved.by);
}
