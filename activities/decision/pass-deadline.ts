import { isProtectedAt } from '../../program/protection.ts';
import { nextDeadline, type RegistrationState } from '../../program/registration-life.ts';
import { nextStep } from '../../program/review-step.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { readPartners } from '../../store/partner.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { excludedApprovers } from './excluded-approver.ts';
import { pinnedProgram } from './pinned-program.ts';
import { recordTransition } from './transition.ts';

/**
 * Moves a registration whose deadline has passed at `at`. Nothing happens when it has not, or when somebody was faster.
 * `byOwner` is false when another registration's transaction notices it first.
 */
export async function passDeadlineInTransaction(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  at: Instant,
  byOwner: boolean,
): Promise<void> {
  const { state } = registration;
  const deadline = nextDeadline(state);
  if (deadline === null || Date.parse(at) < Date.parse(deadline.at)) return;
  const byTime = { actor: 'program', at, byOwner };
  switch (deadline.kind) {
    case 'silence': {
      const next = await afterSilence(trx, deps, registration, at);
      await recordTransition(trx, deps, registration, next, { kind: 'silence', ...byTime });
      return;
    }
    case 'lapse':
      await recordTransition(
        trx,
        deps,
        registration,
        { ...state, status: 'lapsed', returnedUntil: null, caseId: null },
        { kind: 'lapsed', ...byTime },
      );
      return;
    case 'expiry': {
      if (state.protection !== null && isProtectedAt(state.protection, at)) return;
      const appealUntil = new Date(
        Date.parse(at) + pinnedProgram(deps, registration).appeal.windowDays * 24 * 60 * 60 * 1000,
      ).toISOString();
      await recordTransition(
        trx,
        deps,
        registration,
        { ...state, status: 'expired', protection: null, appealUntil: state.appealed ? null : appealUntil },
        { kind: 'expired', ...byTime },
      );
      return;
    }
    case 'appeal_end':
      await recordTransition(trx, deps, registration, { ...state, appealUntil: null }, { kind: 'appeal time over', ...byTime });
      return;
    case 'waitlist_end':
      await recordTransition(
        trx,
        deps,
        registration,
        { ...state, waitlistedUntil: null, waitlistedBehind: [] },
        { kind: 'off the waitlist', ...byTime },
      );
      return;
  }
}

async function afterSilence(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  at: Instant,
): Promise<RegistrationState> {
  const { state } = registration;
  if (state.step === null) return state;
  const program = pinnedProgram(deps, registration);
  const [partner] = await readPartners(trx, [registration.partnerId]);
  const excluded = await excludedApprovers(trx, { registrationIds: [registration.registrationId], opportunity: null });
  const result = nextStep(program, state.step, partner?.manager ?? null, excluded, at, deps.calendarOf(program));
  return { ...state, step: result.step, needsAttention: result.kind === 'asked_again' || result.step.approver === null };
}
