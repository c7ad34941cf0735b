import type { EvidenceSnapshot } from '../../program/claim.ts';
import type { Program } from '../../program/definition/program.ts';
import { addDuration } from '../../program/duration.ts';
import { windowLength } from '../../program/protection.ts';
import { NO_CHAIN, type RegistrationState } from '../../program/registration-life.ts';
import type { PlannedStep } from '../../program/review-step.ts';
import type { ConflictFinding, Verdict } from '../../program/verdict.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { lockRegistration, saveSyncNote, type Registration } from '../../store/registration.ts';
import { askStep, covers } from './ask.ts';
import { approvedState, deniedState } from './decided-state.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { openCase } from './open-case.ts';

export interface Judging {
  readonly occasion: string;
  readonly at: Instant;
  /** False when another registration's transaction judges this one on the way. */
  readonly byOwner: boolean;
  /** The role of the person who just settled a case in the claim's favour: what that role may approve needs no further step. */
  readonly authority?: { readonly role: string; readonly by: string; readonly mayShare: boolean };
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
    step: null,
    caseId: null,
    waitingFor: [],
    returnedUntil: null,
    frozenUntil: null,
    interrupted: null,
    chain: NO_CHAIN,
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
      return ask(trx, deps, program, registration, open, [{ role: verdict.role, deadline: null, silence: null }], judging);
    case 'review': {
      const { conflict, steps } = verdict;
      if (conflict !== null) return contest(trx, deps, program, registration, evidence, open, conflict, steps, judging);
      const { authority } = judging;
      const left = authority === undefined ? steps : steps.filter(({ role }) => !covers(program, authority.role, role));
      return left.length === 0
        ? approve(trx, deps, program, registration, evidence, open, verdict, judging)
        : ask(trx, deps, program, registration, open, left, judging);
    }
  }
}

async function contest(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  evidence: EvidenceSnapshot,
  open: RegistrationState,
  conflict: ConflictFinding,
  steps: readonly PlannedStep[],
  { at }: Judging,
): Promise<RegistrationState> {
  const rivals: Registration[] = [];
  for (const id of conflict.rivalIds) {
    const rival = await lockRegistration(trx, id);
    if (rival !== null) rivals.push(rival);
  }
  const { id, state } = await openCase(trx, deps, program, registration, rivals, conflict, steps, evidence.partner.manager, at);
  return { ...open, step: state.step, caseId: id, needsAttention: state.needsAttention };
}

/** Occasions on which the claim, or its partner, may be another than the one that was granted a step. */
const RESTARTS: ReadonlySet<string> = new Set(['amended', 'changed inputs']);

/** Asks the first of the steps; who was asked the same before keeps the question, with the deadline that was promised, and what was granted stays granted. */
async function ask(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  open: RegistrationState,
  steps: readonly PlannedStep[],
  { at, occasion }: Judging,
): Promise<RegistrationState> {
  const { step, caseId, chain, needsAttention } = registration.state;
  const [first, ...rest] = steps;
  if (first === undefined) throw new RangeError('a question needs somebody to answer it');
  const asked = caseId === null ? step : null;
  const position = chain.granted.length;
  // What was granted was granted to the claim as it was: an amended one, or one that takes another way, begins with the first step again.
  const goesOn = position > 0 && !RESTARTS.has(occasion) && position + 1 + chain.rest.length === steps.length;
  if (asked !== null && goesOn && covers(program, asked.role, steps[position]?.role ?? '')) {
    return { ...open, step: asked, chain: { granted: chain.granted, rest: steps.slice(position + 1) }, needsAttention };
  }
  if (asked !== null && position === 0 && covers(program, asked.role, first.role)) {
    return { ...open, step: asked, chain: { granted: [], rest }, needsAttention };
  }
  const fresh = await askStep(trx, deps, program, registration, first, NO_CHAIN, at);
  return { ...open, step: fresh, chain: { granted: [], rest }, needsAttention: fresh.approver === null };
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
    const ruling = { role: program.routing.otherwise, deadline: null, silence: null };
    return ask(trx, deps, program, registration, open, [ruling], judging);
  }
  const approved = await approvedState(trx, program, calendar, registration, open, {
    partner: evidence.partner,
    lines: verdict.lines,
    reasons: verdict.reasons,
    at,
    by: authority?.by ?? 'program',
    mayShare: authority?.mayShare ?? false,
  });
  if (approved.kind === 'approved') return approved.state;
  // The rules saw no rival and the index did: the customer is known under keys that the match did not connect. People look at it, nobody is protected twice.
  const reasons = [{ rule: 'C02_active_protection', message: 'This customer and product line are already protected.' }];
  return deniedState(program, calendar, open, reasons, at, 'program', approved.by);
}
