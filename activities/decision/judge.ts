import { isMaterialChange } from '../../program/approval/material-change.ts';
import type { EvidenceSnapshot } from '../../program/claim.ts';
import type { Program } from '../../program/definition/program.ts';
import { freezeEnd } from '../../program/freeze.ts';
import { judgeClaim } from '../../program/judge-claim.ts';
import type { RegistrationState } from '../../program/registration-life.ts';
import type { Verdict } from '../../program/verdict.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { lockRegistration, type Registration } from '../../store/registration.ts';
import { findVerdictAt, insertVerdict } from '../../store/verdict.ts';
import { findOverdueHolders } from '../../store/waiting.ts';
import { claimOf } from './claim-of.ts';
import { openContestedCases } from './contested-customer.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { endByTime } from './end-by-time.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { pinnedProgram } from './pinned-program.ts';
import { placeCustomer } from './place-customer.ts';
import { stateAfter, type Judging } from './state-after.ts';
import { recordTransition } from './transition.ts';

/** True while the program has a say: not once it is decided, withdrawn or returned. An appeal is a person's question: new inputs do not take it away. */
export function isToBeJudged({ status, appealed, approval }: RegistrationState): boolean {
  return (status === 'submitted' || status === 'in_review') && !(appealed && approval !== null);
}

/** True while the claim has no verdict that people or time act on: it is the program's turn. */
function awaitsVerdict(state: RegistrationState): boolean {
  return (state.status === 'submitted' || state.status === 'in_review') && state.approval === null && state.caseId === null;
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
  const frozenUntil = frozenAt(program, registration, judging.at);
  if (frozenUntil !== null) return putOff(trx, deps, registration, frozenUntil, judging);
  await openContestedCases(trx, deps, program, registration.customerId, judging.at);
  const evidence = await judgeEarlierFirst(trx, deps, program, registration, judging);
  const verdict = judgeClaim(program, claimOf(registration), evidence);
  const isMaterial = await isAnotherClaim(trx, program, registration, evidence.partner, judging.occasion);
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
  const after = await stateAfter(trx, deps, program, registration, evidence, verdict, { ...judging, isMaterial });
  const { at, byOwner } = judging;
  return recordTransition(trx, deps, registration, after, {
    kind: 'judged',
    actor: 'program',
    at,
    byOwner,
    details: saidOf(verdict, registration, judging),
  });
}

/** What the audit says of a verdict: what was asked, under which program, what it came to, and the rules that found something. */
function saidOf(verdict: Verdict, { programVersion }: Registration, { occasion, authority }: Judging): Readonly<Record<string, unknown>> {
  const rules = verdict.trace.filter(({ fired }) => fired).map(({ rule }) => rule);
  return { occasion, programVersion, outcome: verdict.outcome, rules, ...(authority === undefined ? {} : { settledBy: authority.by }) };
}

/** Occasions on which the claim, or its partner, may be another than the one that people have said yes to so far. */
const CHANGES: ReadonlySet<string> = new Set(['amended', 'changed inputs']);

/** Whether it is: held against what was judged when the question was put. */
async function isAnotherClaim(
  trx: Transaction,
  program: Program,
  registration: Registration,
  partner: EvidenceSnapshot['partner'],
  occasion: string,
): Promise<boolean> {
  const { approval } = registration.state;
  if (!CHANGES.has(occasion) || approval === null || approval.granted.length === 0) return false;
  const before = await findVerdictAt(trx, registration.registrationId, approval.openedAt);
  if (before === null) return true;
  const isOtherPartner = JSON.stringify(before.evidence.partner) !== JSON.stringify(partner);
  return isOtherPartner || isMaterialChange(program, before.claim, claimOf(registration));
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
    if (holder !== null) await endByTime(trx, deps, holder, at, false);
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
    if (frozenAt(pinnedProgram(deps, before), before, judging.at) !== null) continue;
    await judgeInTransaction(trx, deps, before, { occasion: judging.occasion, at: judging.at, byOwner: false });
    judged++;
  }
  return judged === 0 ? evidence : gatherEvidence(trx, deps, program, registration, judging.at);
}

/** Until when a claim that was received during a freeze is not looked at; null when it is. Its receipt, and so its place, is that of its submission. */
function frozenAt(program: Program, { submittedAt, state }: Registration, at: Instant): Instant | null {
  const end = state.status === 'submitted' ? freezeEnd(program, submittedAt) : null;
  return end !== null && Date.parse(at) < Date.parse(end) ? end : null;
}

async function putOff(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  frozenUntil: Instant,
  { at, byOwner }: Judging,
): Promise<Registration> {
  if (registration.state.frozenUntil === frozenUntil) return registration;
  const frozen: RegistrationState = { ...registration.state, frozenUntil };
  return recordTransition(trx, deps, registration, frozen, { kind: 'put off by a freeze', actor: 'program', at, byOwner });
}
