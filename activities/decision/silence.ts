import { windowLength } from '../../program/protection.ts';
import { NO_CHAIN } from '../../program/registration-life.ts';
import { askOn, nextStep, type ReviewStep } from '../../program/review-step.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { readPartners } from '../../store/partner.ts';
import type { Registration } from '../../store/registration.ts';
import { freeDeciders, nextInChain } from './ask.ts';
import { approvedState, deniedState } from './decided-state.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { decideExtension } from './extend.ts';
import { judgeInTransaction } from './judge.ts';
import { isHeldByAnother, judgeAgain } from './judge-again.ts';
import { pinnedProgram } from './pinned-program.ts';
import { recordTransition } from './transition.ts';

/**
 * Nobody answered the open step in time: what the program says of that happens.
 *
 * Silence that approves asks the rules again at this instant. Where nothing stands against the claim, the step is granted in the program's name; where the rules deny it,
 * find a conflict or an earlier claim, or want it completed, that happens instead; where they are unclear, or it is an appeal against them, people are asked on.
 */
export async function passSilence(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  at: Instant,
  byOwner: boolean,
): Promise<Registration> {
  const { state } = registration;
  const { step } = state;
  if (step === null) return registration;
  const by = { actor: 'program', at, byOwner };
  const result = await afterSilence(trx, deps, registration, step, at);
  if (result.kind !== 'deemed') {
    const needsAttention = result.kind === 'asked_again' || result.step.approver === null;
    return recordTransition(trx, deps, registration, { ...state, step: result.step, needsAttention }, { kind: 'silence', ...by });
  }
  const program = pinnedProgram(deps, registration);
  if (result.decision === 'deny') {
    const reasons = [{ rule: 'deemed_denial', message: `Nobody answered by ${step.dueAt}; the program takes that for a no.` }];
    const { waitlistedUntil, waitlistedBehind } = state;
    const denied = deniedState(program, deps.calendarOf(program), state, reasons, at, 'program', null);
    return recordTransition(trx, deps, registration, { ...denied, waitlistedUntil, waitlistedBehind }, { kind: 'deemed denied', ...by });
  }
  return deemApproved(trx, deps, registration, step, at, byOwner);
}

async function deemApproved(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  step: ReviewStep,
  at: Instant,
  byOwner: boolean,
): Promise<Registration> {
  const { state } = registration;
  const by = { actor: 'program', at, byOwner };
  const program = pinnedProgram(deps, registration);
  const { evidence, verdict } = await judgeAgain(trx, deps, registration, 'deemed approval', at);
  const isAgainst =
    verdict.outcome === 'deny' ||
    verdict.outcome === 'return' ||
    verdict.outcome === 'wait' ||
    (verdict.outcome === 'review' && verdict.conflict !== null);
  if (isAgainst && !state.appealed) {
    const anew = { ...registration, state: { ...state, step: null, chain: NO_CHAIN } };
    return judgeInTransaction(trx, deps, anew, { occasion: 'deemed approval refused', at, byOwner });
  }
  const lines = verdict.lines;
  const isPossible = !isAgainst && verdict.outcome !== 'needs_ruling' && !isHeldByAnother(evidence, lines);
  if (isPossible) {
    const next = await nextInChain(trx, deps, program, registration, 'program', at);
    if (next !== null) return recordTransition(trx, deps, registration, next, { kind: 'deemed granted', ...by });
    if (windowLength(program, registration, evidence.partner).kind === 'known') {
      const message = `Nobody answered by ${step.dueAt}; the program takes that for a yes, and no rule spoke against it at that time.`;
      const reasons = [{ rule: 'deemed_approval', message }];
      const approval = { partner: evidence.partner, lines, reasons, at, by: 'program', mayShare: false };
      const approved = await approvedState(trx, program, deps.calendarOf(program), registration, state, approval);
      if (approved.kind === 'approved')
        return recordTransition(trx, deps, registration, approved.state, { kind: 'deemed approved', ...by });
    }
  }
  const asked = await askFurther(trx, deps, registration, step, at);
  return recordTransition(trx, deps, registration, { ...state, step: asked, needsAttention: true }, { kind: 'silence', ...by });
}

/** The same for an extension that was asked for. */
export async function passExtensionSilence(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  at: Instant,
  byOwner: boolean,
): Promise<void> {
  const { extension } = registration.state;
  if (extension === null) return;
  const by = { actor: 'program', at, byOwner };
  const result = await afterSilence(trx, deps, registration, extension.step, at);
  if (result.kind === 'deemed') {
    const answer = await decideExtension(trx, deps, registration, result.decision, by);
    if (answer.kind === 'done') return;
    // Over before anybody answered: the question has no sense any more.
    if (Date.parse(at) >= Date.parse(extension.until)) {
      await decideExtension(trx, deps, registration, 'deny', by);
      return;
    }
  }
  const step = result.kind === 'deemed' ? await askFurther(trx, deps, registration, extension.step, at) : result.step;
  const needsAttention = result.kind === 'deemed' || result.kind === 'asked_again' || step.approver === null;
  await recordTransition(
    trx,
    deps,
    registration,
    { ...registration.state, extension: { ...extension, step }, needsAttention },
    { kind: 'silence', ...by },
  );
}

async function afterSilence(trx: Transaction, deps: ActivityDependencies, registration: Registration, step: ReviewStep, at: Instant) {
  const program = pinnedProgram(deps, registration);
  const [partner] = await readPartners(trx, [registration.partnerId]);
  const deciders = await freeDeciders(trx, registration.registrationId, registration.state.chain);
  return nextStep(program, step, partner?.manager ?? null, deciders, at, deps.calendarOf(program));
}

async function askFurther(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  step: ReviewStep,
  at: Instant,
): Promise<ReviewStep> {
  const program = pinnedProgram(deps, registration);
  const [partner] = await readPartners(trx, [registration.partnerId]);
  const deciders = await freeDeciders(trx, registration.registrationId, registration.state.chain);
  return askOn(program, step, partner?.manager ?? null, deciders, at, deps.calendarOf(program)).step;
}
