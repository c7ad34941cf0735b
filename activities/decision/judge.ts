import type { EvidenceSnapshot } from '../../program/claim.ts';
import type { Program } from '../../program/definition/program.ts';
import { judgeClaim } from '../../program/judge-claim.ts';
import { protectionWindow } from '../../program/protection.ts';
import type { RegistrationState } from '../../program/registration-life.ts';
import { openStep } from '../../program/review-step.ts';
import type { Verdict } from '../../program/verdict.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { grantProtection } from '../../store/protection.ts';
import { findOverdueHolders, lockRegistration, type Registration } from '../../store/registration.ts';
import { insertVerdict } from '../../store/verdict.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { excludedApprovers } from './excluded-approver.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { openCase } from './open-case.ts';
import { passDeadlineInTransaction } from './pass-deadline.ts';
import { pinnedProgram } from './pinned-program.ts';
import { placeCustomer } from './place-customer.ts';
import { recordTransition } from './transition.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Judging {
  readonly occasion: string;
  readonly at: Instant;
  /** False when another registration's transaction judges this one on the way. */
  readonly byOwner: boolean;
  /** The role of the person who just settled a case in the claim's favour: what that role may approve needs no further step. */
  readonly authority?: { readonly role: string; readonly by: string; readonly mayShare: boolean };
}

/** True while the program has a say: not once it is decided, withdrawn or returned. An appeal is a person's question: new inputs do not take it away. */
export function isToBeJudged({ status, appealed, step }: RegistrationState): boolean {
  return (status === 'submitted' || status === 'in_review') && !(appealed && step !== null);
}

/** True while the claim has no verdict that people or time act on: it is the program's turn. */
function awaitsVerdict(state: RegistrationState): boolean {
  return (state.status === 'submitted' || state.status === 'in_review') && state.step === null && state.caseId === null;
}

/**
 * Judges a claim and stores verdict, protection or case with everything that follows, under the customer's locks.
 *
 * Earlier claims on the same customer that were not judged yet go first, in this very transaction: a race is decided by the order of receipt, not by which worker was faster.
 * Nothing happens to a registration that is not the program's to judge any more (decided, withdrawn, returned).
 */
export async function judgeInTransaction(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  judging: Judging,
): Promise<Registration> {
  if (!isToBeJudged(registration.state)) return registration;
  const program = pinnedProgram(deps, registration);
  const evidence = await judgeEarlierFirst(trx, deps, program, registration, judging);
  const verdict = judgeClaim(program, registration, evidence);
  await insertVerdict(trx, {
    registrationId: registration.registrationId,
    programVersion: registration.programVersion,
    occasion: judging.occasion,
    claim: claimOf(registration),
    evidence,
    verdict,
    decidedAt: judging.at,
  });
  await placeCustomer(trx, deps, program, registration);
  const after = await stateAfter(trx, deps, program, registration, evidence, verdict, judging);
  return recordTransition(trx, deps, registration, after, { kind: 'judged', actor: 'program', at: judging.at, byOwner: judging.byOwner });
}

/**
 * The evidence once every protection that is over has ended: the waitlist behind it moves up before a newcomer is judged, however late the holder's own
 * workflow notices the end.
 */
async function gatherCurrentEvidence(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  at: Instant,
): Promise<EvidenceSnapshot> {
  const evidence = await gatherEvidence(trx, deps, program, registration, at);
  const exact = evidence.rivals.filter((rival) => rival.match.band === 'exact').map((rival) => rival.registrationId);
  const overdue = await findOverdueHolders(trx, registration.customerId, exact, at);
  for (const id of overdue) {
    const holder = await lockRegistration(trx, id);
    if (holder !== null) await passDeadlineInTransaction(trx, deps, holder, at, false);
  }
  return overdue.length === 0 ? evidence : gatherEvidence(trx, deps, program, registration, at);
}

async function judgeEarlierFirst(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  judging: Judging,
): Promise<EvidenceSnapshot> {
  const evidence = await gatherCurrentEvidence(trx, deps, program, registration, judging.at);
  const earlier = evidence.rivals
    .filter((rival) => rival.match.band === 'exact' && rival.sequence < registration.sequence)
    .sort((a, b) => a.sequence - b.sequence);
  let judged = 0;
  for (const rival of earlier) {
    const before = await lockRegistration(trx, rival.registrationId);
    if (before === null || !awaitsVerdict(before.state) || before.state.waitingFor.length > 0) continue;
    await judgeInTransaction(trx, deps, before, { occasion: judging.occasion, at: judging.at, byOwner: false });
    judged++;
  }
  return judged === 0 ? evidence : gatherEvidence(trx, deps, program, registration, judging.at);
}

async function stateAfter(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  evidence: EvidenceSnapshot,
  verdict: Verdict,
  judging: Judging,
): Promise<RegistrationState> {
  const open: RegistrationState = {
    ...registration.state,
    status: 'in_review',
    step: null,
    caseId: null,
    waitingFor: [],
    returnedUntil: null,
    needsAttention: false,
  };
  switch (verdict.outcome) {
    case 'approve':
      return approve(trx, program, registration, open, verdict, judging);
    case 'deny':
      return deniedState(program, open, verdict.reasons, judging.at, 'program', verdict.waitlist ? verdict.behind : null);
    case 'wait':
      return { ...open, waitingFor: verdict.waitFor };
    case 'needs_ruling':
      return withStep(trx, deps, program, registration, open, evidence, verdict.role, judging);
    case 'review': {
      if (verdict.conflict !== null) {
        const rivals: Registration[] = [];
        for (const id of verdict.conflict.rivalIds) {
          const rival = await lockRegistration(trx, id);
          if (rival !== null) rivals.push(rival);
        }
        const conflict = await openCase(
          trx,
          deps,
          program,
          registration,
          rivals,
          verdict.conflict,
          verdict.role,
          evidence.partner.manager,
          judging.at,
        );
        return { ...open, step: conflict.state.step, caseId: conflict.id, needsAttention: conflict.state.needsAttention };
      }
      if (judging.authority !== undefined && covers(program, judging.authority.role, verdict.role)) {
        return approve(trx, program, registration, open, verdict, judging);
      }
      return withStep(trx, deps, program, registration, open, evidence, verdict.role, judging);
    }
  }
}

/** Whether what `held` may approve includes what `needed` approves: the ladder says so. */
function covers(program: Program, held: string, needed: string): boolean {
  const rank = (role: string): number => program.governance.ladder.findIndex((rung) => rung.role === role);
  return rank(held) >= rank(needed);
}

async function withStep(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  open: RegistrationState,
  evidence: EvidenceSnapshot,
  role: string,
  judging: Judging,
): Promise<RegistrationState> {
  const asked = registration.state.caseId === null ? registration.state.step : null;
  // The question is the same as before: whoever was asked keeps it, with the deadline that was promised.
  if (asked !== null && covers(program, asked.role, role))
    return { ...open, step: asked, needsAttention: registration.state.needsAttention };
  const excluded = await excludedApprovers(trx, { registrationIds: [registration.registrationId], opportunity: null });
  const step = openStep(program, role, evidence.partner.manager, excluded, judging.at, deps.calendarOf(program));
  return { ...open, step, needsAttention: step.approver === null };
}

async function approve(
  trx: Transaction,
  program: Program,
  registration: Registration,
  open: RegistrationState,
  verdict: Verdict,
  { at, authority }: Judging,
): Promise<RegistrationState> {
  const approved = await approvedState(
    trx,
    program,
    registration,
    open,
    verdict.reasons,
    at,
    authority?.by ?? 'program',
    authority?.mayShare ?? false,
  );
  if (approved.kind === 'approved') return approved.state;
  // The rules saw no rival and the index did: the customer is known under keys that the match did not connect. People look at it, nobody is protected twice.
  return deniedState(
    program,
    open,
    [{ rule: 'C02_active_protection', message: 'This customer and product line are already protected.' }],
    at,
    'program',
    approved.by,
  );
}

/**
 * The state of an approved claim with its protection stored; `held` when another claim holds one of the lines.
 * `mayShare`: people let the claim in beside whoever holds a line; it is protected on the lines that are free.
 */
export async function approvedState(
  trx: Transaction,
  program: Program,
  registration: Registration,
  open: RegistrationState,
  reasons: Verdict['reasons'],
  at: Instant,
  by: string,
  mayShare: boolean,
): Promise<{ readonly kind: 'approved'; readonly state: RegistrationState } | { readonly kind: 'held'; readonly by: readonly string[] }> {
  const protection = protectionWindow(program, at);
  const granted = await grantProtection(
    trx,
    registration.registrationId,
    registration.customerId,
    registration.productLines,
    protection,
    mayShare,
  );
  if (granted.kind === 'held') return granted;
  const state: RegistrationState = {
    ...open,
    status: 'approved',
    step: null,
    caseId: null,
    waitingFor: [],
    protection,
    decision: { outcome: 'approve', by, at, reasons },
    appealUntil: null,
    waitlistedUntil: null,
    waitlistedBehind: [],
    needsAttention: false,
  };
  return { kind: 'approved', state };
}

/** The state of a denied claim: it may be appealed for a while, and moves up from the waitlist where the rule says so. */
export function deniedState(
  program: Program,
  open: RegistrationState,
  reasons: Verdict['reasons'],
  at: Instant,
  by: string,
  waitlistedBehind: readonly string[] | null,
): RegistrationState {
  const after = (days: number): Instant => new Date(Date.parse(at) + days * DAY_MS).toISOString();
  return {
    ...open,
    status: 'denied',
    step: null,
    caseId: null,
    waitingFor: [],
    decision: { outcome: 'deny', by, at, reasons },
    appealUntil: open.appealed ? null : after(program.appeal.windowDays),
    waitlistedUntil: waitlistedBehind === null ? null : after(program.waitlist.keepDays),
    waitlistedBehind: waitlistedBehind ?? [],
    needsAttention: false,
  };
}

function claimOf(registration: Registration) {
  const { registrationId, sequence, kind, customer, productLines, estimatedValue, expectedCloseDate, submittedAt } = registration;
  return { registrationId, sequence, kind, customer, productLines, estimatedValue, expectedCloseDate, submittedAt };
}
