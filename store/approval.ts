import type { ApprovedPosition } from '../program/claim.ts';
import type { Transaction } from './database.ts';

/** What the claim is approved as, which later changes are measured by; null takes it off a claim that is decided anew. */
export async function saveApproval(trx: Transaction, id: string, approved: ApprovedPosition | null): Promise<void> {
  await trx
    .updateTable('registration')
    .set({ approved_as: approved === null ? null : JSON.stringify(approved) })
    .where('id', '=', id)
    .execute();
}

export async function findApproval(trx: Transaction, id: string): Promise<ApprovedPosition | null> {
  return (await trx.selectFrom('registration').select('approved_as').where('id', '=', id).executeTakeFirst())?.approved_as ?? null;
}
