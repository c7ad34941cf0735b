import type { Instant } from '../../program/vocabulary.ts';
import { findApproval, saveApproval } from '../../store/approval.ts';
import type { Transaction } from '../../store/database.ts';
import { measureLinksAnew } from '../../store/opportunity-link.ts';
import type { Registration } from '../../store/registration.ts';

/** People accepted what an approved claim has become, and its opportunities with it: from now on changes are measured by that. */
export async function acceptChange(trx: Transaction, registration: Registration, at: Instant): Promise<void> {
  await measureLinksAnew(trx, registration.registrationId, at);
  const approved = await findApproval(trx, registration.registrationId);
  if (approved === null) return;
  const { partnerId, customer, estimatedValue } = registration;
  await saveApproval(trx, registration.registrationId, { ...approved, partnerId, customer, estimatedValue });
}
