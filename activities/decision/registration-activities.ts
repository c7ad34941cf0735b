import { ApplicationFailure } from '@temporalio/activity';
import type { RegistrationProgress } from '../../program/messages.ts';
import { openApprovals, type RegistrationCommand, type RegistrationState } from '../../program/registration-life.ts';
import { findRegistration, type Registration } from '../../store/registration.ts';
import type { RegistrationActivities } from '../contract.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { carryOutCommand } from './carry-out.ts';
import { inCustomerTransaction } from './customer-transaction.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { isToBeJudged, judgeInTransaction } from './judge.ts';
import { passDeadlineInTransaction } from './pass-deadline.ts';
import { refreshEvidence } from './refresh-evidence.ts';
import { reviewApproved } from './review-approved.ts';
import { reconsiderQuestions } from './silence.ts';

/** What the workflow of a registration asks for. Every call is one transaction and can be repeated. */
export function createRegistrationActivities(deps: ActivityDependencies): RegistrationActivities {
  const load = async (registrationId: string): Promise<RegistrationProgress> => {
    const registration = await findRegistration(deps.db, registrationId);
    if (registration === null)
      throw ApplicationFailure.create({
        type: 'RECORD_UNREADABLE',
        message: `there is no registration ${registrationId}`,
        nonRetryable: true,
      });
    const { decision: _reasonsAreText, ...progress } = registration.state;
    return progress;
  };

  /** Who approves decides on what is known: a CRM that is away does not keep a person from it. */
  const refreshIfPossible = async (registrationId: string): Promise<void> => {
    const registration = await findRegistration(deps.db, registrationId);
    if (registration === null) return;
    try {
      await refreshEvidence(deps, registration);
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.type !== 'EVIDENCE_TOO_OLD') throw error;
      deps.log.warn({ registrationId, err: error }, 'a person decides on what the mirror knew last');
    }
  };

  return {
    loadRegistration: load,

    async evaluateRegistration(registrationId, occasion, at) {
      const registration = await findRegistration(deps.db, registrationId);
      if (registration !== null && (isToBeJudged(registration.state) || registration.state.status === 'approved')) {
        await refreshEvidence(deps, registration);
      }
      await inCustomerTransaction(deps, [registrationId], async (trx, [locked]) => {
        const { state } = locked as Registration;
        const judging = { occasion, at, byOwner: true };
        // A claim that waited for others has nothing open: it is judged as at first.
        const judged =
          state.status === 'approved'
            ? await reviewApproved(trx, deps, locked as Registration, judging)
            : await judgeInTransaction(trx, deps, locked as Registration, judging);
        await reconsiderQuestions(trx, deps, judged, at, true);
      });
      return load(registrationId);
    },

    async carryOutCommand(registrationId, message, at) {
      if (asksForApproval(message.command)) await refreshIfPossible(registrationId);
      const answer = await carryOutCommand(deps, registrationId, message, at);
      return { answer, progress: await load(registrationId) };
    },

    async passDeadline(registrationId, at) {
      const registration = await findRegistration(deps.db, registrationId);
      if (registration !== null && asksTheRules(registration.state, at)) await refreshEvidence(deps, registration);
      await inCustomerTransaction(deps, [registrationId], (trx, [locked]) =>
        passDeadlineInTransaction(trx, deps, locked as Registration, at, true),
      );
      return load(registrationId);
    },
  };
}

/** Commands before which the rules are asked again. */
function asksForApproval(command: RegistrationCommand): boolean {
  return command.kind === 'extend' || (command.kind === 'decide' && command.decision === 'approve');
}

/** True where time decides as a person would: silence that is a yes, and the end of a freeze. The CRM is read again before. */
function asksTheRules(state: RegistrationState, at: Instant): boolean {
  const isConsent = ({ silence, dueAt }: { readonly silence: string; readonly dueAt: Instant }): boolean =>
    silence === 'approve' && Date.parse(dueAt) <= Date.parse(at);
  const isFreezeOver = state.status === 'submitted' && state.frozenUntil !== null;
  return isFreezeOver || openApprovals(state).some(({ steps, whole }) => (whole !== null && isConsent(whole)) || steps.some(isConsent));
}
