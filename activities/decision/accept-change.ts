import { findApproval, saveApproval } from '../../store/approval.ts';
import type { Transaction } from '../../store/database.ts';
import type { Registration } from '../../store/registration.ts';

/** People accepted what an approved claim has become: from now on changes are measured by that. */
export async function acceptChange(trx: Transaction, registration: Registration): Promise<void> {
  const approved = await findApproval(trx, registration.registrationId);
  if (approved === null) return;
  const { partnerId, customer, estimatedValue } = registration;
  await saveApproval(trx, registration.registrationId, { ...approved, partnerId, customer, estimatedValue });
}
