import type { ClaimSnapshot } from '../../program/claim.ts';
import type { Registration } from '../../store/registration.ts';

/** The part of a registration that the program judges. */
export function claimOf(registration: Registration): ClaimSnapshot {
  const { registrationId, sequence, kind, customer, productLines, estimatedValue, expectedCloseDate, submittedAt, facts } = registration;
  return { registrationId, sequence, kind, customer, productLines, estimatedValue, expectedCloseDate, submittedAt, facts };
}
