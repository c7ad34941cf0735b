import { mayBePrimary, type RegistrationState } from '../../program/registration-life.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { measureLinksAnew } from '../../store/opportunity-link.ts';
import type { Registration } from '../../store/registration.ts';
import { convertApproved } from './convert.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { followPrimary } from './link-opportunity.ts';

/**
 * What a step of a registration means for its opportunity. One that is approved becomes the primary where there is none, comes to an opportunity where its program
 * says so, and is measured by what that is now; one that ended stays linked, and is no primary any more.
 */
export async function followOpportunity(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  before: RegistrationState,
  at: Instant,
): Promise<void> {
  const { state, registrationId } = registration;
  if (mayBePrimary(before.status) !== mayBePrimary(state.status)) await followPrimary(trx, deps, registration, at);
  if (before.status === 'approved' || state.status !== 'approved') return;
  await measureLinksAnew(trx, registrationId, at);
  await convertApproved(trx, deps, registration, at);
}
