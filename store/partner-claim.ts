import { registrationWorkflowId } from '../program/messages.ts';
import type { Transaction } from './database.ts';
import { enqueue } from './outbox.ts';
import type { PartnerFields } from './partner.ts';

/** What of a partner the rules look at. */
const DECISIVE: ReadonlySet<string> = new Set<keyof PartnerFields>([
  'name',
  'domain',
  'country',
  'type',
  'track',
  'tier',
  'status',
  'regions',
  'companyNumber',
]);

/**
 * Has the partner's claims judged again where a field that decides about them is among `changed`: those that are not decided, in the order of receipt.
 * Call it in the transaction that changed the partner, under the partner's lock, which keeps new claims out until its commit.
 */
export async function reevaluateClaimsOf(trx: Transaction, partnerId: string, changed: readonly string[]): Promise<void> {
  if (!changed.some((field) => DECISIVE.has(field))) return;
  const claims = await trx
    .selectFrom('registration')
    .select('id')
    .where('partner_id', '=', partnerId)
    .where('status', 'in', ['submitted', 'in_review'])
    .orderBy('sequence')
    .execute();
  for (const { id } of claims) {
    await enqueue(trx, registrationWorkflowId(id), { kind: 'refresh_registration', payload: { reevaluate: true } });
  }
}
