import { ApplicationFailure } from '@temporalio/activity';
import type { RegistrationProgress } from '../../program/messages.ts';
import { findRegistration, type Registration } from '../../store/registration.ts';
import type { RegistrationActivities } from '../contract.ts';
import { carryOutCommand } from './carry-out.ts';
import { inCustomerTransaction } from './customer-transaction.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { isToBeJudged, judgeInTransaction } from './judge.ts';
import { passDeadlineInTransaction } from './pass-deadline.ts';
import { refreshEvidence } from './refresh-evidence.ts';

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

  return {
    loadRegistration: load,

    async evaluateRegistration(registrationId, occasion, at) {
      const registration = await findRegistration(deps.db, registrationId);
      if (registration !== null && isToBeJudged(registration.state)) await refreshEvidence(deps, registration);
      await inCustomerTransaction(deps, [registrationId], (trx, [locked]) =>
        // A claim that waited for others has nothing open: it is judged as at first.
        judgeInTransaction(trx, deps, locked as Registration, { occasion, at, byOwner: true }),
      );
      return load(registrationId);
    },

    async carryOutCommand(registrationId, message, at) {
      const answer = await carryOutCommand(deps, registrationId, message, at);
      return { answer, progress: await load(registrationId) };
    },

    async passDeadline(registrationId, at) {
      await inCustomerTransaction(deps, [registrationId], (trx, [locked]) =>
        passDeadlineInTransaction(trx, deps, locked as Registration, at, true),
      );
      return load(registrationId);
    },
  };
}
