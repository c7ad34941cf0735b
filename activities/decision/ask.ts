import type { Program } from '../../program/definition/program.ts';
import type { ApprovalChain, RegistrationState } from '../../program/registration-life.ts';
import { openStep, type PlannedStep, type ReviewStep } from '../../program/review-step.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { readPartners } from '../../store/partner.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { excludedApprovers } from './excluded-approver.ts';

/** Puts a question about the registration to a role, as it stands now: who is free, and whom the partner's manager is. */
export async function askStep(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  asked: string | PlannedStep,
  chain: ApprovalChain,
  at: Instant,
): Promise<ReviewStep> {
  const [partner] = await readPartners(trx, [registration.partnerId]);
  const deciders = await freeDeciders(trx, registration.registrationId, chain);
  return openStep(program, asked, partner?.manager ?? null, deciders, at, deps.calendarOf(program), registration.submittedAt);
}

/** Who may not be asked about the registration, and who granted an earlier step of the chain. */
export async function freeDeciders(trx: Transaction, registrationId: string, chain: ApprovalChain) {
  const excluded = await excludedApprovers(trx, { registrationIds: [registrationId], opportunity: null });
  return { excluded, spent: new Set(chain.granted.map(({ by }) => by)) };
}

/** The state once the open step was granted by `by` and the chain goes on; null when nobody is left to ask. */
export async function nextInChain(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registration: Registration,
  by: string,
  at: Instant,
): Promise<RegistrationState | null> {
  const { state } = registration;
  const [next, ...rest] = state.chain.rest;
  if (next === undefined || state.step === null) return null;
  const chain = { granted: [...state.chain.granted, { role: state.step.role, by }], rest };
  const step = await askStep(trx, deps, program, registration, next, chain, at);
  return { ...state, step, chain, needsAttention: step.approver === null };
}

/** Whether what `held` may approve includes what `needed` approves: the ladder says so. */
export function covers(program: Program, held: string, needed: string): boolean {
  const rank = (role: string): number => program.governance.ladder.findIndex((rung) => rung.role === role);
  return rank(held) >= rank(needed);
}
